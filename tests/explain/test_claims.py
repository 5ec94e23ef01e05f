"""Claims say what the numbers say, and point to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recommender.data.histories import Dates
from recommender.explain.claims import Claim, Findings, claims_of, pointer
from recommender.explain.documents import as_document
from recommender.explain.types import Explanation
from tests.words.made import found, made, nothing_known


def by_kind(explanation: Explanation, findings: Findings | None = None) -> dict[str, list[Claim]]:
    kinds: dict[str, list[Claim]] = {}
    for claim in claims_of(explanation, findings):
        kinds.setdefault(claim.kind, []).append(claim)
    return kinds


def resolve(document: Any, place: str) -> Any:
    """What a JSON pointer points to (RFC 6901)."""
    for part in place.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def test_influences_come_strongest_first_and_leave_out_what_speaks_against():
    influences = by_kind(made())["influence"]
    assert [claim.events for claim in influences] == [(0,), (3,), (2,)]
    assert [claim.rank for claim in influences] == [1, 2, 3]
    assert influences[0].title == "Kettle"
    assert influences[0].days == 80
    assert influences[0].strength == pytest.approx(1.2 / 2.4)


def test_evidence_of_single_numbers_points_to_the_very_number():
    explanation, findings = made(), found()
    document = as_document("u", explanation, findings)
    single = (
        "influence", "share", "item", "profile", "popularity", "contrast", "disagreement", "tested",
    )  # fmt: skip
    claims = [claim for claim in claims_of(explanation, findings) if claim.kind in single]
    assert {claim.kind for claim in claims} == set(single)
    for claim in claims:
        assert resolve(document, claim.evidence[0]) == pytest.approx(claim.value)


def test_evidence_of_sums_sums_to_the_value():
    explanation, findings = made(), found()
    document = as_document("u", explanation, findings)
    claims = [
        claim
        for claim in claims_of(explanation, findings)
        if claim.kind in ("repetition", "affinity")
    ]
    assert len(claims) == 3
    for claim in claims:
        numbers = [resolve(document, place) for place in claim.evidence]
        assert sum(numbers) == pytest.approx(claim.value)


def test_all_events_of_an_item_are_claimed_where_it_has_several():
    (claim,) = by_kind(made(), found())["item"]
    assert (claim.title, claim.events) == ("Filter coffee, 500 g", (2, 3, 4))
    assert (claim.value, claim.ranks) == (1.95, (1, 9))


def test_features_with_slashes_and_tildes_can_be_pointed_to():
    assert resolve({"a/b~c": [4]}, pointer("a/b~c", 0)) == 4


def test_repetition_counts_purchases_of_the_same_item_only():
    claim = by_kind(made())["repetition"][0]
    assert claim.events == (2, 3, 4)
    assert claim.value == pytest.approx(1.6)
    assert claim.days == 20


def test_the_interval_is_the_median_distance_of_purchase_days():
    assert by_kind(made())["interval"][0].value == 21.0


def test_two_purchases_make_no_interval():
    two = ("view", "view", "purchase", "view", "purchase")
    kinds = by_kind(made(event_types=two))
    assert kinds["repetition"][0].events == (2, 4)
    assert "interval" not in kinds


def test_where_order_stands_for_time_no_moment_is_claimed():
    claims = claims_of(made(dates=Dates(has_time=False)), found())
    assert {claim.days for claim in claims} == {None}
    assert {claim.time for claim in claims} == {None}
    assert "interval" not in {claim.kind for claim in claims}


def test_affinities_are_sums_over_events_with_the_same_value():
    first, second = by_kind(made(), found())["affinity"]
    assert (first.feature_value, first.events) == ("Coffee & Tea", (2, 3, 4))
    assert first.value == pytest.approx(0.3)
    assert (second.feature_value, second.value) == ("Kitchen", pytest.approx(0.2))


def test_without_values_an_affinity_is_the_feature_over_the_whole_history():
    (only,) = by_kind(made())["affinity"]
    assert (only.feature, only.feature_value) == ("category", "")
    assert only.value == pytest.approx(0.5)


def test_lenses_that_name_the_same_item_do_not_disagree():
    looked, counted = by_kind(made())["share"], by_kind(made())["disagreement"]
    assert looked[0].title == "Kettle"
    assert [claim.lens for claim in counted] == ["contribution"]
    assert (counted[0].title, counted[0].other) == ("Filter coffee, 500 g", "Kettle")


def test_small_influences_are_not_named_and_that_is_claimed():
    little = np.array([0.09, 0.0, 0.0, 0.0, 0.0])
    kinds = by_kind(made(influence=little, influence_log=little))
    assert "influence" not in kinds
    assert kinds["weak"][0].weakness == "no single event"


def test_small_influences_that_hold_together_are_named():
    little = np.array([0.09, 0.0, 0.0, 0.0, 0.0])
    kinds = by_kind(made(influence=little, influence_log=little), found("strong"))
    assert [claim.events for claim in kinds["influence"]] == [(0,)]


def test_every_claim_carries_how_the_explanation_fared():
    assert {claim.trust for claim in claims_of(made(), found("mixed"))} == {"mixed"}
    assert {claim.trust for claim in claims_of(made())} == {None}


def test_a_test_that_is_passed_in_part_is_a_claim():
    (partly,) = by_kind(made(), found("mixed"))["weak"]
    assert (partly.weakness, partly.value, partly.part) == ("only in part", 1.84, 0.52)
    assert "weak" not in by_kind(made(), found("strong"))


def test_a_weak_test_is_a_claim():
    (weak,) = by_kind(made(), found("weak"))["weak"]
    assert (weak.weakness, weak.value, weak.part) == ("newest do as well", 1.84, 0.52)


def test_without_history_that_is_the_first_claim():
    first, *rest = claims_of(nothing_known(made()))
    assert first.weakness == "no history"
    assert {claim.kind for claim in rest} == {"profile", "popularity"}


def test_the_document_holds_the_claims():
    explanation, findings = made(), found()
    document = as_document("u", explanation, findings)
    kinds = [claim["kind"] for claim in document["claims"]]
    assert kinds == [claim.kind for claim in claims_of(explanation, findings)]
    assert all({"value", "evidence", "trust", "strength"} <= set(one) for one in document["claims"])
