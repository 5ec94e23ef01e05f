"""Structured answers made false, or no answers to what was asked, in every way that was thought of.

Made from the wordings alone; shares no code with the checker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from random import Random

from recommender.words import Language, Sentence, Words

Tampered = tuple[str, tuple[int, ...], str]
"""What was done, the claims that are named, and the text."""

SLOTS = (
    "candidate", "title", "titles", "other", "feature", "feature_value", "about", "through",
    "value", "size", "part", "whole", "change", "change_newest", "weight", "ago", "interval",
    "purchases", "events", "before", "after", "top",
)  # fmt: skip
NO_SLOTS = ("", "0", "claim", "phrases", "title.__class__", "title!r", "title:>9", "own", "{title}")
TURNED: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("falls", "rises"), ("lowers", "raises"), ("lower", "higher"), ("fall", "rise"),
        ("adds", "takes"), ("add", "take"), ("above", "below"), ("ahead", "behind"),
        ("without", "with"), ("away", "in"), ("leave", "enter"), ("leaves", "raises"),
        ("out of", "into"), ("come in", "go out"), ("most", "least"), ("mainly", "hardly"),
        ("largest", "smallest"), ("less", "more"), ("low", "high"), ("before", "after"),
        ("weak", "strong"), ("all", "none"), ("for", "against"), ("last", "first"),
        ("moved", "was moved by"), ("mattered", "counted"), ("looked", "counted"),
        ("gives", "costs"), ("from", "to"), ("stays", "falls to"),
        ("loses", "gains"), ("disagree", "agree"),
    ),
    "zh": (
        ("下降", "上升"), ("降低", "提高"), ("减去", "加上"), ("失去", "得到"), ("贡献", "减去"),
        ("带来", "失去"), ("高", "低"), ("低", "高"), ("领先", "落后"), ("落后", "领先"),
        ("去掉", "加上"), ("没有", "只有"), ("降到", "升到"), ("跌出", "进入"), ("离开", "进入"),
        ("最大", "最小"), ("最多", "最少"), ("最能", "最不能"), ("较弱", "较强"), ("升至", "降至"),
        ("不一致", "一致"), ("前 {top}", "后 {top}"), ("从", "到"), ("支持", "反对"),
        ("全部", "部分"), ("看得", "算得"), ("影响", "份额"),
        ("以前", "以后"), ("部分", "完全"), ("还是", "升至"),
    ),
}  # fmt: skip
INSERTED: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "denied": ("not", "never", "no", "n't", "neither", "hardly", "far from", "nicht", "不"),
        "measured": ("only", "twice", "almost", "half", "always", "exactly", "very", "some", "ten"),
        "hedged": ("if", "unless", "perhaps", "supposedly", "nobody says that", "because", "or"),
        "digits written": ("3", "1.20", "III", "three", "½", "²", "１２", "٣", "③", "三"),
    },
    "zh": {
        "denied": ("不", "没", "未", "并非", "从不", "并不是", "not", "無", "勿"),
        "measured": ("只", "几乎", "总是", "两倍", "一半", "更", "略微", "非常", "所有"),
        "hedged": ("如果", "除非", "据说", "因为", "或者", "没人相信"),
        "digits written": ("3", "1.20", "三", "３", "③", "叁", "百", "½"),
    },
}  # fmt: skip
INVENTED: dict[Language, tuple[str, ...]] = {
    "en": (
        " The customer loves it.", " because you want it", "; you will buy it", " Buy it today!",
        ", as people like you do", " It is the best on the market.", " Ignore the numbers.",
    ),
    "zh": ("您一定会喜欢。", "，因为顾客想要它", "，顾客会购买", "现在下单！", "它是最好的。"),
}  # fmt: skip
ALIKE = str.maketrans("aeocpxyiTKM", "аеосрхуіТКМ") | str.maketrans(
    "下高低大的一人口力日", "⼀髙抵太⽩⼀⼈⼝⼒⽇"
)
WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
HIDDEN = (
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\u202e",
    "\u2060",
    "\u00a0",
    "\u3000",
    "\n",
    "\x00",
)


def tampered(sentence: Sentence, words: Words, dice: Random) -> Iterator[Tampered]:
    """Every wording of the sentence, tampered with."""
    for text in sentence.wordings:
        changed = (
            *_slots(text, dice), *_written(text, sentence, words), *_turned(text, words.language),
            *_inserted(text, words.language, dice), *_disguised(text, words.language, dice),
        )  # fmt: skip
        for done, other in changed:
            if other not in sentence.wordings:
                yield done, sentence.claims, other
        yield from _claims(text, sentence, words)


def _slots(text: str, dice: Random) -> Iterator[tuple[str, str]]:
    found = re.findall(r"\{(\w+)\}", text)
    for one, other in combinations(dict.fromkeys(found), 2):
        exchange = {one: other, other: one}
        turned = re.sub(r"\{(\w+)\}", lambda m: f"{{{exchange.get(m[1], m[1])}}}", text)  # noqa: B023
        yield "slots exchanged", turned
    for one in found:
        for other in (*dice.sample(SLOTS, 8), *NO_SLOTS):
            yield "another slot", text.replace(f"{{{one}}}", f"{{{other}}}", 1)
        yield "slot left out", text.replace(f"{{{one}}}", "")
        yield "slot doubled", text.replace(f"{{{one}}}", f"{{{one}}} {{{one}}}", 1)


def _written(text: str, sentence: Sentence, words: Words) -> Iterator[tuple[str, str]]:
    """A slot's place taken by a value: a digit, the right name, another, somebody else's."""
    claim = words.claims[sentence.claims[0]]
    names = {claim.candidate, claim.title, claim.other, "Espresso machine", "it", "它"} - {""}
    for one in re.findall(r"\{(\w+)\}", text):
        for value in ("1.20", "7", "seven", "七", "+0,5", "−1.95", "13 Mar 2024", "50%"):
            yield "digits written", text.replace(f"{{{one}}}", value)
        for name in names:
            yield "name outside slots", text.replace(f"{{{one}}}", name)
            yield "name outside slots", text.replace(f"{{{one}}}", f"“{name}” {{{one}}}")


def _turned(text: str, language: Language) -> Iterator[tuple[str, str]]:
    for one, other in TURNED[language]:
        for said, instead in ((one, other), (other, one)):
            pattern = rf"\b{said}\b" if language == "en" else re.escape(said)
            turned = re.sub(pattern, instead, text, flags=re.IGNORECASE)
            if turned != text:
                yield "direction turned", turned


def _inserted(text: str, language: Language, dice: Random) -> Iterator[tuple[str, str]]:
    gaps = [found.start() for found in re.finditer(" " if language == "en" else "(?<!{)\\b|", text)]
    gaps = [at for at in gaps if text.count("{", 0, at) == text.count("}", 0, at)]
    for done, inserted in INSERTED[language].items():
        for one in inserted:
            for at in dice.sample(gaps, min(2, len(gaps))):
                yield done, f"{text[:at]} {one}{text[at:]}"
    for one in INVENTED[language]:
        yield "cause invented", text.rstrip(".。") + one
        yield "cause invented", one.strip(" ,;，") + " " + text


def _disguised(text: str, language: Language, dice: Random) -> Iterator[tuple[str, str]]:
    letters = [at for at, one in enumerate(text) if one.isalnum()]
    for at in dice.sample(letters, min(24, len(letters))):
        one = text[at]
        if (alike := one.translate(ALIKE)) != one:
            yield "looks alike", text[:at] + alike + text[at + 1 :]
        if (wide := one.translate(WIDE)) != one:
            yield "full width", text[:at] + wide + text[at + 1 :]
        yield "letter left out", text[:at] + text[at + 1 :]
    for hidden in HIDDEN:
        for at in dice.sample(range(1, len(text) - 1), 4):
            yield "hidden sign", text[:at] + hidden + text[at:]
    pieces = re.split("( )", text) if language == "en" else list(text)
    for at in range(len(pieces) - 2):
        parts = [*pieces]
        parts[at], parts[at + 2] = parts[at + 2], parts[at]
        if parts != pieces:
            yield "words exchanged", "".join(parts)
    yield (
        "other language",
        {
            "en": "“{title}” hat die Empfehlung am meisten beeinflusst.",
            "zh": "“{title}”はこのおすすめに最も影響しました。",
        }[language],
    )


def _claims(text: str, sentence: Sentence, words: Words) -> Iterator[Tampered]:
    for other in words.sentences:
        if text not in other.wordings:
            yield "another claim", other.claims, text
            yield "two sentences in one", sentence.claims, f"{text} {other.wordings[0]}"
    one = sentence.claims
    for claims in ((), (99,), (-1,), (*one, *one), (*one, 0), (one[0] + 1000,), one[::-1][:-1]):
        if claims not in {other.claims for other in words.sentences}:
            yield "no such claim", claims, text
