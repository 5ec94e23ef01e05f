from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import sentences
from dashboard.catalogue import facts, profile
from dashboard.exports import to_csv
from dashboard.figures.attention import tokens
from dashboard.locale import catalogue
from dashboard.names import day, feature_inside, feature_name, percent, score
from dashboard.words import listed, plural, shorten
from recommender.data.features import Feature
from recommender.data.vocabulary import SHOP
from recommender.explain.types import Attention, Explanation
from recommender.words.vocabulary import filled_in
from tests.dashboard.shop import dataset

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SAYING = {"text", "markdown", "title", "subheader", "caption", "button", "toggle", "badge"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_look_like_formulas_are_quoted(start: str) -> None:
    written = to_csv(pd.DataFrame({"a": [f"{start}1+1", "plain"]})).decode("utf-8-sig")
    assert f"'{start}1+1" in written
    assert '\n"plain"\n' in written


def test_headers_are_escaped_and_numbers_are_not() -> None:
    written = to_csv(pd.DataFrame({"=cmd": [-1.5]})).decode("utf-8-sig")
    assert written == '"\'=cmd"\n"-1.5"\n'


def test_a_score_has_its_sign() -> None:
    assert (score(0.5), score(-0.25), score(-0.001)) == ("+0.50", "−0.25", "0.00")


def test_percentages_have_digits_only_where_they_tell() -> None:
    assert (percent(0.234), percent(0.0234), percent(0.0)) == ("23%", "2.3%", "0%")


def test_equal_percentages_are_written_alike_and_larger_ones_never_as_less() -> None:
    assert [percent(share) for share in (0.104, 0.0996, 0.09951, 0.0994)] == [
        "10%", "10%", "10%", "9.9%",
    ]  # fmt: skip
    written = [percent(n / 10_000) for n in range(10_001)]
    numbers = [float(one.removesuffix("%")) for one in written]
    assert numbers == sorted(numbers)
    assert len(set(written)) == len(set(numbers))


def test_days_are_read_in_utc() -> None:
    assert day(0) == "1 Jan 1970"


def test_reserved_features_have_plain_names() -> None:
    assert feature_name("+together") == "Often bought together"
    assert feature_name("age_band") == "Age band"


@pytest.mark.parametrize(
    ("feature", "alone", "inside"),
    [
        ("SKU", "SKU", "SKU"),
        ("item_SKU", "Item SKU", "item SKU"),
        ("age_band", "Age band", "age band"),
        ("Department", "Department", "department"),
        ("x", "X", "x"),
    ],
)
def test_a_feature_has_one_name_on_chips_bars_and_in_sentences(
    feature: str, alone: str, inside: str
) -> None:
    assert (feature_name(feature), feature_inside(feature)) == (alone, inside)
    column = Feature(feature, "categorical", ("a",), np.array([[1]]))
    data = replace(dataset(), item_features=(column,), user_features=(column,))
    assert facts(data, 0) == profile(data, 0) == ((alone, "a"),)


def test_titles_are_cut_at_a_word() -> None:
    assert shorten("Nordbyte wireless earbuds, white", 20) == "Nordbyte wireless…"
    assert shorten("short", 20) == "short"


def test_plural_sets_thousands_apart() -> None:
    assert plural("{n} user", "{n} users", 1) == "1 user"
    assert plural("{n} user", "{n} users", 1500) == "1,500 users"


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 of 30 are in"), (1, "1 of 30 is in"), (2, "2 of 30 are in"),
                    (21, "21 of 30 are in")],
)  # fmt: skip
def test_plural_goes_with_its_number_and_fills_in_what_else_there_is(n: int, said: str) -> None:
    assert plural("{n} of {all} is in", "{n} of {all} are in", n, all=30) == said


_THINGS = (
    "events|customers|users|products|rows|days|hours|categories|clusters|pairs|heads|purchases|"
    "sentences|lists|edits|segments|places"
)
_NONE_FEWER = "nothing is said where no group has fewer"
_NEVER_ONE = {
    "{n} events": "5, 10, 25 …, or a range of numbers",
    "newest {n} events": "10, 25 or 50",
    "{a:.0f}–{b:.0f} days": "from so many to more",
    "{a:.0f}–{b:.0f} hours": "from so many to more",
    "{n:.0f} days +": "the edges are 3 days and more",
    "Measured on the first {k} products of {users}.": "5 or more",
    "The one head reads {back:.1f} places back on average.": "a mean",
    "The newest event reads {title} most ({value}); on average a row reads {back:.1f} places "
    "back.": "a mean",
    "While customer ids are hidden, groups of fewer than {least} customers are not shown apart, "
    "nor what they could be told from.": _NONE_FEWER,
    "Pseudonyms stand in for ids on pages, in links and in files. Groups of fewer than {least} "
    "customers are not told apart.": _NONE_FEWER,
    "Fewer than {least} customers get it or come near it: what leads to it is not shown while "
    "customer ids are hidden.": _NONE_FEWER,
    "{far} looks back furthest, {most:.1f} places on average; {near} nearest, {least:.1f}.": (
        "a mean"
    ),
}
"""Where no number can be one, and why."""


def _in_a_shop(sentence: str) -> str:
    return filled_in(sentence, SHOP, "en")


