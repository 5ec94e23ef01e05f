"""What came of a row, where a column says so: clicked or not, liked or not, delivered or cancelled.

Only rows of which something came are interest. What counts is proposed from the values, told with
their counts, and changed by naming the values that count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.kinds import MISSING, known
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.synonyms import plain
from recommender.data.columns import EVENT, OUTCOME
from recommender.data.event_types import is_removal, is_return, targets_among, words_of
from recommender.data.problems import Finder, Problem
from recommender.data.uncounted import REASON, Reason
from recommender.said import Said

MAX_OUTCOMES: Final = 30
"""A column with more values than this does not say what came of a row."""
_YES_WORDS: Final = """true t yes y on like liked up upvote upvoted positive clicked click
    bought purchased purchase converted complete completed delivered shipped paid fulfilled
    success succeeded successful approved confirmed invoiced closed done finished settled
    accepted recommended interested 是 有 喜欢 推荐 赞 已完成 完成 已付款 已支付 已发货 已签收
    交易成功 成功"""
_YES: Final = frozenset(_YES_WORDS.split())
_NO_WORDS: Final = """false f no n off dislike disliked down downvote downvoted negative not
    unclicked cancel cancelled canceled cancellation return returned returns refund refunded
    fail failed failure rejected declined void voided unavailable expired abandoned lost unpaid
    ignored skipped chargeback reversed undelivered 否 无 不喜欢 不推荐 踩 已取消 取消 已退货
    退货 已退款 退款 失败 交易关闭 未付款 未支付 未购买 未点击"""
_NO: Final = frozenset(_NO_WORDS.split())
_NO_SIGNS: Final = ("取消", "退货", "退款", "失败", "未")
_NOT: Final = frozenset(("false", "f", "no", "n", "not", "off", "否", "无"))
_ALONE: Final = frozenset(("t", "y", "on", "f", "n", "off"))
"""Words that mean yes or no only where nothing stands beside them."""
_IN_PART: Final = frozenset(("partial", "partially", "partly", "部分"))
_OPINION: Final = r"vote|lik(e|ed|es)$|thumb|recommend|sentiment|reaction|投票|喜欢|推荐|点赞"
_UNDONE: Final = r"return|cancel|refund|void|退货|退款|取消"
_STATE: Final = r"status|状态"


def outcome_values(cells: pd.Series, column: str) -> dict[str, bool | None]:
    """For each value, blank too, whether its rows count; None where that is not known.

    `column` is the name in the file: of `returned`, yes is what does not count.
    """
    distinct = pd.Series(cells.astype("str").str.strip().unique(), dtype="str")
    blank = distinct.isin(MISSING)
    said = [str(value) for value in distinct[~blank]]
    undone = re.search(_UNDONE, plain(column)) is not None and not _is_state(column)
    found = _by_number(said, undone)
    if found is None:
        found = {value: _by_word(value, undone) for value in said}
    # Where a column marks what happened alone, nothing happened where it is blank.
    marks_only = bool(found) and all(found.values()) and not undone and not _is_state(column)
    unsaid = not (marks_only and not re.search(_OPINION, plain(column)))
    return found | dict.fromkeys(distinct[blank], unsaid)


def _is_state(column: str) -> bool:
    return re.search(_STATE, plain(column)) is not None


def _by_number(values: Sequence[str], undone: bool) -> dict[str, bool | None] | None:
    """Of two numbers the higher counts, of more those above 0; None where not all are numbers."""
    numbers = parse_numbers(pd.Series(values, dtype="str"))
    if not len(numbers) or np.isnan(numbers).any():
        return None
    high = numbers > 0 if len(set(numbers)) != 2 else numbers == numbers.max()
    return {value: bool(one != undone) for value, one in zip(values, high, strict=True)}


def _by_word(value: str, undone: bool) -> bool | None:
    words = words_of(value) or frozenset([value])
    if len(words) > 1:
        words -= _ALONE
    if words & _IN_PART:
        return True
    if words & _NO or any(sign in value for sign in _NO_SIGNS):
        # In a column called returned, *not* and *no* are good news, and *returned* is none.
        return undone and bool(words & _NOT)
    return not undone if words & _YES else None


def looks_like_outcomes(cells: pd.Series, column: str) -> bool:
    """Whether the cells say of each row what came of it: two values, or known states."""
    trimmed = cells.astype("str").str.strip()
    said = trimmed[~trimmed.isin(MISSING)]
    distinct = said.unique()
    if not 1 <= len(distinct) <= MAX_OUTCOMES:
        return False
    numbers = parse_numbers(pd.Series(distinct, dtype="str"))
    if not np.isnan(numbers).any():
        return set(numbers) <= {-1.0, 0.0, 1.0} and (len(distinct) > 1 or len(said) < len(trimmed))
    found = outcome_values(said, column)
    understood = said.map(found).notna().mean()
    least = 0.5 if _is_state(column) else 0.95
    return bool(understood >= least) and len(distinct) + (len(said) < len(trimmed)) > 1


def keep_outcomes(
    events: pd.DataFrame, counting: Sequence[str] | None, name: str, finder: Finder
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """The rows of which something came; the others that a user did have, with the reason; problems.

    `counting` are the values that count, where that was said. A row that was only offered and not
    taken (clicked: 0) is in neither: it stays new to the user.
    """
    cells = events[OUTCOME]
    if missing := [value for value in counting or () if value not in cells.cat.categories]:
        return events, events[:0], [_no_such_value(missing[0], cells.value_counts(), name, finder)]
    found = outcome_values(pd.Series(cells.cat.categories, dtype="str"), name)
    if counting is not None:
        found = {value: value in counting for value in found}
    counts = cells.value_counts()
    counts = counts[counts > 0]
    unknown = [value for value in counts.index if found[value] is None]
    if unknown and len(unknown) == len(counts):
        return events, events[:0], [_asked(counts, name, finder)]
    problems = [_unknown(counts[unknown], name, finder)] if unknown else []
    left = np.array([found[value] is False for value in cells.cat.categories], dtype=bool)
    lost = left[cells.cat.codes.to_numpy()]
    if not lost.any():
        return events, events[:0], problems
    kept = [value for value in counts.index if found[value] is not False]
    gone = counts.drop(kept)
    problems.append(_left_out(events.index[lost], gone, counts[kept], name, finder))
    if not finder.accepts("outcomes"):
        return events, events[:0], problems
    reason = _reason(list(gone.index), name)
    had = events[lost] if reason else events[:0]
    return events[~lost], had.assign(**{REASON: reason or ""}), problems


def no_outcome(counting: Sequence[str] | None, finder: Finder) -> list[Problem]:
    """Values that count were given, and no column has them."""
    if counting is None:
        return []
    message = Said("no column has the outcome, whose values that count were given")
    return [finder.error(message, Said("Name the column (outcome=COLUMN)"))]


def _no_such_value(value: str, counts: pd.Series, name: str, finder: Finder) -> Problem:
    message = Said("no row has the value {example!r}, which was said to count", example=value)
    return finder.error(message, Said("The values are: {values}", values=_listed(counts)), name)


def _left_out(
    lines: pd.Index, gone: pd.Series, kept: pd.Series, name: str, finder: Finder
) -> Problem:
    found = Said(
        "{n} row{|s} with {values} {is|are:n} no interest ({others}), and",
        n=len(lines),
        values=_listed(gone),
        others=Said("those with {values} are", values=_listed(kept))
        if len(kept)
        else Said("no row is"),
    )
    remedy = Said("Say which values count, or that no column has this role")
    return finder.fixed("outcomes", lines, found, remedy, name)


def _unknown(counts: pd.Series, name: str, finder: Finder) -> Problem:
    message = Said(
        "what these values mean for a row is not known, so their rows count: {values}",
        values=_listed(counts),
    )
    return finder.note(message, Said("Say which values count if that is wrong"), column=name)


def _asked(counts: pd.Series, name: str, finder: Finder) -> Problem:
    message = Said("which values count as interest is not known: {values}", values=_listed(counts))
    return finder.error(message, Said("Say which values count"), column=name)


def _listed(counts: pd.Series) -> str:
    shown = [f"{value!r}: {n:,}" for value, n in counts.head(6).items()]
    return ", ".join(shown) + (", …" if len(counts) > 6 else "")


def _reason(values: Sequence[str], name: str) -> Reason | None:
    """Why such a row does not count; None where the user never had the item."""
    if _is_state(name) or re.search(_UNDONE, plain(name)):
        return "taken_back"
    if re.search(_OPINION, plain(name)) or "-1" in values or any(is_removal(v) for v in values):
        return "rated_low"
    return None


def without_removals(
    events: pd.DataFrame, name: str | None, finder: Finder
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Events that take nothing out of a cart or list again, those that do, and problems."""
    types = events[EVENT].cat.categories
    removing = np.array([is_removal(str(one)) for one in types], dtype=bool)
    gone = removing[events[EVENT].cat.codes.to_numpy()]
    if removing.all() or not gone.any():
        return events, events[:0], []
    found = Said(
        "{n} event{|s} of type {types} {is|are:n} no interest and",
        n=gone.sum(),
        types=", ".join(map(repr, types[removing])),
    )
    problem = finder.fixed("removals", events.index[gone], found, column=name)
    if not finder.accepts("removals"):
        return events, events[:0], [problem]
    return events[~gone], events[gone].assign(**{REASON: "removed"}), [problem]


