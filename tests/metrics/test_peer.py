"""The evaluator's metrics are those of an independent library (ir-measures, by trec_eval).

Lists are handed over as ranks: among equal scores the library has another rule of its own.
"""

from __future__ import annotations

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG
from scipy import sparse

from recommender.metrics import VIEWS, Cases, View, evaluate
from recommender.metrics.ranking import top_k

K = 10
THEIRS = {f"ndcg@{K}": nDCG @ K, f"recall@{K}": R @ K, f"mrr@{K}": RR @ K}


@given(
    seed=st.integers(0, 2**31),
    n_items=st.sampled_from([1, 2, 9, 10, 11, 40]),
    levels=st.sampled_from([1, 3, 1000]),
)
def test_metrics_are_those_of_another_library(seed: int, n_items: int, levels: int):
    """With ties, with lists that hold every item, and with users who have no target."""
    rng, n_cases = np.random.default_rng(seed), 12
    scores = rng.integers(0, levels, (n_cases, n_items)) / levels
    targets, seen = (rng.random((n_cases, n_items)) < share for share in (0.15, 0.3))
    targets[0] = False
    cases = Cases(sparse.csr_matrix(seen.astype(float)), sparse.csr_matrix(targets.astype(float)))
    for view, ours in evaluate(lambda chunk: scores[chunk], cases, VIEWS, K).items():
        wanted = targets & ~seen if view == "new" else targets
        assert ours["case"].tolist() == np.flatnonzero(wanted.any(1)).tolist()
        theirs = by_another_library(scores, wanted, seen, view)
        for name in THEIRS:
            assert ours[name] == pytest.approx([theirs[case, name] for case in ours["case"]])


def by_another_library(
    scores: np.ndarray, wanted: np.ndarray, seen: np.ndarray, view: View
) -> dict[tuple[int, str], float]:
    qrels, run = {}, {}
    for case in range(len(scores)):
        allowed = np.flatnonzero(~seen[case]) if view == "new" else np.arange(scores.shape[1])
        ranked = allowed[top_k(scores[None, case, allowed], len(allowed))[0]]
        qrels[str(case)] = {str(item): 1 for item in np.flatnonzero(wanted[case])}
        run[str(case)] = {str(item): float(-rank) for rank, item in enumerate(ranked)}
    found = ir_measures.iter_calc(list(THEIRS.values()), qrels, run)
    names = {str(measure): name for name, measure in THEIRS.items()}
    return {(int(one.query_id), names[str(one.measure)]): one.value for one in found}
