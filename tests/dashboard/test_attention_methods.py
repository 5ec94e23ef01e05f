"""Attention beside other methods, what was measured of it, and what each head does."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.attention import tokens
from dashboard.figures.attributions import marks, method_heatmap, method_table, ranks, strongest
from dashboard.figures.heads import (
    head_chart,
    head_table,
    small_multiples,
    small_multiples_table,
)
from dashboard.figures.palette import LIGHT
from dashboard.views.attention import sentences as sentences_attention
from recommender.evaluate.trust_report import save_trust
from recommender.explain.types import Attention, Attribution
from recommender.model.run import open_run
from recommender.workspace.library import START_RUN
from tests.dashboard.test_features_overall import overall
from tests.dashboard.test_pages import _workspace, opened, words
from tests.dashboard.test_trust_page import trust

__all__ = ["_workspace"]

TITLES = ("Camera", "Kettle", "Tripod")
CONTEXT = ("view", "view", "view")


def attributions() -> tuple[Attribution, ...]:
    """Influence and Shapley name the camera, attention and recency the tripod."""
    error = np.array([[0.3, 0.1, 0.0]])
    return (
        Attribution("attention", (7,), np.array([[0.3, 0.1, 0.6]])),
        Attribution("influence", (7,), np.array([[2.0, -1.0, 0.5]])),
        Attribution("shapley", (7,), np.array([[1.0, 0.9, 0.0]]), standard_error=error),
        Attribution("recency", (7,), np.array([[1.0, 2.0, 3.0]])),
        Attribution("random", (7,), np.array([[9.0, 8.0, 7.0]])),
    )


def heads_found() -> pd.DataFrame:
    """A head with a role, one that spreads, one without a category to look for."""
    even = {f"{role}_even": 0.2 for role in ("newest", "repetition", "first")}
    rows = [
        ("readout", 0, 0.5, 0.2, "newest", 0.02),
        ("1", 0, 0.2, 0.22, "spread", -0.001),
        ("1", 1, 0.2, 0.2, "spread", 0.0),
    ]
    return pd.DataFrame(
        [
            {"layer": layer, "head": number, "newest": newest, "repetition": repetition}
            | {"first": 0.1, "same_category": np.nan, "same_category_even": np.nan}
            | {"profile": 0.1, "role": role, "ndcg_lost": lost}
            | even
            for layer, number, newest, repetition, role, lost in rows
        ]
    )


def test_methods_are_compared_when_asked() -> None:
    assert "is first for" not in words(opened("attention", user="u07"))
    app = opened("attention", user="u07", methods="1")
    said = words(app)
    assert not app.exception
    assert "could not be drawn" not in said
    assert "is first for" in said
    assert "Shapley values are" in said


def test_all_heads_have_a_picture_and_a_dossier() -> None:
    app = opened("attention", user="u07", stage="heads")
    for _attempt in range(90):
        if "Readout, head 1" in words(app):
            break
        time.sleep(0.5)
        app.run()
    said = words(app)
    assert "Every routing head" in said
    assert "Readout, head 1" in said
    assert "Layer 1, head 1" in said
    assert "could not be drawn" not in said


def test_attention_says_that_its_trust_was_not_measured() -> None:
    assert "was not measured for this run" in words(opened("attention"))


def test_attention_says_what_was_measured_of_it(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "measured"
    shutil.copytree(run_folder, run)
    save_trust(trust(open_run(run).fingerprint), run)
    monkeypatch.setenv(START_RUN, str(run))
    said = words(opened("attention"))
    assert "attention names first, the product stays in the first five in 70% of steps" in said
    assert "newest first 50%" in said
    assert "Attention finds it worse than simply taking the newest events." in said


def test_the_newer_event_comes_first_among_equals() -> None:
    assert ranks(np.array([1.0, 3.0, 1.0])).tolist() == [3, 1, 2]


def test_places_that_sampling_could_turn_are_marked() -> None:
    shapley = attributions()[2]
    assert marks(shapley) == ["1~", "2", "3"]


def test_random_is_not_shown_and_influence_comes_first() -> None:
    table = method_table(attributions(), TITLES)
    assert list(table.columns[2:]) == [
        "influence",
        "shapley",
        "shapley_standard_error",
        "attention",
        "recency",
    ]
    assert table["title"].tolist() == ["Tripod", "Kettle", "Camera"]


def test_the_events_shown_are_those_that_methods_put_first() -> None:
    assert strongest(attributions(), 2).tolist() == [2, 0]
    rollout = Attribution("rollout", (7,), np.array([[0.0, 0.1, 0.0]]))
    assert strongest((*attributions(), rollout), 3).tolist() == [2, 1, 0]


def test_each_column_is_scaled_to_its_own_largest() -> None:
    drawn = method_heatmap(attributions(), TITLES, CONTEXT, LIGHT).data[0]
    assert np.array(drawn.z)[:, 0].tolist() == [0.25, -0.5, 1.0]
    assert drawn.customdata[2][1] == "1 ± 0.3"


def test_the_sentence_says_who_names_which_event() -> None:
    said = sentences_attention.methods(attributions(), TITLES)
    assert said.startswith(
        "Camera (event 1) is first for “Mattered (influence)”, “Shapley”. "
        "Tripod (event 3) is first for “Looked at (attention)”, “Newest first”."
    )
    assert said.endswith("Shapley values are sampled: ± 0.13 on average.")


def test_small_pictures_are_empty_where_no_one_looks(attention: Attention) -> None:
    shown = tokens(attention, CONTEXT, 3, others=False)
    figure = small_multiples(attention, shown, LIGHT)
    assert len(figure.data) == 2
    assert np.isnan(np.array(figure.data[0].z, dtype=float)[0, 1])
    table = small_multiples_table(attention, shown)
    assert len(table) == 2 * (1 + 2 + 3)
    assert table.loc[0, "weight"] == pytest.approx(1 / 3)


def test_the_head_that_looks_back_furthest_is_named(attention: Attention) -> None:
    assert sentences_attention.alike(attention) == (
        "Layer 1, head 2 looks back furthest, 2.0 places on average; layer 1, head 1 nearest, 1.0."
    )


def test_a_heads_worth_is_said() -> None:
    found = overall()
    found.heads[heads_found().columns.tolist()] = heads_found()
    table = head_table(found)
    assert sentences_attention.heads(table) == (
        "1 of 3 heads looks mostly at one thing; ranking misses readout, head 1 most "
        "(NDCG@10 falls by 0.0200), 2 could go without loss."
    )
    rows = table.to_dict("records")
    assert sentences_attention.head(rows[0]) == (
        "Looks at the newest three events: 50% of its weight, 2.5 times chance. "
        "Switched off, NDCG@10 falls by 0.0200."
    )
    assert "products that are there more than once (1.1 times)" in sentences_attention.head(rows[1])
    head_chart(table, LIGHT).to_dict(validate=True)
