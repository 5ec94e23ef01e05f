"""How true the words are, what they name, and what they cost.

    python benchmarks/words.py --run sample_data/run --users 500 --run RUN --users 500

For each user drawn the first recommendation is explained with everything tried, and said to all
audiences in both languages. Every sentence is parsed back by independent code
(`wording/parsing.py`) and held against the numbers of the explanation's document. What a language
model may make of them does not depend on the numbers: `tests/words/test_checker.py` tries that.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from machine import describe_machine
from wording.parsing import holds

from recommender.data.histories import History
from recommender.explain import claims_of, explain, recommend, try_out
from recommender.explain.deletions import part_logits
from recommender.explain.documents import as_document
from recommender.explain.ranking import allowed_items, ranks
from recommender.model.run import Run, open_run
from recommender.words import AUDIENCES, LANGUAGES, Sentence, Words, in_words

K = 10
SEED = 7
SEVERAL = ("item", "counterfactual")
"""What is said of several events at once; all else that names events is said of one, or of the
purchases of the item itself."""
NAMED_BY = ("all sentences", *(f"no {one}" for one in SEVERAL), "neither")


@dataclass
class Deleted:
    """What became of the targets without the events that the words name."""

    out: Counter[str] = field(default_factory=Counter)
    """Targets out of the top ten after deleting: named, newest, random."""
    events: int = 0
    explanations: int = 0


@dataclass
class Tally:
    """What was counted over the users of one run."""

    users: int = 0
    sentences: int = 0
    wrong: list[str] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    strong_naming: int = 0
    """Strong explanations whose words name one of the three strongest influences."""
    deleted: dict[str, Deleted] = field(
        default_factory=lambda: {one: Deleted() for one in NAMED_BY}
    )
    """By which of an analyst's sentences the events are named."""
    turned: int = 0
    """Explanations that have a counterfactual."""
    seconds: list[tuple[float, float]] = field(default_factory=list)
    """For the claims and for the words."""


def measured(run: Run, n_users: int, seed: int) -> Tally:
    rng, tally = np.random.default_rng(seed), Tally()
    able = np.flatnonzero(np.diff(run.dataset.offsets) > 0)
    for user in rng.choice(able, min(n_users, len(able)), replace=False).tolist():
        history = run.history(user)
        found = recommend(run, history, 1)
        if found:
            _measure(run, history, found[0].item, tally, rng)
    return tally


def _measure(run: Run, history: History, item: int, tally: Tally, rng: np.random.Generator) -> None:
    explanation = explain(run, history, item)
    findings = try_out(run, history, item, K)
    document = json.loads(json.dumps(as_document("u", explanation, findings)))
    tally.users += 1
    for language in LANGUAGES:
        for audience in AUDIENCES:
            started = time.thread_time()
            claims = claims_of(explanation, findings)
            claimed = time.thread_time()
            words = in_words(claims, language, audience)
            tally.seconds.append((claimed - started, time.thread_time() - claimed))
            for sentence in words.sentences:
                tally.sentences += 1
                if not holds(sentence, document):
                    tally.wrong.append(sentence.text)
            if (language, audience) == ("en", "analyst"):
                said = words
    assert findings.trust is not None
    verdict = findings.trust.verdict
    tally.verdicts[verdict] += 1
    top = set(np.argsort(-explanation.influence, kind="stable")[:3].tolist())
    singly = _named(said, SEVERAL)
    tally.strong_naming += verdict == "strong" and bool(top & set(singly))
    tally.turned += any(one.kind == "counterfactual" for one in said.said)
    for name, deleted in tally.deleted.items():
        without = SEVERAL if name == "neither" else (name.removeprefix("no "),)
        _delete(run, history, item, _named(said, without), deleted, rng)


def _named(words: Words, without: tuple[str, ...]) -> tuple[int, ...]:
    """Events that the sentences name, some kinds of claims left out."""
    claims = tuple(one for one in words.said if one.kind not in without)
    places = tuple(range(len(claims)))
    return replace(words, claims=claims, sentences=(Sentence("", places),)).events


def _delete(
    run: Run,
    history: History,
    item: int,
    named: tuple[int, ...],
    deleted: Deleted,
    rng: np.random.Generator,
) -> None:
    """Whether the item is out of the top ten without the events that the words name."""
    n, size = len(history), len(named)
    if not size:
        return
    kept = np.ones((3, n), dtype=bool)
    for row, events in enumerate((named, range(n - size, n), rng.choice(n, size, replace=False))):
        kept[row, list(events)] = False
    logits = part_logits(run.scorer, history, kept)
    allowed = allowed_items(history, logits.shape[1], run.default_view)
    for name, rank in zip(("named", "newest", "random"), ranks(logits, item, allowed), strict=True):
        deleted.out[name] += int(rank > K)
    deleted.events += size
    deleted.explanations += 1


def lines(name: str, tally: Tally) -> Iterator[str]:
    right = tally.sentences - len(tally.wrong)
    n, turned = tally.users, tally.turned
    strong, ms = tally.verdicts["strong"], 1000 * np.array(tally.seconds[6:])
    yield f"### {name}: {tally.users} explanations"
    yield ""
    yield f"- sentences backed by the numbers: {right:,} of {tally.sentences:,}"
    yield f"- strong, mixed, weak: {strong}, {tally.verdicts['mixed']}, {tally.verdicts['weak']}"
    yield f"- strong ones that name one of the three strongest influences: {tally.strong_naming}"
    yield f"- with a counterfactual of at most five events: {turned} of {n}"
    yield "- out of the top 10 without the events that are named, as many newest, as many random:"
    yield ""
    yield "| events named by | explanations | events | named | newest | random |"
    yield "|---|---|---|---|---|---|"
    for said, deleted in tally.deleted.items():
        n = max(deleted.explanations, 1)
        shares = " | ".join(f"{deleted.out[one] / n:.1%}" for one in ("named", "newest", "random"))
        yield f"| {said} | {deleted.explanations} | {deleted.events / n:.1f} | {shares} |"
    yield ""
    for part, taken in zip(("claims", "words"), ms.T, strict=True):
        median, most = np.median(taken), np.quantile(taken, 0.99)
        yield f"- {part}: median {median:.2f} ms of processor, 99 % under {most:.2f}"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", action="append", type=Path, required=True)
    parser.add_argument("--users", action="append", type=int, default=None)
    parser.add_argument("--seed", type=int, default=SEED, help="of the draw of users")
    parser.add_argument("--mistakes", action="store_true", help="list what does not hold")
    options = parser.parse_args()
    tallies = []
    for place, path in enumerate(options.run):
        run, n_users = (
            open_run(path),
            (options.users or [500])[min(place, len(options.users or [1]) - 1)],
        )
        tallies.append(measured(run, n_users, options.seed))
        print("\n".join(lines(run.dataset.name, tallies[-1])), flush=True)
    print(f"\n{describe_machine()}")
    if options.mistakes:
        print(*[one for tally in tallies for one in tally.wrong], sep="\n")


if __name__ == "__main__":
    main()
