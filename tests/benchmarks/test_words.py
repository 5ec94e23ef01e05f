"""What a real model said, judged by people, checked anew: nothing false is shown. What templates
say is parsed back from the document's numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from wording.judged import Judged, claim_of, judged, outputs
from wording.parsing import holds

from recommender.explain.claims import claims_of
from recommender.explain.documents import as_claim, as_document
from recommender.words import AUDIENCES, LANGUAGES, Language, in_words
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
    assert sum(true) >= 0.94 * len(true)


def test_a_claim_survives_its_document():
    for claim in claims_of(made(), found()):
        assert claim_of(as_claim(claim)) == claim


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["strong", "mixed", "weak"])
def test_every_number_of_every_sentence_is_the_document_s_and_no_other_is(
    language: Language, verdict: str
):
    for explanation in (made(), made(bias=-0.4, order_term=0.3)):
        findings = found(verdict)
        document = json.loads(json.dumps(as_document("u", explanation, findings)))
        for audience in AUDIENCES:
            for one in in_words(claims_of(explanation, findings), language, audience).sentences:
                assert holds(one, document), one.text
                for digit in re.finditer(r"\d(?=[^“]*(“[^”]*”[^“]*)*$)", one.text):
                    other = str((int(digit.group()) + 1) % 10)
                    text = one.text[: digit.start()] + other + one.text[digit.end() :]
                    assert not holds(replace(one, text=text), document), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_of_the_other_direction_does_not_hold(language: Language):
    findings, against = found(), made(bias=-0.4, order_term=-0.3)
    document = json.loads(json.dumps(as_document("u", against, findings)))
    for one in in_words(claims_of(against, findings), language, "analyst").sentences:
        kind = document["claims"][one.claims[0]]["kind"]
        if kind in ("popularity", "order"):
            assert holds(one, document)
            claimed = claims_of(made(bias=0.4, order_term=0.3), findings)
            (other,) = (
                it
                for it in in_words(claimed, language, "analyst").sentences
                if claimed[it.claims[0]].kind == kind
            )
            assert not holds(replace(other, claims=one.claims), document)
