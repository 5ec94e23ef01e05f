"""The same for RecTools' eSASRec, in the peers' environment; print what it took as JSON.

    python benchmarks/pace/peer.py QUESTIONS MODEL

Events are counted as ours are: those of the histories that an epoch reads, without padding. The
epoch that is timed is the second where the first took under a minute, else the first.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from contest.exchange import peak_gb, read_questions
from contest.peers import SASREC, Sasrec

ASKED, ROUNDS = 4096, 5
"""Users asked at most; how often they are: one round may be over in a second."""


def epoch_seconds(model: Sasrec) -> float:
    """One epoch of training, without validation."""
    began = time.perf_counter()
    model.model.fit_partial(model.training, 1, 1)
    return time.perf_counter() - began


def users_a_second(model: Sasrec) -> float:
    """How many get their top-10 in a second, by its `recommend`; the median of the rounds."""
    from rectools import Columns

    dataset = model.training
    users = np.random.default_rng(0).permutation(dataset.user_id_map.external_ids)[:ASKED]
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = model.model.recommend(users, dataset, k=10, filter_viewed=False)
        rates.append(len(users) / (time.perf_counter() - began))
        assert found[Columns.User].nunique() == len(users)
    return float(np.median(rates))


def main() -> None:
    """Measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("model", choices=SASREC)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    questions, config = read_questions(asked.questions), SASREC[asked.model]
    before = peak_gb()
    model = Sasrec(questions, config, "predicted", seed=0)
    seconds = epoch_seconds(model)
    if seconds < 60:
        seconds = epoch_seconds(model)
    events = int(np.minimum(questions.train_end, config.history + 1).sum())
    found = {"events_a_second": events / seconds, "epoch_s": seconds}
    found |= {"data_gb": before, "training_gb": peak_gb()}
    model.model.is_fitted = True
    found |= {"users_a_second": users_a_second(model), "peak_gb": peak_gb()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
