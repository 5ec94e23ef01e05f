"""The sample shop as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from recommender.atomic import make_folder, write_text
from recommender.sample.config import SampleConfig
from recommender.sample.facts import sample_facts
from recommender.sample.generator import SampleShop, generate_sample
from recommender.sample.pictures import pictures
from recommender.sample.readme import readme

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


def write_sample(folder: Path, seed: int = 7) -> SampleShop:
    """Write the sample shop of a seed into a folder, each file whole or not at all."""
    shop = generate_sample(seed)
    for name, text in sample_files(shop, seed).items():
        make_folder((folder / name).parent)
        write_text(folder / name, text)
    return shop


def sample_files(shop: SampleShop, seed: int) -> dict[str, str]:
    """What each file holds, by its path within the folder: tables, pictures and their README."""
    return {
        "interactions.csv": _csv(shop.interactions),
        "items.csv": _csv(shop.items),
        "users.csv": _csv(shop.users),
        "causes.csv": _csv(shop.causes),
        "README.md": readme(seed, sample_facts(shop), SampleConfig()),
        **pictures(),
    }


def _csv(table: pd.DataFrame) -> str:
    text: str = table.to_csv(
        index=False, lineterminator="\n", date_format=TIME_FORMAT, float_format="%.2f"
    )
    return text
