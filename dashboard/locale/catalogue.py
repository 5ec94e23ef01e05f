"""Brings the catalogues up to date with the code: `make words`, and says what is left to translate.

A language has two: `dashboard.po` has what pages say, `errors.po` what `recommender` says. A
translation is kept as long as its sentence stands in the code word for word. What is new stands
in the catalogue with an empty translation, what is gone leaves it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from recommender.atomic import write_bytes
from recommender.words.vocabulary import GAP

HERE: Final = Path(__file__).parent
CODE: Final = HERE.parent
SAYING: Final = CODE.parent / "recommender"
KEYWORDS: Final = {"_": 1, "plural": 2}
"""The functions of `dashboard/words.py` whose words are translated, and how many they take."""
NAMES: Final = ("dashboard", "errors")
"""The catalogues of a language."""
_OF_TOOLS: Final = tuple(
    f'"{name}'.encode()
    for name in ("Project-", "Report-", "POT-", "PO-", "Last-", "Language-Team", "Generated-")
)
"""Headers that say when and by which program."""


def place(language: str, name: str = "dashboard") -> Path:
    """A catalogue of a language."""
    return HERE / language / "LC_MESSAGES" / f"{name}.po"


def sentences() -> Catalog:
    """Every sentence in the code, in the order of its files."""
    found = Catalog(project="RecLens", charset="utf-8")
    for path in sorted(CODE.rglob("*.py")):
        where = [(path.relative_to(CODE.parent).as_posix(), 0)]
        for words in said_in(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(words, locations=where)
    return found


def said_in(tree: ast.Module) -> list[str | tuple[str, ...]]:
    """What a file gives to `_` and `plural`; Babel's own reader does not look into f-strings."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = node.args[: KEYWORDS.get(node.func.id, 0)]
            words = tuple(str(one.value) for one in given if isinstance(one, ast.Constant))
            if words:
                found.append((node.lineno, node.col_offset, words))
    return [words[0] if len(words) == 1 else words for _line, _column, words in sorted(found)]


def templates() -> Catalog:
    """Every template of what `recommender` says, in the order of its files."""
    found = Catalog(project="RecLens", charset="utf-8")
    kinds = {"Said", *stated()}
    for path in sorted(SAYING.rglob("*.py")):
        where = [(path.relative_to(SAYING.parent).as_posix(), 0)]
        for node in saying(ast.parse(path.read_text(encoding="utf-8")), kinds):
            template = node.args[0] if node.args else None
            if isinstance(template, ast.Constant) and _has_words(str(template.value)):
                found.add(str(template.value), locations=where)
    return found


def saying(tree: ast.Module, kinds: Collection[str]) -> list[ast.Call]:
    """The calls of a file that make what is said, as they stand in it."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [node for node in calls if ast.unparse(node.func) in kinds]
    return sorted(made, key=lambda node: (node.lineno, node.col_offset))


def stated() -> set[str]:
    """The errors of `recommender` that keep their parts, by the names of their classes."""
    parsed = [ast.parse(path.read_text(encoding="utf-8")) for path in SAYING.rglob("*.py")]
    classes = [node for tree in parsed for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"StatedError"}, 0
    while len(found) > before:
        before = len(found)
        found |= {one.name for one in classes if found & set(map(ast.unparse, one.bases))}
    return found


def _has_words(template: str) -> bool:
    """Whether a template says anything beside its values; languages have marks of their own."""
    return any(before or "|" in (name or "") for before, name, *_ in Formatter().parse(template))


def load(language: str, name: str = "dashboard") -> Catalog:
    """The catalogue as it stands."""
    with place(language, name).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, name: str = "dashboard") -> Catalog:
    """Take in what is new, let go of what is gone, and write the catalogue."""
    catalogue = load(language, name)
    new = sentences() if name == "dashboard" else templates()
    catalogue.update(new, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write_bytes(place(language, name), written(catalogue))
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file, without line numbers and dates: they change with every edit."""
    text = BytesIO()
    write_po(text, catalogue, width=100, include_lineno=False)
    lines = text.getvalue().lstrip().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_OF_TOOLS))


def faults(catalogue: Catalog) -> list[str]:
    """What is untranslated, unsure, or would not take the same values as the sentence does."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        name, forms = _singular(message), _forms(message)
        if not all(forms) or len(forms) != (catalogue.num_plurals if message.pluralizable else 1):
            found.append(f"not translated: {name}")
        elif message.fuzzy:
            found.append(f"not sure: {name}")
        else:
            found += [f"other placeholders: {name} → {form}" for form in _misfits(message)]
    return found


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _misfits(message: Message) -> list[str]:
    """Translations with other values than the sentence; words of the vocabulary may be others."""
    wanted = GAP.sub("", message.id if isinstance(message.id, str) else message.id[-1])
    return [
        form for form in _forms(message) if placeholders(GAP.sub("", form)) != placeholders(wanted)
    ]


def placeholders(text: str) -> set[tuple[str, str]] | None:
    """Names and formats of what is filled in; None where the braces do not match.

    Words of which one is chosen (`{row|rows}`) are none.
    """
    try:
        found = [(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name]
        return {(name, spec) for name, spec in found if "|" not in name}
    except ValueError:
        return None


def main() -> int:
    """Update every language; 1 where something is left to do."""
    left = 0
    for path in sorted(HERE.glob("*/LC_MESSAGES/dashboard.po")):
        language = path.parts[-3]
        todo = [fault for name in NAMES for fault in faults(update(language, name))]
        left += len(todo)
        print(f"{language}: {len(todo)} to do", *todo, sep="\n  ")
    return min(left, 1)


if __name__ == "__main__":
    sys.exit(main())
