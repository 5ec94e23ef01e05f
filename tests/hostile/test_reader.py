"""The reader before a corpus of broken and hostile files whose verdicts stood first."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import TableError, read_tables
from tests.hostile import writers
from tests.hostile.generator import Accept, Case, _damaged_rows, _encodings, corpus
from tests.hostile.shops import WORDS, Row, Shop
from tests.hostile.verdicts import judge


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return corpus()


def test_the_corpus_is_large_and_a_third_are_exports(cases: tuple[Case, ...]) -> None:
    families = Counter(case.family for case in cases)
    assert len(cases) >= 300
    assert families["export"] >= len(cases) / 3


def test_every_file_is_read_or_refused_as_the_verdict_says(cases: tuple[Case, ...]) -> None:
    # A third of them stands for the others here; benchmarks/hostile.py judges all.
    wrong = [judged for judged in map(judge, cases[::3]) if judged.outcome != "as expected"]
    assert [(one.case.name, one.outcome, one.told) for one in wrong] == []


def test_the_same_seed_gives_the_same_text() -> None:
    def plain(seed: int) -> list[bytes]:
        dice = Random(seed)
        return [case.content for case in (*_encodings(dice), *_damaged_rows(dice))]

    assert plain(1) == plain(1)
    assert plain(1) != plain(2)


CELLS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff'\ufffd"),
    max_size=30,
)


@settings(max_examples=40)
@given(
    st.lists(CELLS, min_size=3, max_size=12),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_titles_of_any_signs_never_move_a_cell(
    titles: list[str], separator: str, encoding: str
) -> None:
    rows = [
        [f"u{i % 3}", f"p{i:03d}", f"2024-01-{i + 1:02d}", title, "1"]
        for i, title in enumerate(titles)
    ]
    content = writers.text(rows, separator=separator).encode(encoding)
    try:
        tables = read_tables(("table.csv", content))
    except TableError:
        return  # a title may look like another separator; then it is refused, not misread
    assert set(tables.interactions["item_id"]) == {row[1] for row in rows}
    assert set(tables.interactions["user_id"]) == {row[0] for row in rows}


@settings(max_examples=40)
@given(st.data())
def test_noise_anywhere_is_read_or_refused_in_words(data: st.DataObject) -> None:
    whole = bytearray(writers.text([["u1", "p1", "2024-01-01", "x", "1"]] * 20).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        tables = read_tables(("table.csv", bytes(whole)))
    except TableError as error:
        assert str(error)
    else:
        assert len(tables.interactions) <= len(whole)


def test_a_cut_table_keeps_what_came_before_the_cut() -> None:
    from datetime import datetime

    rows = tuple(
        Row(f"u{i}", f"p{i % 5}", datetime(2024, 1, 1 + i), WORDS[i % 5], 1) for i in range(20)
    )
    whole = writers.text(writers.cells(Shop(rows))).encode()
    case = Case("cut.csv", whole[: whole.rfind(b"\n", 0, -1) + 1], Accept(19, 19, 5), "damage")
    assert judge(case).outcome == "as expected"
