from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import sentences
from dashboard.exports import to_csv
from dashboard.figures.attention import tokens
from dashboard.names import day, feature_name, percent, score
from dashboard.words import listed, plural, shorten
from recommender.explain.types import Attention, Explanation

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SAYING = {"text", "markdown", "title", "subheader", "caption", "button", "toggle", "badge"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_look_like_formulas_are_quoted(start: str) -> None:
    written = to_csv(pd.DataFrame({"a": [f"{start}1+1", "plain"]})).decode("utf-8-sig")
    assert f"'{start}1+1" in written
    assert "\nplain\n" in written


def test_headers_are_quoted_and_numbers_are_not() -> None:
    written = to_csv(pd.DataFrame({"=cmd": [-1.5]})).decode("utf-8-sig")
    assert written == "'=cmd\n-1.5\n"


def test_a_score_has_its_sign() -> None:
    assert (score(0.5), score(-0.25), score(-0.001)) == ("+0.50", "−0.25", "0.00")


def test_percentages_have_digits_only_where_they_tell() -> None:
    assert (percent(0.234), percent(0.0234), percent(0.0)) == ("23%", "2.3%", "0%")


def test_days_are_read_in_utc() -> None:
    assert day(0) == "1 Jan 1970"


def test_reserved_features_have_plain_names() -> None:
    assert feature_name("+together") == "Often bought together"
    assert feature_name("age_band") == "Age band"


def test_titles_are_cut_at_a_word() -> None:
    assert shorten("Nordbyte wireless earbuds, white", 20) == "Nordbyte wireless…"
    assert shorten("short", 20) == "short"


def test_plural_sets_thousands_apart() -> None:
    assert plural("{n} user", "{n} users", 1) == "1 user"
    assert plural("{n} user", "{n} users", 1500) == "1,500 users"


def test_each_lens_names_its_first_event(explanation: Explanation) -> None:
    said = sentences.lenses(explanation)
    assert "Looked at most: Kettle (50%)" in said
    assert "Counted most: Camera (+0.90)" in said
    assert "Mattered most: Camera (+1.20)" in said


def test_shares_add_up_in_words(explanation: Explanation) -> None:
    assert sentences.shares(explanation) == (
        "Age band makes +0.70 of the score of +2.20; all else together +1.50."
    )


def test_the_model_beside_the_best_baseline() -> None:
    view = {
        "users": 10,
        "metrics": {"ndcg@10": 0.3},
        "baselines": {"popularity": {"ndcg@10": 0.1}, "item-kNN": {"ndcg@10": 0.4}},
    }
    said = sentences.quality(view, "ndcg@10")
    assert said == "25% worse than the best simple method (item-kNN), on 10 users."


def test_attention_in_words(attention: Attention) -> None:
    assert "most at Camera (40%)" in sentences.readout(attention)
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    assert "reads start most (100%)" in sentences.routing(attention, shown, 0, 1)


def test_rank_agreement_needs_five_events_that_differ() -> None:
    assert sentences.rank_agreement(np.arange(4.0), np.arange(4.0)) is None
    assert sentences.rank_agreement(np.ones(5), np.arange(5.0)) is None


def test_rank_agreement_of_opposite_orders_is_minus_one() -> None:
    assert sentences.rank_agreement(np.arange(5.0), -np.arange(5.0)) == pytest.approx(-1)


def _literals_said(path: Path) -> list[str]:
    """Words given to a Streamlit call as they are, past the door to other languages."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        said = node.args[0] if node.func.attr in SAYING and node.args else None
        if isinstance(said, ast.Constant) and any(map(str.isalpha, str(said.value))):
            found.append(f"{path.name}:{node.lineno} {said.value!r}")
    return found


def test_every_sentence_goes_through_gettext() -> None:
    views = [*(DASHBOARD / "views").glob("*.py"), DASHBOARD / "app.py"]
    assert [said for path in views for said in _literals_said(path)] == []


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_figures_know_neither_streamlit_nor_torch() -> None:
    for path in (DASHBOARD / "figures").glob("*.py"):
        assert not _imported(path) & {"streamlit", "torch"}, path.name


def test_the_dashboard_never_imports_torch() -> None:
    for path in DASHBOARD.rglob("*.py"):
        assert "torch" not in _imported(path), path.name


def test_caches_and_state_have_one_door_each() -> None:
    for path in DASHBOARD.rglob("*.py"):
        text = path.read_text()
        assert ("st.cache_" in text) <= (path.name == "resources.py"), path.name
        assert ("st.session_state" in text) <= (path.name == "state.py"), path.name
        assert ("st.query_params" in text) <= (path.name == "state.py"), path.name


def test_the_first_page_does_not_wait_for_torch() -> None:
    code = "import sys, dashboard.views.overview; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_people_call_their_things_is_shown_as_it_is() -> None:
    def page() -> None:
        from dashboard.views.frame import badges, section

        section("Why ![x](http://elsewhere/x.png)?")
        badges(("rank 1", "primary"), "brand: *a*]b")

    app = AppTest.from_function(page).run()
    assert app.subheader[0].value == r"Why \!\[x\]\(http\://elsewhere/x\.png\)?"
    assert app.markdown[0].value == r":primary-badge[rank 1] :gray-badge[brand\: \*a\*\]b]"


def test_the_last_of_several_things_comes_after_and() -> None:
    assert listed([]) == ""
    assert listed(["tea"]) == "tea"
    assert listed(iter(["tea", "milk"])) == "tea and milk"
    assert listed(["tea", "milk", "a jar"]) == "tea, milk and a jar"
