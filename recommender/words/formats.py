"""Numbers, plurals, lists, dates and money as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent


@cache
def locale(name: str) -> Locale:
    """The language's conventions."""
    return Locale.parse(name)


def signed(value: float, name: str) -> str:
    """Two decimals with their sign: +1.20, -0.35."""
    return format_decimal(_no_negative_zero(value), format="+#,##0.00;-#,##0.00", locale=name)


def plain(value: float, name: str) -> str:
    """The size of a value, two decimals."""
    return format_decimal(abs(value), format="#,##0.00", locale=name)


def whole(value: int, name: str) -> str:
    """A count or a rank, thousands set apart."""
    return format_decimal(value, format="#,##0", locale=name)


def percent(value: float, name: str) -> str:
    """A weight in [0, 1] as a percentage with one decimal."""
    return format_percent(value, format="#,##0.0%", locale=name)


def money(value: float, currency: str, name: str) -> str:
    """An amount; with no currency known, just the number."""
    if not currency:
        return plain(value, name)
    return format_currency(value, currency, locale=name)


def day(seconds: int, name: str) -> str:
    """The day of a moment, in seconds since 1970-01-01."""
    return format_date(datetime.fromtimestamp(seconds, UTC).date(), format="medium", locale=name)


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


def _no_negative_zero(value: float) -> float:
    return 0.0 if round(value, 2) == 0 else value
