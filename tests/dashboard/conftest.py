"""Values made by hand, and one tiny run that all pages are tested on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dashboard import drawing_order as turns
from dashboard import measuring
from recommender.explain.types import Attention, Explanation, ProfileShare
from tests.dashboard.shop import train_shop
from tests.dashboard.timeless import train_timeless

DAY = 86_400


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def timeless_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on data without times."""
    return train_timeless(tmp_path_factory.mktemp("timeless"))


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each measurement would take most of the tests' time to start; and there is no
    browser that paints."""
    monkeypatch.setattr(measuring, "APART", False)
    monkeypatch.setattr(turns, "sleep", lambda seconds: None)


@pytest.fixture
def explanation() -> Explanation:
    """Three events and one profile feature; 0.5 + (0.9 - 0.1 + 0.2) + 0.7 = 2.2."""
    return Explanation(
        item=7,
        item_id="i07",
        title="Memory card",
        as_of=1_700_000_000,
        logit=2.2,
        bias=0.5,
        order_term=0.0,
        window=50,
        items=np.array([1, 2, 3]),
        item_ids=("i01", "i02", "i03"),
        titles=("Camera", "Kettle", "Tripod"),
        times=1_700_000_000 - DAY * np.array([30, 20, 10]),
        event_types=("purchase", "view", "view"),
        attention=np.array([0.2, 0.5, 0.1]),
        gate=np.array([1.0, 1.0, 1.0]),
        contribution=np.array([0.9, -0.1, 0.2]),
        influence=np.array([1.2, 0.0, 0.3]),
        influence_log=np.array([1.0, 0.0, 0.2]),
        feature_names=("item_id", "category", "+together"),
        features=np.array([[0.1, 0.2, 0.6], [-0.1, 0.0, 0.0], [0.0, 0.2, 0.0]]),
        profile=(ProfileShare("age_band", "18-34", 0.2, 0.7, 0.5),),
    )


@pytest.fixture
def attention() -> Attention:
    """A start token, one profile token and three events; one layer of two heads."""
    heads = np.zeros((1, 2, 5, 5))
    for query in range(5):
        heads[0, 0, query, : query + 1] = 1 / (query + 1)
        heads[0, 1, query, 0] = 1.0
    return Attention(
        tokens=("start", "age_band: 18-34", "Camera", "Kettle", "Tripod"),
        positions=np.array([-1, -1, 0, 1, 2]),
        layers=heads,
        readout=np.array([[0.1, 0.1, 0.2, 0.5, 0.1], [0.1, 0.1, 0.6, 0.1, 0.1]]),
        gate=np.ones((2, 5)),
    )
