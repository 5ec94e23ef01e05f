"""What outlives a visit, done by hand in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from recommender.data import save_dataset
from recommender.workspace import feedback, places, store
from recommender.workspace.library import OPERATOR
from tests.dashboard.shop import dataset
from tests.servers.conftest import Serve, settle


def test_an_opinion_is_kept_and_a_data_set_is_deleted_after_a_word(
    home: Path, serve: Serve, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = save_dataset(dataset(), home / "datasets" / "tiny")
    url = serve()
    page.goto(f"{url}/recommendations?user=U0007&k=5")
    settle(page)
    page.locator(".st-key-thumbs_recommendation button").first.click()
    expect(page.get_by_text("Your feedback is kept.")).to_be_visible()
    settle(page)
    monkeypatch.setenv(places.HOME, str(home))
    found = feedback.opinions(OPERATOR)
    store.close_store()
    said = found[["about", "thumb", "user_id"]].to_numpy().tolist()
    assert said == [["recommendation", 1, "U0007"]]
    seen = json.loads(found["seen"].iloc[0])
    assert len(seen["top"]) == 5
    assert found["item_id"].iloc[0] in seen["top"]
    assert "user=U0007" in found["state"].iloc[0]

    page.goto(f"{url}/data?entry=tiny")
    settle(page)
    page.locator(".st-key-delete_tiny button").click()
    expect(page.get_by_text("tiny and everything in it will be gone.")).to_be_visible()
    assert tiny.is_dir()
    page.locator(".st-key-delete_for_good button").click()
    expect(page.locator(".st-key-delete_for_good")).to_have_count(0)
    settle(page)
    assert not tiny.exists()
