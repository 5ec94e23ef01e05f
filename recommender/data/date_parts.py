"""Dates that stand in several columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from recommender.data.cleaning.numerals import ascii_digits
from recommender.data.cleaning.synonyms import plain
from recommender.data.columns import TIME
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

Roles = dict[str, str | None]

_NAMES: Final = {
    "year": "year yr yyyy jahr annee année año ano anno jaar год år rok yıl 年份 年度 年",
    "month": "month mon mm monat mois mes mese mês maand месяц månad miesiąc ay 月份 月",
    "day": "dayofmonth monthday mday day dd tag jour día dia giorno dag день dzień gün 日 天",
    "hour": "hourofday hour hr hh stunde heure hora ora uur час timme 小时 时",
    "minute": "minute min minuten minuto минута 分钟 分",
}
"""What the parts of a date are called."""
_PARTS: Final = tuple((word, part) for part, words in _NAMES.items() for word in words.split())
_WITHIN: Final = {
    "year": (1900, 2100),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
}
_MONTHS: Final = """jan january januar janvier enero gennaio janeiro januari январь|
    feb february februar février fevrier febrero febbraio fevereiro februari февраль|
    mar march märz maerz mars marzo março março maart март|apr april avril abril aprile апрель|
    may mai mayo maggio maio mei май|jun june juni juin junio giugno junho июнь|
    jul july juli juillet julio luglio julho июль|
    aug august août aout agosto augustus augusti август|
    sep sept september septembre septiembre settembre setembro сентябрь|
    oct okt october oktober octobre octubre ottobre outubro октябрь|
    nov november novembre noviembre novembro ноябрь|
    dec dez december dezember décembre decembre diciembre dicembre dezembro декабрь"""
_OURS: Final = (*(f"{number}月" for number in "一二三四五六七八九十"), "十一月", "十二月")
_MONTH_NAMES: Final = {
    name: str(number)
    for number, names in enumerate(_MONTHS.split("|"), start=1)
    for name in (*names.split(), _OURS[number - 1])
}
_MOST: Final = 0.95
"""Share of cells that must be what the column's name says."""
_SAMPLE: Final = 2_000


def dates_put_together(
    table: RawTable, roles: Roles, finder: Finder, told: bool
) -> tuple[RawTable, Roles, list[Problem]]:
    """The table with year, month and day (and hour) in one column, which has the time; as it is
    where it has them not, or another column has the time. `told`: its owner chose the column."""
    parts = _parts(table.frame)
    timed = next((name for name, role in roles.items() if role == TIME), None)
    named = parts.get("day") or parts.get("month")
    if named is None or (timed is None and told) or not (timed is None or timed in parts.values()):
        return table, roles, []
    whole = _whole(table.frame, parts)
    left = {name for name in parts.values() if name != named}
    frame = table.frame.assign(**{named: whole}).drop(columns=list(left))
    roles = {name: role for name, role in roles.items() if name not in left} | {named: TIME}
    message = Said(
        "the date was put together from the columns {columns}", columns=", ".join(parts.values())
    )
    if "day" not in parts:
        message = Said("{found}; the first of the month stands for its days", found=message)
    return replace(table, frame=frame), roles, [finder.note(message, column=named)]


def _parts(frame: pd.DataFrame) -> dict[str, str]:
    """Part of the date to the column that holds it; empty without a year and a month.

    All are of one date: `order_year` goes with `order_month`, and `birth_year` with neither.
    """
    of: dict[str, dict[str, str]] = {}
    for column in frame:
        part, rest = _part_and_rest(plain(str(column)))
        if part and part not in of.get(rest, {}) and _holds(frame[column], part):
            of.setdefault(rest, {})[part] = str(column)
    whole = [found for found in of.values() if {"year", "month"} <= set(found)]
    best = max(whole, key=len, default={})
    if "day" not in best:
        best = {part: best[part] for part in ("year", "month") if part in best}
    return {part: best[part] for part in _NAMES if part in best}


def _part_and_rest(name: str) -> tuple[str, str]:
    """Which part of a date a column is called after, by the longest word, and of which date."""
    found = [
        (len(word), part, rest) for word, part in _PARTS if (rest := _rest(name, word)) is not None
    ]
    return max(found, default=(0, "", name))[1:]


def _rest(name: str, word: str) -> str | None:
    if name == word:
        return ""
    if word.isascii() and len(word) < 3:
        return None
    if name.endswith(word):
        return name.removesuffix(word)
    return name.removeprefix(word) if name.startswith(word) and len(word) > 3 else None


def _holds(values: pd.Series, part: str) -> bool:
    cells = values.head(_SAMPLE)
    numbers = pd.to_numeric(_in_numbers(cells[cells.str.strip() != ""], part), errors="coerce")
    least, most = _WITHIN[part]
    return len(numbers) > 0 and bool(numbers.between(least, most).mean() >= _MOST)


def _in_numbers(cells: pd.Series, part: str) -> pd.Series:
    """The cells without a point behind them; months by their numbers."""
    bare = ascii_digits(cells).str.strip().str.replace(r"\.0*$|[年月日时分]$", "", regex=True)
    if part != "month":
        return bare
    names = cells.str.strip().str.casefold().str.removesuffix(".")
    return names.map(_MONTH_NAMES).fillna(bare).astype("str")


def _whole(frame: pd.DataFrame, parts: Mapping[str, str]) -> pd.Series:
    """Dates such as 2024-01-31 18:30; blank where a part of the day is."""
    texts = {part: _in_numbers(frame[name], part) for part, name in parts.items()}
    one = pd.Series("1", index=frame.index, dtype="str")
    day = texts.get("day", one)
    whole = texts["year"] + "-" + texts["month"].str.zfill(2) + "-" + day.str.zfill(2)
    if "hour" in texts:
        minute = texts.get("minute", pd.Series("0", index=frame.index, dtype="str"))
        whole += " " + texts["hour"].str.zfill(2) + ":" + minute.str.zfill(2)
    blank = (texts["year"] == "") | (texts["month"] == "") | (day == "")
    return whole.where(~blank, "")