def check_predicted(
    events: pd.DataFrame, predicted: Sequence[str], name: str | None, finder: Finder
) -> list[Problem]:
    """Ask what is predicted where no type is known as a purchase; refuse what is no type."""
    counts = events[EVENT].value_counts()
    types = [str(one) for one in counts.index[counts > 0]]
    there_are = Said("The types are: {types}", types=_listed(counts[types]))
    if missing := [one for one in predicted if one not in types]:
        message = Said(
            "there is no event of type {type!r}, which is to be predicted", type=missing[0]
        )
        return [finder.error(message, there_are, column=name)]
    asking = [one for one in types if not is_return(one)]
    if predicted or len(asking) < 2 or targets_among(asking):
        return []
    message = Said(
        "no type of event is known as a purchase, so all of them are predicted: {types}",
        types=_listed(counts[asking]),
    )
    return [finder.note(message, Said("Say which types are to be predicted"), column=name)]


def ask_of_two_values(
    frame: pd.DataFrame, columns: Sequence[tuple[str, str]], finder: Finder
) -> list[Problem]:
    """Point out columns of two values that change by the row: they may say which rows count.

    `columns` are the names in the file and in the frame.
    """
    cells = {told: known(pd.Series(frame[name].unique(), dtype="str")) for told, name in columns}
    two = [told for told, said in cells.items() if said.nunique() == 2]
    if not two:
        return []
    message = Said(
        "columns of two values may say which rows count: {columns}", columns=", ".join(two)
    )
    return [finder.note(message, Said("Name the one that does (outcome=COLUMN), if one does"))]
