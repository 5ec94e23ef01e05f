"""Two languages: the catalogues are whole, each visitor reads their own, and pages say no other."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.errors import told
from dashboard.figures.export import to_svg
from dashboard.figures.palette import LIGHT
from dashboard.locale import catalogue
from dashboard.names import (
    day,
    day_format,
    event_name,
    measure,
    month_format,
    percent,
    score,
    value_name,
)
from dashboard.words import (
    LANGUAGES,
    Language,
    _,
    ended,
    in_a_row,
    language,
    later,
    plural,
    speaking,
)
from recommender.data import Problem, TableError, load_dataset, read_file, read_tables
from recommender.data.fixes import FIXES
from recommender.data.problems import Finder
from recommender.said import Said, StatedError, gaps
from recommender.words import formats
from recommender.words.vocabulary import GAP
from tests.dashboard.test_pages import _workspace, opened, words
from tests.hostile.generator import _sheet

__all__ = ["_workspace"]

ROOT = Path(__file__).parents[2]
NAMES = {"run", "category", "Category", "Price", "price", ""}
"""What the data calls so and may stay: the run's folder, features."""
OTHERS = [name for name in LANGUAGES if name != "en"]
PAGES = (
    "overview", "recommendations", "whatif", "item", "attention", "features", "compare", "model",
    "trust", "data", "present",
)  # fmt: skip


@pytest.mark.parametrize("of", catalogue.NAMES)
@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_is_translated_and_takes_the_same_values(name: str, of: str) -> None:
    assert catalogue.faults(catalogue.load(name, of)) == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_catalogue_has_the_sentences_of_the_code_and_no_others(name: str) -> None:
    assert _ids(catalogue.load(name)) == _ids(catalogue.sentences()), "run `make words`"
    assert _ids(catalogue.load(name, "errors")) == _ids(catalogue.templates()), "run `make words`"


@pytest.mark.parametrize("name", OTHERS)
def test_a_translation_says_each_value_once(name: str) -> None:
    for message in catalogue.load(name, "errors"):
        if message.id:
            values = gaps(GAP.sub("", message.string))  # words of the vocabulary are none
            assert sorted(values) == sorted(gaps(message.id)), message.id


def _ids(found: Any) -> set[Any]:
    return {message.id for message in found if message.id}


def test_what_stands_in_an_f_string_is_found_too() -> None:

    code = (
        """st.markdown(f"**{_('Data set')}**"); plural("{n} day", "{n} days", n); gettext("no")"""
    )
    assert catalogue.said_in(ast.parse(code)) == ["Data set", ("{n} day", "{n} days")]


def test_other_placeholders_and_missing_translations_are_faults() -> None:
    found = catalogue.load("zh")
    found.get("{@Customer} {n}").string = "{@customer} {m}"
    found.get("Log in").string = ""
    found.get("better").flags.add("fuzzy")
    said = " ".join(catalogue.faults(found))
    assert all(
        name in said for name in ("{@Customer} {n}", "not translated: Log in", "not sure: bet")
    )
    assert len(catalogue.faults(found)) == 3


def test_a_format_belongs_to_its_placeholder() -> None:
    assert catalogue.placeholders("{a:.2f} {b}") == {("a", ".2f"), ("b", "")}
    assert catalogue.placeholders("{a") is None


def test_no_translated_sentence_is_kept_in_a_constant_or_in_a_shared_cache() -> None:
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        cached = [
            one for one in functions if "cache" in "".join(map(ast.unparse, one.decorator_list))
        ]
        inside = {line for one in functions for line in range(one.lineno, one.end_lineno + 1)}
        shared = {line for one in cached for line in range(one.lineno, one.end_lineno + 1)}
        said = {node.lineno for node in ast.walk(tree) if _says(node)}
        assert not said - inside, path.name
        assert not said & shared, path.name


def _says(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in catalogue.KEYWORDS
    )


