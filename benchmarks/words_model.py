"""Ask a real model to rephrase explanations, and keep what it says, to be judged by hand.

    python benchmarks/words_model.py --run sample_data/run --out tests/words/data/real_outputs.jsonl

The endpoint is that of RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL. One line an answer: the claims,
the answer as it came, and its sentences with names put back; `true` is null until judged.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from threading import Event

import numpy as np

from recommender.explain import Findings, claims_of, explain, recommend
from recommender.explain.documents import as_claim
from recommender.model.run import open_run
from recommender.words import in_words
from recommender.words.asking import AskingError, ask
from recommender.words.llm import checked_sentences, messages_for, sentences_of
from recommender.words.model_settings import ModelSettings
from recommender.words.placeholders import Placeholders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--answers", type=int, default=100)
    options = parser.parse_args()
    settings = ModelSettings.read()
    if settings is None:
        parser.error("set RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL")
    run, rng = open_run(options.run), np.random.default_rng(3)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kinds = [("en", "shopper"), ("en", "analyst"), ("zh", "shopper"), ("en", "merchandiser")]
    with options.out.open("w", encoding="utf-8") as file:
        for i, user in enumerate(rng.permutation(len(run.dataset.users))[: options.answers]):
            history, (language, audience) = run.history(int(user)), kinds[i % len(kinds)]
            found = recommend(run, history, 1)[0]
            findings = Findings.of(run.dataset, history.items)
            claims = claims_of(explain(run, history, found.item), findings)
            words = in_words(claims, language, audience)  # type: ignore[arg-type]
            placeholders = Placeholders(claims)
            try:
                answer = ask(
                    messages_for(words, placeholders), settings, lambda text: None, Event()
                )
            except AskingError as error:
                print(i, error, flush=True)
                continue
            checked = checked_sentences(words, sentences_of(answer.text), placeholders)
            line = {
                "language": language,
                "audience": audience,
                "claims": [as_claim(one) for one in claims],
                "answer": answer.text,
                "sentences": [{"text": one.text, "true": None} for one in checked],
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
