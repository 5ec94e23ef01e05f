"""Ask a real model to rephrase explanations, and keep what it says, to be judged by hand.

    python benchmarks/words_model.py --run sample_data/run --out outputs.jsonl
    python benchmarks/words_model.py

The first asks the endpoint of RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL as `explain --by-model`
does. One line an answer: the claims, the answer as it came, its sentences in slots and filled in,
and what was shown; `true` is null until judged. The second counts the judged answers that are kept
beside this file, checked anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from machine import describe_machine
from wording.judged import OUTPUTS, judged, outputs

from recommender.explain import claims_of, explain, recommend, try_out
from recommender.explain.documents import as_claim
from recommender.model.run import Run, open_run
from recommender.words import Audience, Language, in_words
from recommender.words.llm import answered, rephrase
from recommender.words.model_settings import ModelSettings

SEED = 3
Kind = tuple[Language, Audience]
_LINES: list[Kind] = [("en", "shopper"), ("zh", "shopper")] * 4
KINDS: tuple[Kind, ...] = (
    *_LINES, ("en", "merchandiser"), ("zh", "merchandiser"), *_LINES, ("en", "merchandiser"),
    ("en", "analyst"),
)  # fmt: skip
"""Mostly single lines: a small machine takes minutes for a paragraph."""


def collect(
    run: Run, settings: ModelSettings, kinds: Sequence[Kind], n_answers: int, seed: int, out: Path
) -> None:
    """Ask about the first recommendation of as many users as it takes."""
    rng = np.random.default_rng(seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    answered = 0
    with out.open("w", encoding="utf-8") as file:
        for user in rng.permutation(len(run.dataset.users)):
            language, audience = kinds[answered % len(kinds)]
            line = _asked(run, int(user), language, audience, settings)
            print(answered, language, audience, line["seconds"], line["problem"], flush=True)
            if not line["answer"]:
                continue
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            answered += 1
            if answered == n_answers:
                return


def _asked(
    run: Run, user: int, language: Language, audience: Audience, settings: ModelSettings
) -> dict[str, Any]:
    history = run.history(user)
    item = recommend(run, history, 1)[0].item
    claims = claims_of(explain(run, history, item), try_out(run, history, item))
    words = in_words(claims, language, audience)
    started = time.monotonic()
    said = rephrase(words, settings)
    return {
        "language": language,
        "audience": audience,
        "model": settings.model,
        "seconds": round(time.monotonic() - started, 1),
        "templates": [one.text for one in words.sentences],
        "answer": said.answer,
        "sentences": [
            {"text": one.text, "slotted": given.text, "true": None}
            for one, given in zip(said.checked, answered(said.answer), strict=True)
        ],
        "shown": [one.text for one in said.words.sentences],
        "written_by": said.words.written_by,
        "problem": said.problem,
        "claims": [as_claim(one) for one in claims],
    }


def count() -> str:
    """A table of what became of true and false sentences, by audience."""
    kept: Counter[tuple[str, bool, bool]] = Counter()
    answers: Counter[str] = Counter()
    for output in outputs():
        name = f"{output['audience']}, {output['language']}"
        answers[name] += 1
        for one in judged(output):
            kept[name, one.true, one.kept] += 1
    rows = ["| for | answers | true, kept | true, dropped | false, dropped | false, shown |"]
    rows.append("|---|---|---|---|---|---|")
    for name in answers:
        counts = [kept[name, *key] for key in ((True, True), (True, False), (False, False))]
        counts.append(kept[name, False, True])
        rows.append(f"| {name} | {answers[name]} | {' | '.join(map(str, counts))} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED, help="of the order of users")
    parser.add_argument("--lines", action="store_true", help="shoppers' lines alone")
    options = parser.parse_args()
    if options.run is None:
        print(f"{OUTPUTS.name}:\n\n{count()}")
        return
    settings = ModelSettings.read()
    if settings is None or options.out is None:
        parser.error("set RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL, and give --out")
    kinds = _LINES if options.lines else KINDS
    run = open_run(options.run)
    collect(run, settings, kinds, options.answers, options.seed, options.out)
    print(describe_machine())


if __name__ == "__main__":
    main()