def test_every_number_of_things_has_a_singular_and_a_plural() -> None:
    bare = {
        said
        for said in (_in_a_shop(one.id) for one in catalogue.sentences() if isinstance(one.id, str))
        if re.search(rf"}} ({_THINGS})\b", said)
    }
    assert bare - set(_NEVER_ONE) == set()


def _seen(*times: str) -> pd.DataFrame:
    table = pd.DataFrame({"time": pd.to_datetime(list(times)), "event": "view", "category": ""})
    return table.assign(held_out=False, cause=False)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (["2024-03-05"], "1 event on 5 Mar 2024"),
        (["2024-03-05"] * 9, "9 events on 5 Mar 2024"),
        (["2024-03-05 10:00", "2024-03-05 10:05"], "2 events on 5 Mar 2024"),
        (["2024-03-05 10:00", "2024-03-05 12:10"], "2 events within 3 hours"),
        (["2024-03-05 23:00", "2024-03-06 22:00"], "2 events within 24 hours"),
        (["2024-03-05", "2024-03-06"], "2 events over 1 day"),
        (["2024-03-05", "2024-03-26"], "2 events over 21 days"),
    ],
)
def test_a_history_is_never_of_no_days(times: list[str], said: str) -> None:
    assert sentences.timeline(_seen(*times), ("purchase",)).startswith(f"{said}, ")


@pytest.mark.parametrize(
    ("n", "are"), [(0, ""), (1, "1 without a date is"), (3, "3 without a date are")]
)
def test_events_that_have_no_place_in_time_are_said_not_to_be_drawn(n: int, are: str) -> None:
    """Added likes, and rows without a date in data that has dates."""
    told = sentences.timeline(_seen("2024-03-05", *["NaT"] * n), ("purchase",))
    assert told.endswith(f"predicts; {are} not drawn." if n else "predicts.")


@pytest.mark.parametrize(
    ("bought", "said"),
    [(0, "0 of them are"), (1, "1 of them is"), (2, "2 of them are"), (21, "21 of them are")],
)
def test_what_the_model_predicts_is_counted_in_words_that_fit(bought: int, said: str) -> None:
    seen = pd.concat([_seen(*["2024-03-05"] * 21)], ignore_index=True)
    seen.loc[: bought - 1, "event"] = "purchase"
    assert f", {said} what the model predicts" in sentences.timeline(seen, ("purchase",))


def test_a_search_tells_what_it_lists_and_not_the_whole_catalogue() -> None:
    assert sentences.found(8, 50, 607, typed=True) == "8 found, of 607 in all."
    assert sentences.found(50, 50, 607, typed=True).startswith("The first 50 that match, of 607")
    assert sentences.found(50, 50, 607, typed=False).startswith("The first 50 of 607;")
    assert sentences.found(12, 50, 12, typed=False) == "12 in all."


def test_few_categories_are_not_counted_past_their_number() -> None:
    table = pd.DataFrame({"name": ["a", "b", "c", "d"], "events": [4, 3, 2, 1]})
    assert sentences.categories(table) == "a leads; the first three of 4 hold 90% of all events."
    assert sentences.categories(table.head(2)) == "a leads with 57% of all events."


def test_what_is_relied_on_names_whose_first_recommendation_was_asked() -> None:
    table = pd.DataFrame({"feature": ["category", "SKU"], "share": [0.6, 0.4]})
    assert sentences.importance(table, 200) == (
        "In the first recommendation of 200 customers, category moves scores most (60%), then SKU "
        "(40%)."
    )


def test_each_lens_names_its_first_event(explanation: Explanation) -> None:
    said = sentences.lenses(explanation)
    assert "Looked at most: Kettle (50%)" in said
    assert said.endswith(
        "Looking is not relying: without Kettle, looked at most, the score moves by 0.00."
    )
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
    assert said == "25% worse than the best other method (item-kNN), on 10 customers."


def test_a_model_that_is_level_with_the_best_baseline_is_not_called_better() -> None:
    view = {
        "users": 10,
        "metrics": {"ndcg@10": 0.4001},
        "baselines": {"popularity": {"ndcg@10": 0.1}, "item-kNN": {"ndcg@10": 0.4}},
    }
    said = sentences.quality(view, "ndcg@10")
    assert said == "As good as the best other method (item-kNN), on 10 customers."


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
    views = [*(DASHBOARD / "views").rglob("*.py"), DASHBOARD / "router.py"]
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
    code = "import sys, dashboard.views.overview.page; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_people_call_their_things_is_shown_as_it_is() -> None:
    def page() -> None:
        from dashboard.views.frame import badges, section

        section("Why ![x](http://elsewhere/x.png)?")
        badges(("rank 1", "primary"), "brand: *a*]b")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.subheader[0].value == "Why \\!\\[x\\]\\(http\u2060\\://elsewhere/x\\.png\\)?"
    assert app.markdown[0].value == r":primary-badge[rank 1] :gray-badge[brand\: \*a\*\]b]"


def test_the_last_of_several_things_comes_after_and() -> None:
    assert listed([]) == ""
    assert listed(["tea"]) == "tea"
    assert listed(iter(["tea", "milk"])) == "tea and milk"
    assert listed(["tea", "milk", "a jar"]) == "tea, milk and a jar"
