"""What is said to people, in its parts: a template in English, and the values that stand in it.

Whoever says it in another language puts the same values into a template of that language; nobody
takes a sentence apart. In a template, `{name}` is a value and `{name!r}` a value in quotes; of
`{row|rows}` the first is said of one, the second of none or several: of as many as the number
before it, or as the one that is named, `{was|were:rows}`. A value stands in a template once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from json import dumps, loads
from numbers import Integral
from string import Formatter
from typing import Any, Final, TypeAlias

Value: TypeAlias = "str | int | Said | tuple[Said, ...]"
"""Text, a number that words may follow, another sentence, or sentences in a row."""
_DEEPEST: Final = 20
"""How many sentences stand within one another in what is read back."""


class Said(str):
    """A sentence in English that keeps its parts; what is made of it as text has lost them."""

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: object) -> Said:
        """Fill the template. An error among the values stands for what it says."""
        kept = {name: _value(value) for name, value in values.items()}
        said = super().__new__(cls, filled(template, kept, _in_english))
        said.template, said.values = template, kept
        return said

    def but(self, **values: object) -> Said:
        """The same with other values."""
        return Said(self.template, **{**self.values, **values})

    def with_each(self, changed: Callable[[str, str], str]) -> Said:
        """The same with each text in it, by its name, as it is changed; in inner sentences too."""
        return Said(self.template, **{k: _each(k, v, changed) for k, v in self.values.items()})

    def __reduce__(self) -> tuple[Callable[..., Said], tuple[str, dict[str, Value]]]:
        return (_of, (self.template, dict(self.values)))


class StatedError(ValueError):
    """An error that keeps its parts: `said`."""

    def __init__(self, template: str, /, **values: object) -> None:
        self.said = Said(template, **values)
        super().__init__(self.said)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self), self.said))


def counted(words: str, n: int) -> str:
    """Words for the command line, which speaks English alone: `{n} row{|s} {was|were} left out`."""
    return filled(words, {"n": int(n)}, _in_english)


def said_by(error: BaseException) -> Said:
    """What the error says: its parts where it has them, else its text."""
    said = getattr(error, "said", None) or (error.args[0] if len(error.args) == 1 else None)
    return said if isinstance(said, Said) else as_it_is(str(error))


def as_it_is(text: str) -> Said:
    """Text that came without parts."""
    return text if isinstance(text, Said) else Said("{text}", text=text)


def filled(template: str, values: Mapping[str, Value], in_words: Callable[[Value], str]) -> str:
    """The template with its values, each as `in_words` says it. Raises KeyError where one lacks."""
    words: list[str] = []
    last: Value = 0
    for before, name, named, form in Formatter().parse(template):
        words.append(before)
        if name is None:
            continue
        if "|" in name:
            n = values[named] if named else last
            words.append(name.split("|")[n != 1])
            continue
        value = values[name]
        last = value if isinstance(value, int) else last
        quoted = form == "r" and not isinstance(value, Said)
        words.append(repr(in_words(value)) if quoted else in_words(value))
    return "".join(words)


def gaps(template: str) -> list[str]:
    """The names of the values that stand in a template, in their order."""
    names = [name for _, name, _, _ in Formatter().parse(template)]
    return [name for name in names if name is not None and "|" not in name]


def parts(said: Value) -> Any:
    """What was said as JSON has it."""
    if isinstance(said, Said):
        values = {name: parts(value) for name, value in said.values.items()}
        return {"template": said.template, "values": values}
    return [parts(one) for one in said] if isinstance(said, tuple) else said


def heard(told: Any) -> Said:
    """What `parts` made, and text that never had parts. Raises ValueError for anything else.

    It may come from a stranger: what is said is not longer than what was told.
    """
    try:
        return _sentence(told, _DEEPEST) if isinstance(told, dict) else as_it_is("" + told)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("this is nothing that was said") from error


def written(said: str) -> str:
    """What was said as one line of text, for `read_back`."""
    return dumps(parts(as_it_is(said)), ensure_ascii=False)


def read_back(text: str) -> Said:
    """What `written` wrote; any other text as it is."""
    try:
        told = loads(text)
        return heard(told if isinstance(told, dict) else text)
    except (ValueError, RecursionError):
        return as_it_is(text)


def _sentence(told: Any, depth: int) -> Said:
    template, values = told["template"], told["values"].items()
    names = gaps(template)
    # A value that stood there twice could be said a billion times by a few bytes.
    if not depth or len(set(names)) < len(names):
        raise ValueError("sentences in sentences, or a value twice")
    return _of(template, {name: _heard(value, depth - 1) for name, value in values})


def _heard(told: Any, depth: int) -> Value:
    if isinstance(told, str | int):
        return told
    if isinstance(told, list):
        return tuple(_sentence(one, depth) for one in told)
    return _sentence(told, depth)


def _each(name: str, value: Value, changed: Callable[[str, str], str]) -> Value:
    if isinstance(value, Said):
        return value.with_each(changed)
    if isinstance(value, tuple):
        return tuple(one.with_each(changed) for one in value)
    return changed(name, value) if isinstance(value, str) else value


def _of(template: str, values: Mapping[str, Value]) -> Said:
    return Said(template, **values)


def _again(kind: type[StatedError], said: Said) -> StatedError:
    return kind(said.template, **said.values)


def _value(value: object) -> Value:
    if isinstance(value, Said | tuple):
        return value
    if isinstance(value, BaseException):
        return said_by(value)
    return int(value) if isinstance(value, Integral) else str(value)


def _in_english(value: Value) -> str:
    if isinstance(value, tuple):
        return "".join(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
