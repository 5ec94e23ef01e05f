"""One shop, imported and trained on once, serves all tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.cli.shop import import_arguments, write_shop

WINDOW = 6


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shop's files."""
    folder = tmp_path_factory.mktemp("shop")
    write_shop(folder)
    return folder


@pytest.fixture(scope="session")
def dataset(shop: Path) -> Path:
    """The shop's data set."""
    answer = call(*import_arguments(shop), "--out", shop / "dataset")
    assert answer.code == 0, answer.err
    return shop / "dataset"


@pytest.fixture(scope="session")
def run(dataset: Path) -> Path:
    """A run that was trained on it for two epochs."""
    out = dataset.parent / "run"
    short = ("--epochs", 2, "--width", 32, "--layers", 1, "--window", WINDOW)
    answer = call("train", dataset, "--out", out, *map(str, short), "--device", "cpu")
    assert answer.code == 0, answer.err
    return out
