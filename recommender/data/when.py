"""Which column says when a row happened where no name does: the dates that change by the row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from recommender.data.cleaning.synonyms import plain
from recommender.data.column_facts import Facts
from recommender.data.event_types import words_of

_WHEN: Final = (
    r"date|time|datum|fecha|data|_at$|_on$|At$|\bat$|\bon$|_ts$|_dt$|^dt$|DT$|stamp|日期|时间|日$"
)
_HAPPENED_WORDS: Final = """event order ordered purchase purchased transaction sale sales sold
    invoice watch watched play played read listen listened view viewed click clicked rate rated
    rating review reviewed visit visited created placed enrolled borrowed issued bought added
    checkin loan trade"""
_HAPPENED: Final = frozenset(_HAPPENED_WORDS.split())
_OTHERWISE_WORDS: Final = """join joined member since due first last per count wait age until
    limit length ship end"""
_OTHERWISE: Final = frozenset(_OTHERWISE_WORDS.split())
_OTHERWISE_STEMS: Final = (
    r"birth|dob$|releas|publi[sc]|premier|regist|sign_?up|expir|valid|updat|modif|deliver|shipp"
    r"|dispatch|arriv|launch|establish|found|return|cancel|refund|duration|spent|elapsed|estimat"
    r"|schedul"
)
_OTHERWISE_ZH: Final = (
    r"出生|生日|上映|出版|发行|注册|到期|截止|更新|修改|发货|收货|送达|退|上架|时长"
)


def most_likely_time(
    columns: Sequence[str], facts: Mapping[str, Facts], changes: Callable[[str], bool]
) -> str | None:
    """The column of dates that says when the row happened, or None.

    Dates that stay the same for a user or an item (`changes` tells) are of these: a birthday, a
    release. So are those whose name says something else: delivered, updated.
    """
    other = [name for name in columns if not _otherwise(name)]
    dated = [name for name in other if _says_when(name, facts[name]) and changes(name)]
    happened = [name for name in dated if words_of(name) & _HAPPENED]
    return next(iter(happened + dated), None)


def _says_when(name: str, facts: Facts) -> bool:
    if facts.share_filled < 0.5:
        return False
    if facts.are_dates:
        return True
    return re.search(_WHEN, name, re.IGNORECASE) is not None and facts.are_moments


def _otherwise(name: str) -> bool:
    said = plain(name)
    stems = re.search(_OTHERWISE_STEMS, said) or re.search(_OTHERWISE_ZH, said)
    return bool(words_of(name) & _OTHERWISE) or stems is not None
