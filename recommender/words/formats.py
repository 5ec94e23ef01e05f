"""Numbers, plurals, lists, dates and money as a language writes them (CLDR, by Babel).

Words, tables and what charts print take them from here, so that one reader sees one style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from recommender.data.histories import Moment

DAY: Final = {"en": "d MMM y", "zh": "y年M月d日"}
SHORT_DAY: Final = {"en": "d MMM yy", "zh": "yy/M/d"}
MONTH: Final = {"en": "MMMM y", "zh": "y年M月"}


NUMBERED: Final = {"en": "event {n} of {of}", "zh": "第 {n} 个事件（共 {of} 个）"}
AFTER: Final = {
    "en": {"zero": "before any event", "one": "after {n} event", "other": "after {n} events"},
    "zh": {"zero": "尚无任何事件时", "other": "在 {n} 个事件之后"},
}


@cache
def locale(name: str) -> Locale:
    """The language's conventions."""
    return Locale.parse(name)


def signed(value: float, name: str, decimals: int = 2) -> str:
    """A value with its sign, a true minus: +1.20, −0.35; nought has none."""
    sign = "+" if round(value, decimals) > 0 else ""
    return sign + measure(value, name, decimals)


def plain(value: float, name: str) -> str:
    """The size of a value, two decimals."""
    return format_decimal(abs(value), format="#,##0.00", locale=name)


def measure(value: float, name: str, decimals: int = 2) -> str:
    """A value that has a sign only below nought, a true minus: 0.35, −0.35."""
    digits = "#,##0" + ("." + decimals * "0" if decimals else "")
    value = 0.0 if round(value, decimals) == 0 else value
    return format_decimal(value, format=f"{digits};−{digits}", locale=name)


def whole(value: int, name: str) -> str:
    """A count or a rank, thousands set apart."""
    return format_decimal(value, format="#,##0", locale=name)


def percent(value: float, name: str, decimals: int = 1) -> str:
    """A weight in [0, 1] as a percentage."""
    digits = "." + decimals * "0" if decimals else ""
    return format_percent(value, format=f"#,##0{digits}%", locale=name)


def money(value: float, currency: str, name: str) -> str:
    """An amount; with no currency known, just the number."""
    if not currency:
        return plain(value, name)
    return format_currency(value, currency, locale=name)


def day(seconds: int, name: str) -> str:
    """The day of a moment, in seconds since 1970-01-01: 3 Mar 2025."""
    return dated(datetime.fromtimestamp(seconds, UTC), DAY, name)


def when(moment: Moment, name: str) -> str:
    """The day of a moment; where nobody said when, which of the user's events it was."""
    if moment.time is not None:
        return day(moment.time, name)
    if moment.after:
        return counted(moment.of, AFTER[name[:2]], name)
    return NUMBERED[name[:2]].format(n=whole(moment.number, name), of=whole(moment.of, name))


def dated(moment: datetime, patterns: Mapping[str, str], name: str) -> str:
    """The moment by a language's own pattern."""
    return format_date(moment.date(), format=patterns[name[:2]], locale=name)


def listed(texts: Sequence[str], name: str) -> str:
    """One, two or more things in a row."""
    return format_list(list(texts), style="standard", locale=name)


def counted(n: float, forms: Mapping[str, str], name: str) -> str:
    """The phrase in the plural form that fits; halves are shown with one decimal."""
    if n == 0 and "zero" in forms:
        return forms["zero"]
    number = int(n) if n == int(n) else n
    form = locale(name).plural_form(number)
    shown = format_decimal(number, format="#,##0.#", locale=name)
    return forms.get(form, forms["other"]).format(n=shown)


OVER: Final = {"en": "over {n}", "zh": "超过 {n}"}
UNDER: Final = "{n} 以下"
BEYOND_COUNTING: Final = 1000


def less(factor: float, name: str) -> str:
    """How much less something is than `factor` times as much, as a language says it: 3.3 (times
    less), and in Chinese what is left, 30%."""
    if name[:2] == "en":
        return _times(factor, "en")
    share = 1 / min(factor, BEYOND_COUNTING)
    said = percent(share, name, 0 if share >= 0.1 else 1)
    return UNDER.format(n=said) if factor > BEYOND_COUNTING else said


def more(factor: float, name: str) -> str:
    """How much more `factor` times as much is: 1.6 (times more), and in Chinese what comes on top,
    62% or 2.3 倍."""
    if name[:2] == "en":
        return _times(factor, "en")
    return percent(factor - 1, name, 0) if factor < 2 else f"{_times(factor - 1, 'zh')} 倍"


def _times(factor: float, language: str) -> str:
    number = min(factor, BEYOND_COUNTING)
    shown = f"{number:.1f}" if number < 9.95 else f"{number:,.0f}"
    return OVER[language].format(n=shown) if factor > BEYOND_COUNTING else shown
