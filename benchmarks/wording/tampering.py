"""True sentences in words that no template uses, and the same sentences made false.

Made from the explanation's document alone; shares no code with the templates or the checker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Document = dict[str, Any]
Claim = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A sentence, and whether it is true."""

    text: str
    language: Any
    true: bool
    done: str
    """What was done to it."""


def samples(document: Document, rng: np.random.Generator) -> Iterator[Sample]:
    """Paraphrases of the document's claims, each with falsifications."""
    dice = _Dice(document, rng)
    for claim in document["claims"]:
        yield from _of_claim(claim, document, dice)
    yield from _inventions(document, dice)


class _Dice:
    """Random choices, and names that do not belong."""

    def __init__(self, document: Document, rng: np.random.Generator) -> None:
        self.rng = rng
        self.titles = sorted({event["title"] for event in document["events"]})
        self.claimed = sorted({t for one in document["claims"] for t in one.get("titles", ())})

    def pick(self, choices: list[str]) -> str:
        return choices[int(self.rng.integers(len(choices)))]

    def other_title(self, *taken: str) -> str:
        """Another item of the history, one of those that are claimed something else if possible."""
        near = [one for one in self.claimed if one not in taken]
        far = [one for one in self.titles if one not in taken]
        return self.pick(near or far or ["Somebody else's teapot 3000"])

    def off(self, value: float) -> float:
        """Another value of the same sign, visibly other."""
        changed = value * self.pick_float() + (0.03 if value >= 0 else -0.03)
        return changed if abs(changed - value) > 0.02 else value * 2 + 0.1

    def pick_float(self) -> float:
        return float(self.rng.choice([0.4, 0.7, 1.3, 1.9, 3.0]))

    def off_count(self, count: int) -> int:
        return count + int(self.rng.choice([1, 2, 5, 9]))


def _true(language: str, *texts: str) -> Iterator[Sample]:
    for text in texts:
        yield Sample(text, language, True, f"true ({language})")


def _false(done: str, language: str, *texts: str) -> Iterator[Sample]:
    for text in texts:
        yield Sample(text, language, False, done)