@pytest.fixture
def wishes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the URL and the browser ask for."""
    asked = ["", ""]
    monkeypatch.setattr(state, "languages", lambda: tuple(asked))
    yield asked


@pytest.mark.parametrize(
    ("url", "browser", "spoken"),
    [
        ("", "", "en"),
        ("zh", "en-GB", "zh"),
        ("en", "zh-CN", "en"),
        ("", "zh-CN", "zh"),
        ("", "zh_Hans_SG", "zh"),
        ("tlh", "zh-CN", "zh"),
        ("../../etc", "", "en"),
    ],
)
def test_the_url_chooses_then_the_browser(
    wishes: list[str], url: str, browser: str, spoken: str
) -> None:
    wishes[:] = [url, browser]
    assert language() == spoken


def test_two_visitors_read_two_languages_at_once() -> None:
    both_inside = Barrier(2)

    def read(name: Language) -> str:
        with speaking(name):
            both_inside.wait(10)
            said = plural("{n} day", "{n} days", 2)
            both_inside.wait(10)
            return said + _("Log in")

    with ThreadPoolExecutor(2) as visitors:
        assert list(visitors.map(read, ("en", "zh"))) == ["2 daysLog in", "2 天登录"]


def test_a_file_made_later_is_in_the_language_of_its_page() -> None:
    with speaking("zh"):
        make = later(lambda: _("Log in"))
    assert (make(), _("Log in")) == ("登录", "Log in")


def test_dates_numbers_and_full_stops_follow_the_language() -> None:
    assert (day(0), percent(0.5), month_format()) == ("1 Jan 1970", "50%", "%b %Y")
    assert ended("One", "Two") == "One. Two."
    assert in_a_row("One.", "Two.", "Three.") == "One. Two. Three."
    with speaking("zh"):
        assert (day(0), percent(0.5), month_format()) == ("1970年1月1日", "50%", "%Y年%-m月")
        assert ended("一", "二") == "一。二。"
        assert in_a_row("一。", "二。") == "一。二。"


@pytest.mark.parametrize("name", LANGUAGES)
def test_words_tables_and_charts_write_a_day_alike(name: Language) -> None:
    """Charts have a pattern of their own, that of strftime without padding."""
    with speaking(name):
        for month in range(1, 13):
            moment = datetime(2025, month, 9, tzinfo=UTC)
            drawn = day_format().replace("%-d", "9").replace("%-m", str(month))
            said = day(moment.timestamp())
            assert said == moment.strftime(drawn) == formats.day(int(moment.timestamp()), name)


@pytest.mark.parametrize("name", LANGUAGES)
def test_words_and_charts_write_numbers_alike(name: Language) -> None:
    with speaking(name):
        for value in (1.25, -0.35, 0.001, -0.001):
            assert score(value) == formats.signed(value, name)
        assert score(-0.35) == "−0.35"
        assert measure(-0.35) == "−0.35"
        assert percent(0.093) == formats.percent(0.093, name) == "9.3%"


def test_a_percent_sign_follows_its_number_at_once() -> None:
    """As charts write it, whose axes know no other way."""
    for message in catalogue.sentences():
        for said in message.id if isinstance(message.id, tuple) else (str(message.id),):
            assert not re.search(r"[\d}] %", said), said


def test_usual_events_and_unknown_values_are_called_on_pages_as_in_words() -> None:
    with speaking("zh"):
        said = [event_name(kind) for kind in ("purchase", "view", "cart", "returned")]
        assert said == ["购买", "浏览", "加入购物车", "returned"]
        assert (value_name("unknown"), value_name("North")) == ("未知", "North")
    with speaking("en"):
        assert (event_name("cart"), value_name("unknown")) == ("cart", "unknown")


def test_pictures_name_a_font_that_has_the_characters() -> None:
    figure = alt.Chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="x:Q")
    with speaking("zh"):
        assert "Noto Sans CJK SC" in to_svg(figure, LIGHT)
    assert "CJK" not in to_svg(figure, LIGHT)


def test_what_is_wrong_with_a_file_is_told_in_chinese() -> None:
    with pytest.raises(TableError) as refused:
        read_tables(("shop.csv", b"a,b\n1,2\n"))
    problems: tuple[Problem, ...] = refused.value.problems
    assert problems
    with speaking("zh"):
        for problem in problems:
            for said in (problem.message, problem.remedy):
                assert re.search("[\u4e00-\u9fff]", told(said)), said
        future = Finder("shop.csv").fixed("future", [1] * 5, Said(FUTURE, n=5), column="time")
        assert told(future.message) == "5 行的时间在未来，已略去"
        assert told(future.sentence) == "shop.csv，列 'time'：5 行的时间在未来，已略去。"
        assert told(refused.value).startswith(
            "须先解决 2 个问题：\n  - shop.csv：没有找到 user_id 列。"
        )
        assert told("something nobody wrote down") == "something nobody wrote down"
        assert told(Said("{n} thing{|s} nobody knows", n=2)) == "2 things nobody knows"
    assert told(Said("the file is empty")) == "the file is empty"


FUTURE = "{n} row{|s} {has|have} a time in the future and"


@pytest.mark.parametrize("n", [0, 1, 2, 21])
def test_what_is_done_about_rows_is_told_in_chinese_for_any_number(n: int) -> None:
    with speaking("zh"):
        for fix in FIXES.values():
            for ending in (fix.done, fix.instead):
                said = told(ending.but(n=n))
                assert not re.search("[A-HJ-Za-z]{3}", said), said


def test_values_are_neither_looked_up_nor_taken_for_templates() -> None:
    name = "the file is empty {why}"
    with speaking("zh"):
        said = told(StatedError("{path} is damaged ({why}): train it again", path=name, why=name))
        assert said == f"{name} 已损坏（{name}）：请重新训练"
        within = StatedError("the data set of {path} cannot be read: {why}", path="a", why=EMPTY)
        assert told(within) == "a 的数据集无法读取：文件是空的"


EMPTY = Said("the file is empty")


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_message_with_gaps_is_told_with_its_values(name: Language) -> None:
    told_with = 0
    with speaking(name):
        for message in catalogue.load("zh", "errors"):
            named = gaps(message.id) if message.id else []
            values = {one: f"§{place}§ (b).csv" for place, one in enumerate(named)}
            said = told(Said(message.id, **{**values, "n": 1_234})) if named else ""
            shown = [values[one] if one != "n" else "1,234" for one in named]
            assert all(value in said for value in shown), message.id
            told_with += bool(named)
    assert told_with > 100


def test_a_value_of_any_length_is_shown_in_part() -> None:
    error = StatedError(
        "there is no run in {folder}: a run is what `train` writes", folder="a" * 17_000
    )
    for name in LANGUAGES:
        with speaking(name):
            assert len(told(error)) < 500
            assert "aaa…" in told(error)
    began = time.process_time()
    with speaking("zh"):
        for message in catalogue.load("zh", "errors"):
            if message.id:
                values = dict.fromkeys([*gaps(message.id), "n"], ", column a: b" * 30_000)
                told(Said(message.id, **values))
    assert time.process_time() - began < 5


def test_a_link_of_seventeen_kilobytes_holds_nobody_up() -> None:
    run = ", column a: b" * 1_300
    opened("overview", lang="zh")
    began = time.process_time()
    app = opened("overview", run=run, lang="zh")
    assert not app.exception
    assert run[:300] in words(app)
    assert run[:500] not in words(app)
    assert time.process_time() - began < 10


def test_a_workbook_of_a_few_kilobytes_whose_sheets_have_endless_names_holds_nobody_up() -> None:
    names = [f"{i}, column a: b, the sheet c was read, not " * 40 for i in range(300)]
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    content = _sheet(f'<worksheet xmlns="MAIN"><sheetData>{row}</sheetData></worksheet>', names)
    assert len(content) < 10_000
    began = time.monotonic()
    problems = read_file(("book.xlsx", content)).problems
    assert any("was read, not" in problem.message for problem in problems)
    with speaking("zh"):
        for problem in problems:
            assert len(problem.message) < 6_000
            told(problem.message)
    assert time.monotonic() - began < 20


def test_the_button_switches_and_every_link_keeps_it() -> None:
    app = opened("overview", user="u07")
    app.button(key="speak_zh").click().run()
    assert app.query_params["lang"] in ("zh", ["zh"])
    assert app.title[0].value == "为什么向这位顾客推荐这件商品？"
    links = app.get("page_link")
    assert links
    assert all("lang=zh" in link.proto.query_string for link in links)
    assert app.button(key="speak_en").label == "English"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_an_english_sentence_in_chinese(page: str) -> None:
    app = opened(page, user="u07", lang="zh")
    assert not app.exception
    said = _said(app)
    assert any(re.search("[\u4e00-\u9fff]", text) for text in said)
    assert sorted(said & _english()) == []
    assert "无法绘制" not in words(app)


def test_what_was_done_to_the_sample_is_told_in_chinese() -> None:
    notes = load_dataset(ROOT / "sample_data" / "run" / "dataset").notes
    with speaking("zh"):
        assert [told(note) for note in notes] == ["预测的是：purchase。"]


def _english() -> set[str]:
    """Sentences that Chinese says in other words, bare and as pages dress them."""
    pairs = [(one.id, one.string) for one in catalogue.load("zh") if isinstance(one.id, str)]
    plain = {said for said, other in pairs if said != other and re.search("[A-Za-z]{2}", said)}
    return plain | {f"**{said}**" for said in plain} | {f":gray[{said}]" for said in plain}


def _said(app: AppTest) -> set[str]:
    """Every text that an element of the page carries: its words, label, help and placeholder."""
    found: set[str] = set()
    for element in _elements(app.main):
        for name in ("body", "value", "label", "help", "placeholder", "alt"):
            text = getattr(element.proto, name, None)
            if isinstance(text, str):
                found.add(text.strip())
    return found - NAMES


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if getattr(child, "children", None):
            yield from _elements(child)
        if getattr(child, "proto", None) is not None:
            yield child


def _headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", text, re.MULTILINE)


def _commands(text: str) -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [re.split(r"\s{2,}", line)[0] for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_both_readmes_have_the_same_sections_and_commands() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh.md"))
    assert _headings(english) == _headings(chinese)
    assert _commands(english) == _commands(chinese)
    assert "](README.zh.md)" in english
    assert "](README.md)" in chinese
