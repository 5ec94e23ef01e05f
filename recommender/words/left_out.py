"""Why something that a user did does not count, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from recommender.data.uncounted import Reason
from recommender.explain.types import NotCounted
from recommender.words.phrases import Language

NOT_COUNTED: Final[Mapping[Language, str]] = {
    "en": "not counted: {reason}",
    "zh": "未计入：{reason}",
}
REASON_WORDS: Final[Mapping[Language, Mapping[Reason, str]]] = {
    "en": {
        "rated_low": "rated low",
        "taken_back": "taken back",
        "return": "a return",
        "removed": "a removal",
        "nothing_bought": "quantity 0",
        "undated": "no readable date",
        "future": "a date in the future",
        "no_number": "a number that cannot be read",
        "unknown_event": "a kind of event that this run does not know",
    },
    "zh": {
        "rated_low": "评分低",
        "taken_back": "后来退货",
        "return": "退货",
        "removed": "移除",
        "nothing_bought": "数量为 0",
        "undated": "日期无法识别",
        "future": "日期在未来",
        "no_number": "数字无法识别",
        "unknown_event": "该模型不认识的事件类型",
    },
}


def reason_words(row: NotCounted, language: Language) -> str:
    """The reason alone, with the rating where there is one: rated low (1)."""
    said = REASON_WORDS[language][row.reason]
    if row.rating is None:
        return said
    return f"{said} ({row.rating:g})" if language == "en" else f"{said}（{row.rating:g}）"


def not_counted_because(row: NotCounted, language: Language) -> str:
    """What stands beside such a row: not counted: rated low (1)."""
    return NOT_COUNTED[language].format(reason=reason_words(row, language))