def _of_claim(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    makers = {
        "influence": _influence,
        "share": _share,
        "repetition": _repetition,
        "interval": _interval,
        "item": _item,
        "affinity": _affinity,
        "profile": _profile,
        "popularity": _popularity,
        "contrast": _contrast,
        "counterfactual": _counterfactual,
        "disagreement": _disagreement,
        "weak": _weak,
    }
    maker = makers.get(claim["kind"])
    if maker:
        yield from maker(claim, document, dice)


def _influence(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    t, v, c = claim["titles"][0], claim["value"], claim["candidate"]
    same = [
        one for one in document["claims"] if one["kind"] == "influence" and one["titles"] == [t]
    ]
    if len(same) > 1:
        return
    wrong, off = dice.other_title(t, c), dice.off(v)
    first = claim["rank"] == 1
    yield from _true(
        "en",
        f"If “{t}” were missing, the score would drop by {v:.2f}.",
        f"Removing “{t}” reduces the score by {v:.2f}.",
        f"The model's score owes {v:.2f} to “{t}”.",
        f"“{t}” raises the score by {v:.2f}.",
    )
    yield from _true(
        "zh",
        f"若没有“{t}”，得分会减少{v:.2f}。",
        f"删除“{t}”后，得分下降{v:.2f}。",
        f"“{t}”使得分提高{v:.2f}。",
    )
    if first:
        yield from _true(
            "en",
            f"The strongest influence on this recommendation is “{t}”.",
            f"Above all, “{t}” moved the model here.",
        )
        yield from _true("zh", f"影响最大的是“{t}”。", f"“{t}”对推荐的影响最大。")
    else:
        yield from _false(
            "called first",
            "en",
            f"The strongest influence is “{t}”.",
            f"Most of all, “{t}” moved the score, by {v:.2f}.",
        )
        yield from _false("called first", "zh", f"影响最大的是“{t}”。")
    yield from _false(
        "item swapped",
        "en",
        f"Removing “{wrong}” reduces the score by {v:.2f}.",
        f"Above all, “{wrong}” raises the score by {v:.2f}.",
    )
    yield from _false("item swapped", "zh", f"删除“{wrong}”后，得分下降{v:.2f}。")
    yield from _false(
        "number changed",
        "en",
        f"Removing “{t}” reduces the score by {off:.2f}.",
        f"“{t}” raises the score by {v + 1:.2f}.",
    )
    yield from _false("number changed", "zh", f"若没有“{t}”，得分会减少{off:.2f}。")
    yield from _false(
        "sign flipped",
        "en",
        f"Removing “{t}” raises the score by {v:.2f}.",
        f"“{t}” lowers the score by {v:.2f}.",
        f"Without “{t}” the score climbs by {v:.2f}.",
    )
    yield from _false(
        "sign flipped", "zh", f"删除“{t}”后，得分上升{v:.2f}。", f"“{t}”使得分降低{v:.2f}。"
    )
    yield from _false(
        "denied",
        "en",
        f"“{t}” does not raise the score by {v:.2f}.",
        f"Removing “{t}” never reduces the score.",
        f"“{t}” had no influence.",
    )
    yield from _false("denied", "zh", f"“{t}”没有影响。", f"删除“{t}”不会使得分下降{v:.2f}。")
    yield from _false(
        "cause invented",
        "en",
        f"“{t}” raises the score by {v:.2f} because you love “{c}”.",
        f"The customer will buy “{c}” because of “{t}”.",
        f"You bought “{t}” since you want “{c}”.",
    )
    yield from _false(
        "cause invented", "zh", f"因为喜欢“{t}”，顾客会购买“{c}”。", f"“{t}”让顾客想买“{c}”。"
    )
    if t != c:
        yield from _false(
            "roles swapped",
            "en",
            f"Without “{c}” the score of “{t}” falls by {v:.2f}.",
            f"“{c}” moved “{t}” most.",
        )
        yield from _false("roles swapped", "zh", f"删除“{c}”后，“{t}”的得分下降{v:.2f}。")


def _share(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    t, v = claim["titles"][0], claim["value"]
    if v < 0.02:
        return
    wrong, off = dice.other_title(t, claim["candidate"]), dice.off(v)
    yield from _true(
        "en",
        f"Exactly {v:.2f} of the score comes from “{t}”.",
        f"“{t}” contributes {v:+.2f} to the score.",
    )
    yield from _true("zh", f"“{t}”的份额为{v:+.2f}。", f"“{t}”为得分贡献了{v:.2f}。")
    yield from _false("number changed", "en", f"“{t}” contributes {off:+.2f} to the score.")
    yield from _false("item swapped", "en", f"“{wrong}” contributes {v:+.2f} to the score.")
    yield from _false(
        "sign flipped",
        "en",
        f"“{t}” contributes {-v:+.2f} to the score.",
        f"“{t}” takes {v:.2f} off.",
    )
    yield from _false("sign flipped", "zh", f"“{t}”的份额为{-v:+.2f}。")
    yield from _false("denied", "en", f"“{t}” contributes nothing to the score.")


def _repetition(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    c, v, n = claim["candidate"], claim["value"], len(claim["events"])
    if v <= 0:
        return
    times = f"{n} times" if n > 1 else "once"
    yield from _true(
        "en",
        f"“{c}” was purchased {times} before, and this repetition adds {v:.2f}.",
        f"Earlier purchases of “{c}” lift the score by {v:.2f}.",
    )
    yield from _true("zh", f"“{c}”此前买过{n}次，重复购买使得分提高{v:.2f}。")
    yield from _false(
        "number changed",
        "en",
        f"“{c}” was purchased {dice.off_count(n)} times before, and repetition adds {v:.2f}.",
        f"Earlier purchases of “{c}” lift the score by {dice.off(v):.2f}.",
    )
    yield from _false("number changed", "zh", f"“{c}”此前买过{dice.off_count(n)}次。")
    yield from _false(
        "sign flipped", "en", f"Earlier purchases of “{c}” hold back the score by {v:.2f}."
    )
    yield from _false("denied", "en", f"“{c}” was never bought before.")
    yield from _false("denied", "zh", f"“{c}”以前没有买过。")
    yield from _false(
        "item swapped",
        "en",
        f"“{dice.other_title(c)}” was purchased {times} before, and repetition adds {v:.2f}.",
    )
    yield from _false("cause invented", "en", f"You will buy “{c}” again soon, since you like it.")


def _interval(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    c, days, last = claim["candidate"], claim["value"], claim["days"]
    if last == days or last == 0:
        return
    yield from _true(
        "en",
        f"“{c}” was bought about every {days:g} days, last {last} days ago.",
        f"The typical gap between purchases of “{c}” is {days:g} days.",
    )
    yield from _true("zh", f"“{c}”大约每隔{days:g}天购买一次，上次在{last}天前。")
    yield from _false("number changed", "en", f"“{c}” was bought about every {days + 4:g} days.")
    yield from _false("number changed", "zh", f"“{c}”大约每隔{days + 4:g}天购买一次。")
    yield from _false(
        "numbers swapped",
        "en",
        f"“{c}” was bought about every {last} days, last {days:g} days ago.",
    )
    yield from _false(
        "numbers swapped", "zh", f"“{c}”大约每隔{last}天购买一次，上次在{days:g}天前。"
    )


def _item(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    t, c, v, n = claim["titles"][0], claim["candidate"], claim["value"], len(claim["events"])
    before, after = claim["ranks"]
    wrong, off = dice.other_title(t, c), dice.off(v)
    yield from _true(
        "en",
        f"If all {n} events of “{t}” were gone, the score would drop by {v:.2f}.",
        f"Removing all events of “{t}” moves it from rank {before} to rank {after}.",
    )
    yield from _true("zh", f"删除“{t}”的所有事件，得分减少{v:.2f}。")
    yield from _false(
        "number changed",
        "en",
        f"If all {n} events of “{t}” were gone, the score would drop by {off:.2f}.",
        f"Removing all {dice.off_count(n)} events of “{t}” reduces the score by {v:.2f}.",
    )
    yield from _false("number changed", "zh", f"删除“{t}”的所有事件，得分减少{off:.2f}。")
    yield from _false(
        "item swapped",
        "en",
        f"If all {n} events of “{wrong}” were gone, the score would drop by {v:.2f}.",
    )
    yield from _false("sign flipped", "en", f"Removing all {n} events of “{t}” raises the score.")
    yield from _false("sign flipped", "zh", f"删除“{t}”的所有事件，得分增加{v:.2f}。")
    yield from _false(
        "denied", "en", f"Removing all {n} events of “{t}” does not lower the score by {v:.2f}."
    )
    if after != before:
        yield from _false(
            "numbers swapped",
            "en",
            f"Removing all events of “{t}” moves it from rank {after} to rank {before}.",
        )
    if t != c:
        yield from _false(
            "roles swapped",
            "en",
            f"Without all events of “{c}” the score of “{t}” falls by {v:.2f}.",
        )
    yield from _false("cause invented", "en", f"They bought “{t}” {n} times because they love it.")


def _affinity(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    f, w, v = claim["feature"], claim.get("feature_value", ""), claim["value"]
    if not w:
        return
    n = len(claim["events"])
    yield from _true(
        "en",
        f"With {n} events, the “{f}” “{w}” contributes {v:.2f}."
        if n > 1
        else f"The “{f}” “{w}” contributes {v:.2f}.",
    )
    yield from _true("zh", f"“{f}”为“{w}”的事件使得分提高{v:.2f}。")
    yield from _false("number changed", "en", f"The “{f}” “{w}” contributes {dice.off(v):.2f}.")
    yield from _false("number changed", "zh", f"“{f}”为“{w}”的事件使得分提高{dice.off(v):.2f}。")
    yield from _false("sign flipped", "en", f"The “{f}” “{w}” reduces the score by {v:.2f}.")
    yield from _false(
        "cause invented",
        "en",
        f"The customer is interested in “{w}”, which adds {v:.2f}.",
        f"The customer prefers the “{f}” “{w}”.",
    )
    yield from _false("cause invented", "zh", f"顾客偏好“{w}”，因此提高{v:.2f}。")


def _profile(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    f, w, v = claim["feature"], claim["feature_value"], claim["value"]
    way, other = ("raises", "lowers") if v > 0 else ("lowers", "raises")
    yield from _true("en", f"“{f}” “{w}” in the profile {way} the score by {abs(v):.2f}.")
    yield from _false(
        "sign flipped", "en", f"“{f}” “{w}” in the profile {other} the score by {abs(v):.2f}."
    )
    yield from _false(
        "number changed",
        "en",
        f"“{f}” “{w}” in the profile {way} the score by {abs(dice.off(v)):.2f}.",
    )
    yield from _false("cause invented", "en", f"People with “{f}” “{w}” want this product.")


def _popularity(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    v, whole = claim["value"], document["logit"]
    if abs(v) < 0.05 or abs(abs(v) - abs(whole)) < 0.05:
        return
    way, other = ("adds", "takes away") if v > 0 else ("takes away", "adds")
    zh, zh_other = ("增加", "减少") if v > 0 else ("减少", "增加")
    yield from _true(
        "en",
        f"Popularity {way} {abs(v):.2f}.",
        f"Popularity {way} {abs(v):.2f} to a total of {whole:.2f}."
        if v > 0
        else f"Popularity {way} {abs(v):.2f}; the total score is {whole:+.2f}.",
    )
    yield from _true("zh", f"热度使得分{zh}{abs(v):.2f}。")
    yield from _false("sign flipped", "en", f"Popularity {other} {abs(v):.2f}.")
    yield from _false("sign flipped", "zh", f"热度使得分{zh_other}{abs(v):.2f}。")
    yield from _false("number changed", "en", f"Popularity {way} {abs(dice.off(v)):.2f}.")
    yield from _false(
        "numbers swapped", "en", f"Popularity gives {whole:+.2f} of the score {v:+.2f}."
    )
    yield from _false("called first", "en", "Popularity is the strongest influence of all.")


def _contrast(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    c, o, t = claim["candidate"], claim["other"], claim["titles"][0]
    v, part = claim["value"], claim["part"]
    if v < 0.02 or c == o:
        return
    yield from _true(
        "en",
        f"“{c}” beats “{o}” by {v:.2f}.",
        f"“{o}” is {v:.2f} behind “{c}”.",
        f"“{c}” scores {v:.2f} higher than “{o}”, mainly through “{t}” ({part:+.2f}).",
    )
    yield from _true("zh", f"“{c}”比“{o}”高{v:.2f}。", f"“{o}”落后“{c}”{v:.2f}。")
    yield from _false(
        "sign flipped", "en", f"“{o}” beats “{c}” by {v:.2f}.", f"“{c}” is {v:.2f} behind “{o}”."
    )
    yield from _false("sign flipped", "zh", f"“{o}”比“{c}”高{v:.2f}。")
    yield from _false("number changed", "en", f"“{c}” beats “{o}” by {dice.off(v):.2f}.")
    yield from _false(
        "item swapped", "en", f"“{c}” beats “{dice.other_title(c, o, t)}” by {v:.2f}."
    )
    if abs(v - abs(part)) > 0.05:
        yield from _false(
            "numbers swapped",
            "en",
            f"“{c}” scores {abs(part):.2f} higher than “{o}”, mainly through “{t}” ({v:+.2f}).",
        )


def _counterfactual(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    c, titles, (before, after), k = (
        claim["candidate"],
        claim["titles"],
        claim["ranks"],
        claim["top"],
    )
    other, names = claim["other"], " and ".join(f"“{one}”" for one in claim["titles"])
    zh_names = "和".join(f"“{one}”" for one in titles)
    yield from _true(
        "en",
        f"Had {names} been removed, “{c}” would drop from rank {before} to rank {after}.",
        f"Without {names}, “{c}” drops out of the top {k}.",
        f"If {names} were missing, “{c}” would be ranked {after}.",
    )
    yield from _true(
        "zh",
        f"若没有{zh_names}，“{c}”会跌出前{k}名。",
        f"去掉{zh_names}后，“{c}”从第{before}名跌至第{after}名。",
    )
    yield from _false(
        "number changed",
        "en",
        f"Without {names}, “{c}” would drop from rank {before} to rank {after + 7}.",
        f"Without {names}, “{c}” drops out of the top {k + 10}.",
    )
    yield from _false(
        "numbers swapped",
        "en",
        f"Without {names}, “{c}” would drop from rank {after} to rank {before}.",
    )
    yield from _false(
        "sign flipped",
        "en",
        f"Without {names}, “{c}” would climb to rank {after}.",
        f"With {names}, “{c}” would leave the top {k}.",
    )
    yield from _false("sign flipped", "zh", f"若没有{zh_names}，“{c}”会升到第{after}名。")
    yield from _false("denied", "en", f"Without {names}, “{c}” would not leave the top {k}.")
    yield from _false("denied", "zh", f"若没有{zh_names}，“{c}”不会跌出前{k}名。")
    wrong = dice.other_title(c, other, *titles)
    yield from _false("item swapped", "en", f"Without “{wrong}”, “{c}” drops out of the top {k}.")
    if other and other != c:
        yield from _true(
            "en", f"Without {names}, “{c}” would leave the top {k} and “{other}” would enter."
        )
        yield from _false(
            "roles swapped",
            "en",
            f"Without {names}, “{other}” would leave the top {k} and “{c}” would enter.",
        )
    if len(titles) > 1:
        yield from _false(
            "half of the change", "en", f"Without “{titles[0]}”, “{c}” drops out of the top {k}."
        )
        yield from _false("half of the change", "zh", f"若没有“{titles[0]}”，“{c}”会跌出前{k}名。")


def _disagreement(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    t, o, v = claim["titles"][0], claim["other"], claim["value"]
    if claim["lens"] != "attention":
        return
    yield from _true(
        "en",
        f"Attention goes mostly to “{t}” ({100 * v:.1f}%), while “{o}” mattered most.",
        f"The model looks most at “{t}”.",
    )
    yield from _true("zh", f"模型最关注“{t}”（{100 * v:.1f}%），而影响最大的是“{o}”。")
    yield from _false(
        "roles swapped",
        "en",
        f"Attention goes mostly to “{o}”, while “{t}” mattered most.",
        f"The model looks most at “{o}” ({100 * v:.1f}%).",
    )
    yield from _false("roles swapped", "zh", f"模型最关注“{o}”，而影响最大的是“{t}”。")
    yield from _false(
        "number changed", "en", f"Attention goes mostly to “{t}” ({100 * v + 6:.1f}%)."
    )


def _weak(claim: Claim, document: Document, dice: _Dice) -> Iterator[Sample]:
    if claim.get("weakness") == "newest do as well":
        yield from _true(
            "en", "This reason is shaky.", "The reason here is weak and should not be trusted."
        )
        yield from _true("zh", "这个理由不可靠。")
        yield from _false("denied", "en", "This reason is not weak.", "This reason is strong.")
        yield from _false("denied", "zh", "这个理由并不弱。")

    if claim.get("weakness") == "only in part":
        yield from _true("en", "This reason holds only partly.", "The reason is partly reliable.")
        yield from _true("zh", "这个理由只能部分成立。")
        yield from _false("denied", "en", "This reason is strong.", "The reason holds fully.")
        yield from _false("denied", "zh", "这个理由完全成立。", "这个理由很充分。")


def _inventions(document: Document, dice: _Dice) -> Iterator[Sample]:
    c, any_title = document["title"], dice.other_title()
    yield from _false(
        "cause invented",
        "en",
        f"You need “{c}” for your hobby.",
        f"Customers who own “{any_title}” always want “{c}”.",
        f"“{c}” is the best choice on the market.",
        "Buy it today and save 20%.",
        f"“{any_title}” proves that the customer enjoys cooking.",
    )
    yield from _false(
        "cause invented",
        "zh",
        f"您一定会喜欢“{c}”。",
        f"“{c}”是市场上最好的选择。",
        "现在下单可享八折优惠。",
    )
    yield from _false(
        "weakness invented" if document["trust"]["verdict"] != "weak" else "sureness invented",
        "en",
        "This reason is weak."
        if document["trust"]["verdict"] != "weak"
        else "This reason is certain.",
    )
