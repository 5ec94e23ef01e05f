"""Scores and top-k lists of a trained network. One product scores the whole catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from scipy import sparse
from torch import Tensor

from recommender.data.histories import History
from recommender.model.batches import stack
from recommender.model.device import side_by_side
from recommender.model.network import Network
from recommender.model.trend import Trend
from recommender.model.voters import Voters

HISTORIES_A_BATCH = 64
"""Histories for whoever scores everybody, some at once."""
EVENTS_A_BATCH = 3072
"""Events (with padding) encoded at once: what is computed of so many stays in a core's cache."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """A trained network ready to score: item vectors are computed once."""

    network: Network
    voters: Voters
    candidates: Float[Tensor, "item width"]
    bias: Float[Tensor, " item"]
    trend: Trend | None = None

    @classmethod
    def of(
        cls, network: Network, neighbours: sparse.csr_matrix, trend: Trend | None = None
    ) -> Scorer:
        """The network put into evaluation mode, with its candidate vectors."""
        network.eval()
        streams = (network.routing_items, network.value_items, network.candidate_items)
        with torch.no_grad():
            for stream in streams:
                stream.freeze()
        candidates = network.candidate_items.frozen
        assert candidates is not None
        voters = Voters.of(network, neighbours)
        return cls(network, voters, candidates, network.bias.detach(), trend)

    @property
    def device(self) -> torch.device:
        """Where the network lies."""
        return self.bias.device

    def popularity(self, as_of: int) -> Float[Tensor, " item"]:
        """Every item's own share of its logit at a moment: its bias, and what is bought lately."""
        if self.trend is None:
            return self.bias
        lately = self.trend.logits(np.array([as_of]))[0]
        return self.bias + torch.from_numpy(lately).to(self.bias)

    def user_vectors(self, histories: Sequence[History]) -> Float[Tensor, "history width"]:
        """One vector for each history, computed in batches of like length."""
        out = self.candidates.new_empty(len(histories), self.candidates.shape[1])

        @torch.inference_mode()
        def encode(part: list[int]) -> None:
            out[part] = self._encode([histories[i] for i in part])

        side_by_side(encode, self._of_like_length(histories), self.device)
        return out

    def _encode(self, histories: Sequence[History]) -> Float[Tensor, "history width"]:
        sequences, queries = stack(histories, self.network.config.window)
        return self.network.user_vectors(sequences.to(self.device), queries.to(self.device))

    def _of_like_length(self, histories: Sequence[History]) -> list[list[int]]:
        window = self.network.config.window
        longest_first = sorted(range(len(histories)), key=lambda i: -len(histories[i]))
        parts = []
        while longest_first:
            longest = max(min(len(histories[longest_first[0]]), window), 1)
            at_once = max(EVENTS_A_BATCH // longest, 1)
            parts.append(longest_first[:at_once])
            longest_first = longest_first[at_once:]
        return parts

    def logits(self, histories: Sequence[History]) -> Float[np.ndarray, "history item"]:
        """Logits of every item for each history."""
        out = np.empty((len(histories), len(self.bias)), dtype=np.float32)

        @torch.inference_mode()
        def score(part: list[int]) -> None:
            some = [histories[i] for i in part]
            learned = torch.addmm(self.bias, self._encode(some), self.candidates.T)
            out[part] = learned.cpu().numpy() + self.voters.logits(some)

        side_by_side(score, self._of_like_length(histories), self.device)
        if self.trend is not None:
            as_of = np.array([history.as_of for history in histories])
            moments, place = np.unique(as_of, return_inverse=True)
            out += self.trend.logits(moments)[place]
        return out
