"""A real server with a real model, where one is set: see docs/words.md for how to start one."""

from __future__ import annotations

import pytest

from recommender.explain.claims import claims_of
from recommender.words import in_words
from recommender.words.llm import rephrase
from recommender.words.model_settings import ModelSettings
from tests.words.made import found, made


@pytest.mark.skipif(
    ModelSettings.read() is None,
    reason="no language model is set: RECLENS_LLM_BASE_URL, RECLENS_LLM_MODEL",
)
def test_what_a_real_model_says_is_shown_only_as_far_as_it_is_backed():
    pytest.importorskip("openai")
    claims = claims_of(made(), found())
    words = in_words(claims, "en", "shopper")
    said = rephrase(words, ModelSettings.read())
    assert said.answer or said.problem
    shown = [one.shown for one in said.checked if one.shown]
    assert [*said.words.sentences] == ([*words.sentences] if said.problem else shown)
    assert said.words.written_by == ("templates" if said.problem else "model")
