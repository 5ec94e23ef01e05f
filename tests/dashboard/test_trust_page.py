"""The page about trust: what it says before and after it was measured."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.figures.palette import LIGHT
from dashboard.figures.trust import (
    agreement_heatmap,
    check_measures,
    checks_table,
    curve_table,
    curves_chart,
    deletion_measures,
    deletion_table,
    method_name,
    methods_chart,
)
from dashboard.views.trust import sentences as sentences_trust
from recommender.evaluate.trust_report import Trust, save_trust
from recommender.model.run import open_run
from recommender.workspace.library import START_RUN
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]

METHODS = ("contribution", "influence", "attention", "recency", "random")


def trust(fingerprint: str = "f", attention: float = 0.7) -> Trust:
    still = (0.2, 0.3, attention, 0.5, 0.8)
    deletion = pd.DataFrame(
        [
            {"view": "all", "span": "tenths", "method": method, "users": 30}
            | dict.fromkeys(("pos@5", "neg@5", "cdcg", "del", "ins"), value)
            | {f"{name}_se": 0.01 for name in ("pos@5", "neg@5", "cdcg", "del", "ins")}
            for method, value in zip(METHODS, still, strict=True)
        ]
    )
    index = pd.Index(METHODS)
    checks = pd.DataFrame({"randomisation": 0.1, "stability": 0.9}, index=index)
    rows = [[1.0 if i == j else 0.1 * (i + j) for j in range(5)] for i in range(5)]
    planted = pd.DataFrame(
        {"top1": 0.1, "top3": [0.9, 0.8, 0.5, 0.2, 0.3], "strict1": 0.1, "strict3": 0.2},
        index=index,
    ).assign(cases=40)
    agreement = pd.DataFrame(rows, index=index, columns=list(METHODS))
    curves = pd.DataFrame(
        [
            {"view": "all", "method": method, "step": step}
            | dict.fromkeys(("shown", "probability"), 1 - (1 - value) * step / 10)
            | dict.fromkeys(("shown_se", "probability_se"), 0.01)
            for method, value in zip(METHODS, still, strict=True)
            for step in range(11)
        ]
    )
    return Trust(fingerprint, 30, 10, "all", 1e-6, deletion, checks, agreement, planted, curves)


def test_before_it_was_measured_the_page_says_how_to_measure() -> None:
    app = opened("trust")
    assert "Not measured yet for this run" in words(app)
    assert app.code[0].value.startswith("python -m recommender trust ")
    assert any(button.key == "measure" for button in app.button)


def test_a_saved_report_is_drawn(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "measured"
    shutil.copytree(run_folder, run)
    save_trust(trust(open_run(run).fingerprint), run)
    monkeypatch.setenv(START_RUN, str(run))
    app = opened("trust")
    assert not app.exception
    assert "Do the methods agree?" in words(app)
    assert "Measured on 30 customers." in words(app)


def test_the_method_that_finds_what_holds_stands_first() -> None:
    table = deletion_table(trust(), "all")
    assert table["method"].tolist() == [
        "contribution",
        "influence",
        "recency",
        "attention",
        "random",
    ]
    drawn = methods_chart(table, deletion_measures(), LIGHT).to_dict()["datasets"]["bars"]
    assert drawn[0]["method"] == "Counted (contribution)"
    assert drawn[0]["colour"] == LIGHT.contribution
    assert drawn[4]["colour"] == LIGHT.categories[-1]


@pytest.mark.parametrize(
    ("attention", "said"), [(0.7, "worse than simply"), (0.3, "better than"), (0.51, "no better")]
)
def test_attention_is_held_against_recency(attention: float, said: str) -> None:
    table = deletion_table(trust(attention=attention), "all")
    assert said in sentences_trust.deletion(table)


def test_planted_causes_are_said_where_they_are_known() -> None:
    said = sentences_trust.checks(trust())
    assert "(40 purchases)" in said
    assert "“Counted (contribution)” has it among its first three in 90%" in said
    assert {"top1", "top3"} <= set(checks_table(trust()).columns)
    assert len(check_measures(trust())) == 4


def test_curves_are_drawn_in_the_colours_of_the_lenses_and_told_at_their_half() -> None:
    table = curve_table(trust(), "all")
    drawn = curves_chart(table, METHODS, "shown", LIGHT).to_dict()
    assert len(drawn["datasets"]["steps"]) == 5 * 11
    colours = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(colours["domain"], colours["range"], strict=True)) == {
        "Counted (contribution)": LIGHT.contribution,
        "Mattered (influence)": LIGHT.influence,
        "Looked at (attention)": LIGHT.attention,
        "Newest first": LIGHT.muted,
        "Random": LIGHT.muted,
    }
    said = sentences_trust.curves(table, "shown")
    assert "60% of customers by “Counted (contribution)”, of 85% by “Looked at" in said
    assert "keeps 0.60 of its probability" in sentences_trust.curves(table, "probability")


def test_a_report_without_curves_says_so(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "measured"
    shutil.copytree(run_folder, run)
    save_trust(replace(trust(open_run(run).fingerprint), curves=pd.DataFrame()), run)
    monkeypatch.setenv(START_RUN, str(run))
    app = opened("trust")
    assert not app.exception
    assert "before curves were kept" in words(app)


def test_the_closest_and_the_furthest_of_all_methods_drawn_are_named() -> None:
    rows = trust().agreement
    closest, furthest = (METHODS[3], METHODS[4]), (METHODS[2], METHODS[3])
    for pair, value in ((closest, 0.95), (furthest, -0.85)):
        rows.loc[pair[0], pair[1]] = rows.loc[pair[1], pair[0]] = value
    said = sentences_trust.agreement(replace(trust(), agreement=rows))
    assert said == "Closest are “{}” and “{}” (0.95), furthest “{}” and “{}” (−0.85).".format(
        *map(method_name, closest + furthest)
    )
    assert agreement_heatmap(trust(), LIGHT).data[0].zmin == -1


def test_a_negative_correlation_has_a_true_minus() -> None:
    opposed = replace(trust(), agreement=-trust().agreement)
    written = agreement_heatmap(opposed, LIGHT).data[0].text
    assert "−0.10" in {one for row in written for one in row}
    assert "(−0.10)" in sentences_trust.agreement(opposed)
