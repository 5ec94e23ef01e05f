"""How sure a proposed role is: by the name, and by the share of cells that fit."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.data.cleaning.role_confidence import Guess, guess_roles


def guesses(**columns: list[str]) -> dict[str | None, Guess]:
    frame = pd.DataFrame(columns, dtype="str")
    return {guess.role: guess for guess in guess_roles(frame, "interactions")}


def test_a_plain_name_with_fitting_cells_is_sure() -> None:
    found = guesses(user_id=["a", "b"], item_id=["x", "y"], time=["2024-01-01", "2024-01-02"])
    assert min(found[role].confidence for role in ("user_id", "item_id", "time")) >= 0.95
    assert {guess.why for guess in found.values()} == {"name"}


def test_cells_that_do_not_fit_lower_it() -> None:
    found = guesses(user_id=["a"] * 4, item_id=["x"] * 4, quantity=["1", "many", "few", "2"])
    assert found["quantity"].confidence == pytest.approx(0.5, abs=0.1)
    assert found["quantity"].why == "values"


def test_a_name_that_says_little_lowers_it() -> None:
    found = guesses(user_id=["a"], item_id=["x"], date=["2024-01-01"])
    assert found["time"].confidence == pytest.approx(0.7)
    assert found["time"].why == "loose name"


def test_a_blank_column_is_not_what_it_is_called() -> None:
    assert guesses(user_id=["", ""], item_id=["x", "y"])["user_id"].confidence == 0.0


def test_a_column_without_a_role_is_a_feature() -> None:
    assert guesses(user_id=["a"], item_id=["x"], colour=["red"])[None].column == "colour"
