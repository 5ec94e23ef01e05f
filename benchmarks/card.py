"""How much there is to read on an answer card, and how hard it is.

    python benchmarks/card.py --run sample_data/run --run RUN --users 200

For each customer drawn (seed 0) the first recommendation's card is made, with all that is tried on
the model. Counted is its prose: headings, labels, names of rows and buttons are not, and the name
of a product is one word. In Chinese characters are counted, likewise. The automated readability
index (Smith & Senter 1967) is 4.71 characters a word + 0.5 words a sentence − 21.43.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

# `dashboard` is the package, not the benchmark of that name beside this file.
sys.path.insert(0, str(Path(__file__).parents[1]))
from dashboard import sentences_card
from dashboard.words import LANGUAGES, Language, shorten, speaking
from recommender.explain import explain, recommend
from recommender.explain.by_item import by_item
from recommender.explain.card import Card, card_of
from recommender.explain.summary import trust_summary
from recommender.model.run import Run, open_run

AIMS = {"en": (35, 25), "zh": (70, 70)}
"""At most, and at the median: words in English, characters in Chinese."""
MOST_INDEX = 8.0
_CAUSE = 60
"""As `sentences_card` shortens the names of products."""


@dataclass
class Tally:
    """What was counted on the cards of one run in one language."""

    lengths: list[int] = field(default_factory=list)
    indices: list[float] = field(default_factory=list)
    longest: str = ""


def card_for(run: Run, user: int) -> Card | None:
    """The card of the user's first recommendation; None where nothing is left to recommend."""
    history = run.history(user, before_held_out=True)
    found = recommend(run, history, 1)
    if not found:
        return None
    item = found[0].item
    (lost,) = by_item(run, history, [item])
    return card_of(explain(run, history, item), lost, trust_summary(run, history, item))


def prose(card: Card, language: Language) -> str:
    """All that is counted, each product's name as one word."""
    with speaking(language):
        said = sentences_card.prose(card)
    names = [card.cause.title, shorten(card.cause.title, _CAUSE)] if card.cause else []
    text = " ".join(one if one.endswith((".", "。")) else f"{one}." for one in said)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "X")
    return text


def words(text: str) -> list[str]:
    """What stands between spaces and has a letter or a digit."""
    return [word for word in text.split() if re.search(r"\w", word)]


def characters(text: str) -> int:
    """Characters that are read, without spaces and marks."""
    return len(re.findall(r"\w|[+−%#]", text))


def readability(text: str) -> float:
    """The automated readability index; a point between digits ends no sentence."""
    found = words(text)
    letters = sum(len(re.findall(r"\w", word)) for word in found)
    sentences = max(len(re.findall(r"[.!?;](?=\s|$)", text)), 1)
    return 4.71 * letters / len(found) + 0.5 * len(found) / sentences - 21.43


def counted(run: Run, n_users: int) -> dict[Language, Tally]:
    """The cards of so many users, drawn with seed 0."""
    rng, tallies = np.random.default_rng(0), {language: Tally() for language in LANGUAGES}
    n = len(run.dataset.users)
    for user in rng.choice(n, min(n_users, n), replace=False).tolist():
        card = card_for(run, user)
        for language in LANGUAGES if card else ():
            assert card is not None
            _count(tallies[language], prose(card, language), language)
    return tallies


def _count(tally: Tally, text: str, language: Language) -> None:
    length = len(words(text)) if language == "en" else characters(text)
    if length > max(tally.lengths, default=0):
        tally.longest = text
    tally.lengths.append(length)
    if language == "en":
        tally.indices.append(readability(text))


def main() -> None:
    """Print the table; exit code 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--users", type=int, default=200)
    asked, missed = parser.parse_args(), False
    table = Table(title="Prose of an answer card")
    for column in ("run", "language", "cards", "median", "most", "aims", "ARI median", "ARI most"):
        table.add_column(column)
    console, longest = Console(width=120), []
    for path in asked.run:
        for language, tally in counted(open_run(path), asked.users).items():
            most, usual = AIMS[language]
            median, index = float(np.median(tally.lengths)), np.array(tally.indices or [0.0])
            missed |= max(tally.lengths) > most or median > usual or np.median(index) > MOST_INDEX
            said = (
                ["–", "–"] if language != "en" else [f"{np.median(index):.1f}", f"{max(index):.1f}"]
            )
            table.add_row(
                path.name, language, str(len(tally.lengths)), f"{median:.0f}",
                str(max(tally.lengths)), f"{usual}, {most}", *said,
            )  # fmt: skip
            longest.append(tally.longest)
    console.print(table, *longest, sep="\n")
    raise SystemExit(int(missed))


if __name__ == "__main__":
    main()
