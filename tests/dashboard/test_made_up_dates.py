"""Where the data has no times, nothing shows a date: no page, no file, no document, no words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import edits
from dashboard.figures.attention_time import looked_table
from dashboard.figures.quality import activity_table
from dashboard.pages import HIDDEN, NAMES
from dashboard.views.attention import sentences_over_time as sentences_looking
from recommender.data import build_dataset, read_tables
from recommender.data.likes import add_likes
from recommender.evaluate.global_explanation import overall
from recommender.evaluate.items import audience, top_lists
from recommender.evaluate.looking_back import looked_back, looking_back
from recommender.explain import attend
from recommender.model.run import Run, open_run
from recommender.words.formats import when
from recommender.workspace.library import HOME, START_RUN
from tests.cli.calling import call
from tests.dashboard.timeless import N_EVENTS, USER
from tests.data.shop import read

APP = Path(__file__).parents[2] / "dashboard" / "router.py"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(
    rf"\b19(?:69|7\d)\b|\b\d{{4}}-\d\d-\d\d|\d年|\d月|\b\d{{1,2}} (?:{MONTHS})|(?:{MONTHS})\w* \d|"
    r"\b\d\d/\d{1,2}/\d{1,2}\b|\bas of\b|\bdays?\b ago|天前"
)


@pytest.fixture(scope="module")
def run(timeless_run: Path) -> Run:
    return open_run(timeless_run)


@pytest.fixture(autouse=True)
def _workspace(
    timeless_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv(START_RUN, str(timeless_run))
    monkeypatch.setenv(HOME, str(tmp_path))
    yield


def opened(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in params.items():
        app.query_params[name] = value
    app._page_hash = calc_hash("" if page == "overview" else page)
    return app.run()


def everything(app: AppTest) -> str:
    """All that the page sends to the browser: words, labels, tables, charts with their data."""
    assert not app.exception
    assert not [frame for frame in app.dataframe if has_datetimes(frame.value)]
    frames = [frame.value.to_csv() for frame in app.dataframe]
    inputs = [str(one.value) for one in app.get("date_input")]
    return "\n".join([*map(str, sent(app._tree)), *frames, *inputs])


def has_datetimes(frame: pd.DataFrame) -> bool:
    return any(pd.api.types.is_datetime64_any_dtype(kind) for kind in frame.dtypes)


def sent(node: object) -> Iterator[object]:
    """What each element was sent as."""
    if (proto := getattr(node, "proto", None)) is not None:
        yield proto
    for child in getattr(node, "children", {}).values():
        yield from sent(child)


def dates_in(text: str) -> list[str]:
    return [text[max(found.start() - 30, 0) : found.end() + 20] for found in DATE.finditer(text)]


def test_dates_would_be_found() -> None:
    for said in ("1970-01-16", "16 Jan 1970", "1970年1月16日", "Jan 1970", "70/1/16", "as of now"):
        assert dates_in(f"x {said} y"), said


def test_dates_of_data_that_has_them_are_found_on_its_pages(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(START_RUN, str(run_folder))
    for page in ("recommendations", "whatif", "attention"):
        assert dates_in(everything(opened(page, user="u07"))), page


PAGES = [
    *((page, "en") for page in (*NAMES[:-1], *HIDDEN)),
    *((page, "zh") for page in ("recommendations", "whatif", "attention")),
]


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_no_page_shows_a_date(page: str, language: str) -> None:
    app = opened(page, user=USER, lang=language, item="i04", methods="1", scope="all")
    assert dates_in(everything(app)) == []


@pytest.mark.parametrize("spelled", [["x0"], ["a.1.i04"], ["l2", "e4"], ["n"]])
def test_no_edited_history_shows_a_date(spelled: list[str]) -> None:
    app = opened("whatif", user=USER, edit=spelled, event="1")
    assert dates_in(everything(app)) == []


def test_the_page_numbers_the_events(run: Run) -> None:
    app = opened("whatif", user=USER, moment="now")
    labels = " ".join(str(button.label) for button in app.button)
    assert f"event 1 of {N_EVENTS}" in labels.replace("\\", "")
    assert f"event {N_EVENTS} of {N_EVENTS}" in labels.replace("\\", "")


def test_what_came_next_is_numbered_too() -> None:
    app = opened("recommendations", user=USER)
    (said,) = [one.value for one in app.markdown if "What happened next" in str(one.value)]
    assert f"event {N_EVENTS} of {N_EVENTS}" in said


def test_edits_that_name_a_day_do_not_fit(run: Run) -> None:
    history = run.history(run.user(USER))
    draft = edits.apply(run.dataset, history, ["d0.19700105", "a19700105.1.i04", "a.1.i04"])
    assert draft.refused == ("d0.19700105", "a19700105.1.i04")
    assert draft.last_day is None
    assert draft.kept[-1].item == run.item("i04")


def asked(run: Path, *more: str) -> str:
    answer = call(more[0], run, *more[1:])
    assert answer.code == 0, answer.err
    return answer.out + answer.err


@pytest.mark.parametrize(
    "more",
    [
        ("recommend", "--user", USER),
        ("recommend", "--user", USER, "--json"),
        ("explain", "--user", USER),
        ("explain", "--user", USER, "--lang", "zh", "--audience", "shopper"),
        ("explain", "--user", USER, "--json"),
        ("explain", "--user", USER, "--lang", "zh", "--json"),
        ("bundle", "--item", "i04"),
        ("newcomer", "--item", "i04", "--json"),
    ],
)
def test_no_command_says_a_date(timeless_run: Path, more: tuple[str, ...]) -> None:
    assert dates_in(asked(timeless_run, *more)) == []


def test_the_file_of_all_lists_has_no_date(timeless_run: Path, tmp_path: Path) -> None:
    asked(timeless_run, "recommend", "--all", "--out", str(tmp_path / "all.csv"))
    assert dates_in((tmp_path / "all.csv").read_text(encoding="utf-8")) == []


def test_a_document_says_null_and_the_place_in_the_order(timeless_run: Path) -> None:
    document = json.loads(call("explain", timeless_run, "--user", USER, "--json").out)
    assert document["as_of"] is None
    assert [event["time"] for event in document["events"]] == [None] * N_EVENTS
    assert [event["position"] for event in document["events"]] == list(range(N_EVENTS))
    (row,) = document["not_counted"]
    assert (row["time"], row["place"], row["rating"]) == (None, 4, 1.0)
    assert row["reason"] == "rated_low"
    assert not any({"time", "days"} & set(claim) for claim in document["claims"])


def test_tables_say_which_event_it_was(timeless_run: Path) -> None:
    assert f"after {N_EVENTS} events" in asked(timeless_run, "recommend", "--user", USER)
    said = asked(timeless_run, "explain", "--user", USER)
    assert f"event 1 of {N_EVENTS}" in said
    assert "not counted: rated low (1)" in said
    assert "未计入：评分低（1）" in asked(timeless_run, "explain", "--user", USER, "--lang", "zh")


def test_what_is_measured_of_a_whole_run_has_no_ages_of_events(run: Run) -> None:
    assert not overall(run, range(5), k=3).recency["events"].any()
    assert looking_back(run, users=5).gaps.empty
    history = run.history(run.user(USER))
    looked = looked_back(attend(run, history), history)
    table = looked_table(looked, ["a"] * len(looked.days), ["b"] * len(looked.days))
    assert "days" not in table
    said = sentences_looking.looking_back(table, looking_back(run, users=5))
    assert "The newest 5 events hold" in said
    lists = top_lists(run)["all"]
    examples = audience(run, lists, int(lists.items[0, 0])).examples
    assert examples["time"].isna().all()
    assert examples["of"].max() == N_EVENTS


def test_a_like_has_no_date_in_data_that_has_dates() -> None:
    lines = ["user_id,item_id,time"]
    lines += [f"u{u},i{(u + s) % 5},2024-01-0{s + 1}" for u in range(4) for s in range(4)]
    tables = read_tables(("dated.csv", "\n".join(lines).encode()))
    data = build_dataset(tables, "Dated", repeats=True)
    grown = add_likes(data, pd.DataFrame({"user_id": ["u0"], "item_id": ["i4"]}))
    history = grown.history(0)
    moments = [history.moment(i) for i in range(len(history))]
    unsaid = [i for i, moment in enumerate(moments) if moment.time is None]
    assert [grown.event_types[history.events[i]] for i in unsaid] == ["liked"]
    assert when(moments[unsaid[0]], "en") == f"event {unsaid[0] + 1} of 5"
    assert when(moments[0], "en") == "1 Jan 2024"
    # Older versions gave likes a time and did not say whose it was.
    old = replace(grown, interactions=grown.interactions.drop(columns="undated"))
    assert [old.history(0).moment(i).time for i in range(5)] == [one.time for one in moments]
    assert (len(old.interactions), len(old.dated), len(grown.dated)) == (17, 16, 16)
    assert activity_table(old)["events"].sum() == 16


def test_a_row_that_got_the_time_of_the_row_before_shows_none() -> None:
    content = (
        "user_id,item_id,time\nu,a,2024-01-01\nu,b,soon\nu,c,2024-01-03\nv,a,2024-01-01\n"
        "v,b,2024-01-02\n"
    )
    tables = read(content, refused=frozenset({"undated"}))
    history = build_dataset(tables, "shop").history(0)
    assert [history.moment(i).time is None for i in range(3)] == [False, True, False]
    assert [history.without(0).moment(i).time is None for i in range(2)] == [True, False]


def test_the_moment_of_an_event_without_a_date_is_none_either() -> None:
    content = "user_id,item_id,time\nu,a,2024-01-01\nu,b,2024-01-02\nu,c,soon\nv,a,2024-01-05\n"
    data = build_dataset(read(content, refused=frozenset({"undated"})), "shop")
    third = int(data.history(0).times[2])
    assert when(data.history(0, 2, third).asked, "en") == "after 2 events"
    assert data.history(0, 2, third).without(0).asked.time is None
    assert when(data.history(0, 1, int(data.history(0).times[1])).asked, "en") == "2 Jan 2024"
    assert when(data.history(0).asked, "en") == "5 Jan 2024"
