"""What a real model said, judged by people, checked anew: nothing false is shown."""

from __future__ import annotations

import pytest
from wording.judged import Judged, claim_of, judged, outputs

from recommender.explain.claims import claims_of
from recommender.explain.documents import as_claim
from tests.words.made import found, made


def test_a_hundred_answers_of_a_real_model_are_kept_and_each_sentence_is_judged():
    kept = list(outputs())
    assert len(kept) >= 100
    verdicts = {sentence["true"] for output in kept for sentence in output["sentences"]}
    assert verdicts == {True, False}


@pytest.fixture(scope="module")
def sentences() -> list[Judged]:
    return [one for output in outputs() for one in judged(output)]


def test_no_false_sentence_of_a_real_model_is_shown(sentences: list[Judged]):
    assert [one.text for one in sentences if one.kept and not one.true] == []


def test_most_true_sentences_of_a_real_model_are_kept(sentences: list[Judged]):
    true = [one.kept for one in sentences if one.true]
    assert sum(true) >= 0.95 * len(true)


def test_a_claim_survives_its_document():
    for claim in claims_of(made(), found()):
        assert claim_of(as_claim(claim)) == claim
