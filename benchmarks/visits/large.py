"""Large data: a heatmap of 200 events, and searching 100,000 users and 200,000 items.

The runs are made: a generated shop and a network that has learned nothing, since what is drawn and
searched costs the same. Each stays in `build/visits` for the next time.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from pace.generated import generated_shop
from playwright.sync_api import Browser, Page
from safetensors.torch import save_file

from recommender.data import Dataset, Feature, load_dataset, save_dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.model.learning import TrainConfig
from recommender.model.neighbours import item_neighbours
from recommender.model.network import ModelConfig
from recommender.model.run import FORMAT, open_run
from recommender.model.training import new_network
from visits.serving import BARE, ROOT, new_page, open_when_up, painted, server, settle

BUILD = ROOT / "build" / "visits"
EVENTS = 200
USERS, ITEMS = 100_000, 200_000
TIMES = 20


def made_run(name: str, users: int, items: int, history: int, window: int) -> Path:
    """A run of a network as it is before training; made once."""
    out = BUILD / f"{name}-{users}-{items}-{history}-{window}"
    if (out / "curve.json").is_file():
        return out
    out.mkdir(parents=True, exist_ok=True)
    dataset, config = _named(generated_shop(users, items, history)), ModelConfig(window=window)
    save_dataset(dataset, out / "dataset", replace=True)
    dataset = load_dataset(out / "dataset")
    table = dataset.interactions
    few = table["user"].to_numpy() < 2_000
    pairs = table["user"].to_numpy()[few], table["item"].to_numpy()[few]
    near = item_neighbours(*pairs, (users, items), above_chance=True)[0]
    import torch

    weights = new_network(dataset, config).state_dict()
    weights |= {
        f"neighbours.{part}": torch.from_numpy(getattr(near, part))
        for part in ("data", "indices", "indptr")
    }
    save_file(weights, out / "weights.safetensors")
    told = {
        "format": FORMAT,
        "model": asdict(config),
        "training": asdict(TrainConfig()),
        "split": "leave-last-basket-out",
        "dataset": dataset.fingerprint,
        "precision": "none: not trained",
    }
    for part, value in (("config", told), ("metrics", {"views": {}}), ("curve", [])):
        (out / f"{part}.json").write_text(json.dumps(value))
    open_run(out)
    return out


def _named(dataset: Dataset) -> Dataset:
    """With titles to search for and a moment to hold out."""
    feature: Feature = dataset.item_features[0]
    titles = [f"item {n} of kind {feature.label(n)}" for n in range(len(dataset.items))]
    named = replace(dataset, items=dataset.items.assign(title=titles))
    return replace(named, fingerprint=dataset_fingerprint(named))


def heatmaps(browser: Browser) -> list[float]:
    """Seconds from a click on another head to the drawn heatmap of 200 events, warm."""
    run = made_run("long", 60, 500, 2 * EVENTS, EVENTS)
    dataset = load_dataset(run / "dataset")
    user = int(np.argmax(np.diff(dataset.offsets) >= EVENTS + 20))
    name = dataset.users["user_id"].iloc[user]
    page = new_page(browser)
    with server(run) as served:
        open_when_up(page, f"{served.url}/attention?stage=routing&newest={EVENTS}&user={name}")
        page.wait_for_selector(".st-key-chart_routing .js-plotly-plot")
        settle(page)
        heads = page.locator(".st-key-w_head [role=radio]")
        found = [_head(page, heads.nth(nth % heads.count())) for nth in range(1, TIMES + 3)]
    page.context.close()
    # The heads are the same from the second round on: what is timed is drawing, not the model.
    return found[2:]


_DRAWN = """before => {
    const plot = document.querySelector('.st-key-chart_routing .js-plotly-plot');
    const image = plot && plot.querySelector('.heatmaplayer image');
    return image && image.href.baseVal !== before;
}"""
_IMAGE = "document.querySelector('.st-key-chart_routing .heatmaplayer image').href.baseVal"


def _head(page: Page, button: object) -> float:
    before, started = page.evaluate(_IMAGE), time.perf_counter()
    button.click()  # type: ignore[attr-defined]
    page.wait_for_function(_DRAWN, arg=before, polling="raf")
    painted(page)
    took = time.perf_counter() - started
    settle(page)
    return took


def searches(browser: Browser) -> dict[str, tuple[list[float], list[float]]]:
    """For users and items: seconds from typing to results, and of the bare round trip."""
    run = made_run("wide", USERS, ITEMS, 8, 50)
    dice, page = np.random.default_rng(0), new_page(browser)
    with server(run, BARE) as served:
        open_when_up(page, f"{served.url}/?as=search")
        bare = _type(page, "people", [f"bare {n}" for n in range(TIMES + 2)])
    found = {}
    users = [str(n) for n in dice.choice(USERS, TIMES + 2)]
    items = [f"item {n} " for n in dice.choice(ITEMS, TIMES + 2)]
    plans = {
        "users": ("recommendations", "picker", "people", users),
        "items": ("item", "item_picker", "products", items),
    }
    with server(run) as served:
        for name, (path, picker, table, queries) in plans.items():
            open_when_up(page, f"{served.url}/{path}")
            page.wait_for_selector(f".st-key-{picker} button")
            settle(page)
            page.locator(f".st-key-{picker} button").first.click()
            page.wait_for_selector(f".st-key-{table} [role=gridcell]", state="attached")
            settle(page)
            found[name] = (_type(page, table, queries)[2:], bare[2:])
    page.context.close()
    return found


_FOUND = """([table, query]) =>
    [...document.querySelectorAll(`.st-key-${table} [role=gridcell]`)]
    .some(cell => cell.textContent.includes(query))"""


def _type(page: Page, table: str, queries: list[str]) -> list[float]:
    """Seconds from the last key to the first row that has what was typed."""
    field, took = page.get_by_role("searchbox").first, []
    for query in queries:
        started = time.perf_counter()
        field.fill(query)
        page.wait_for_function(_FOUND, arg=[table, query.strip()], polling="raf")
        painted(page)
        took.append(time.perf_counter() - started)
        settle(page)
    return took
