"""One id, however a program wrote it: in a formula, with a point, as a power of ten, with unseen
signs, or as a word for nobody. Each form is judged for the whole column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool

from recommender.data.cleaning.numerals import ascii_digits
from recommender.data.fixes import FixName
from recommender.said import Said

_NOTHING_TO_DO: Final = r"^([0-9]+|[A-Za-z]+[-_]?[0-9][A-Za-z0-9]*)$"
"""Ids without any of these forms, told apart at once: most columns have no others. Numbers in them
still say how the others are meant."""
_FORMULA: Final = r'(?:=\s*"(.*)"|"(.*)"|' + r"'(\d+)|'(.*)')"
"""What keeps the zeros of a number in a spreadsheet, and quotes that came along."""
_UNSEEN: Final = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_JOINERS: Final = "\u200c\u200d"
"""Unseen too, but between the letters of some scripts they are spelling."""
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_CODE: Final = r"[ -~\u3000\uff01-\uff5e]+"
_WHOLE: Final = r"-?\d+[.,]0{1,2}"
_DECIMAL: Final = r"-?\d+[.,]\d+"
_VERSION: Final = r"\d+(?:\.\d+){2,}"
_POWER: Final = r"(\d)(?:[.,](\d+))?(?:[eE]\+|(?<=\d)E)(\d+)"
_EXACT: Final = 15
"""Digits that every number of 64 bits keeps."""
_SHOWN: Final = 6
"""Digits that spreadsheets show of a long number; who writes more writes them all."""
_LONG_ID: Final = 4
"""Digits from which on, if all others have as many, 0 is how programs write nobody."""
_WORDS: Final = r"""n/a|n.a.|n.a|#n/a|#n/a!|#value!|#ref!|#null!|none|(none)|null|(null)|[null]|
    <null>|\n|nil|nan|undefined|(undefined)|not set|(not set)|not provided|(not provided)|
    not available|not applicable|unknown|(unknown)|<unknown>|unspecified|missing|(missing)|
    blank|(blank)|empty|(empty)|nobody|anonymous|(anonymous)|no user|no customer|no id|
    k. a.|k.a.|unbekannt|anonym|keine|keine angabe|inconnu|inconnue|anonyme|aucun|n.c.|
    desconocido|anónimo|ninguno|sconosciuto|desconhecido|onbekend|неизвестно|аноним|нет|
    无|空|未知|未设置|未定义|匿名|暂无|不详|没有|不明|なし|없음"""
NOBODY: Final = frozenset(word.strip() for word in _WORDS.split("|"))
"""What programs and people write where there is no id, without case."""
_MARKS: Final = r"[-–—―_.?？*/\\~·]+|0{8}-?0{4}-?0{4}-?0{4}-?0{12}"
"""Signs that say nothing, and the id of zeros."""


@dataclass(frozen=True)
class Form:
    """One way in which ids are written, and what they are without it."""

    fix: FixName
    found: Said
    """Of `n` rows, as the beginning of a sentence."""
    remedy: Said
    put_right: Callable[[pd.Series, pd.Series], pd.Series]
    """Odd ids and the other ids of the column to the odd ones put right."""


def odd(ids: pd.Series) -> Bool[np.ndarray, " id"]:
    """Which ids may have one of the forms."""
    text = pa.array(ids, type=pa.large_string())
    nothing = np.asarray(pc.match_substring_regex(text, _NOTHING_TO_DO))
    return ~nothing | (ids == "0").to_numpy()


def _unwrapped(ids: pd.Series, others: pd.Series) -> pd.Series:
    """`="0123"` as 0123."""
    inner = ids.str.extract(f"^{_FORMULA}$", expand=True)
    found = inner[0]
    for column in (1, 2, 3):
        found = found.where(found.notna(), inner[column])
    return found.where(found.notna(), ids).astype("str").str.strip()


def _seen(ids: pd.Series, others: pd.Series) -> pd.Series:
    """Without unseen signs; codes in signs of the usual width, numbers in digits 0 to 9."""
    shown = ids.str.replace(f"[{_UNSEEN}]|^[{_JOINERS}]+|[{_JOINERS}]+$", "", regex=True)
    code = shown.str.fullmatch(_CODE)
    shown = shown.where(~code, shown.str.translate(_WIDE)).str.strip()
    return shown.where(~shown.str.fullmatch(r"\d+"), ascii_digits(shown))


def _written_out(ids: pd.Series, others: pd.Series) -> pd.Series:
    """`1.0000001E7` as 10000001, where no digit is lost.

    Java writes all digits (and no plus); so does whoever wrote more of them than a spreadsheet
    shows, or a number as long beside it.
    """
    found = ids.str.extract(f"^{_POWER}$", expand=True)
    power = pd.to_numeric(found[2], errors="coerce")
    digits = (found[0] + found[1].fillna("")).astype("str").str.rstrip("0").str.len()
    java = ids.str.fullmatch(r"\d\.\d+E\d+")
    told = found[0].notna() & (java | ids.str.contains("+", regex=False))
    longest = pd.concat([ids, others]).str.extract(r"^(\d+)(?:[.,]0{1,2})?$")[0].str.len().max()
    in_full = (digits[told].max() > _SHOWN) | java
    in_full |= (found[1].str.len().fillna(0) >= power) | (power < (longest or 0))
    exact = told & in_full & (power <= _EXACT) & (digits <= power + 1)
    if not exact.any():
        return ids
    mantissa, n = (found[0] + found[1].fillna(""))[exact], power[exact].astype(int) + 1
    whole = [text.ljust(size, "0")[:size] for text, size in zip(mantissa, n, strict=True)]
    written = ids.copy()
    written[exact] = whole
    return written


def _without_point(ids: pd.Series, others: pd.Series) -> pd.Series:
    """17850.0 as 17850, where no number of the column has a fraction."""
    decimal, whole = ids.str.fullmatch(_DECIMAL), ids.str.fullmatch(_WHOLE)
    if not whole.any() or not whole[decimal].all() or ids.str.fullmatch(_VERSION).any():
        return ids
    return ids.where(~whole, ids.str.replace(r"[.,]0+$", "", regex=True))


def _nobody(ids: pd.Series, others: pd.Series) -> pd.Series:
    """Blank where the id says that there is none."""
    none = ids.str.casefold().isin(NOBODY) | ids.str.fullmatch(_MARKS)
    if (sign := ids.isin(("0", "-1"))).any():
        rest = pd.concat([ids[~none & ~sign & (ids != "")], others])
        if len(rest) > 1 and rest.str.fullmatch(r"\d+").all():
            long = rest.str.len().min() >= _LONG_ID
            none |= (ids == "-1") | ((ids == "0") & long)
    return ids.where(~none, "")


_EMPTY: Final[dict[str, object]] = {"n": 2, "example": ""}
FORMS: Final = (
    Form(
        "formula_ids",
        Said(
            "{n} row{|s} {has|have} an id in a formula or in quotes, such as {example!r}, which",
            **_EMPTY,
        ),
        Said("Export ids as plain text"),
        _unwrapped,
    ),
    Form(
        "unseen_signs",
        Said(
            "{n} row{|s} {has|have} an id with unseen or wide signs, such as {example!r} for "
            "{other!r}, which",
            **_EMPTY,
            other="",
        ),
        Said("Write each id in one way"),
        _seen,
    ),
    Form(
        "power_ids",
        Said(
            "{n} row{|s} {has|have} an id as a power of ten, such as {example!r} for {other!r}, "
            "which",
            **_EMPTY,
            other="",
        ),
        Said("Export ids as text"),
        _written_out,
    ),
    Form(
        "decimal_ids",
        Said("ids such as {example}", example=""),
        Said("Write ids as whole numbers or text"),
        _without_point,
    ),
    Form(
        "nobody",
        Said(
            "{n} row{|s} {has|have} an id that says that there is none, such as {example!r}, which",
            **_EMPTY,
        ),
        Said("Leave such cells blank"),
        _nobody,
    ),
)
"""In the order in which they are looked for."""
