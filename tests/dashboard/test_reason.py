"""The reason in words is said with its test, for whom the URL asks; and what more is said."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.secrets import Secrets

from dashboard import access, resources, state
from recommender.evaluate.newcomers import newcomer
from recommender.explain import Findings, claims_of, explain, recommend, trust_summary
from recommender.explain.bundles import bundles
from recommender.explain.item_deletions import item_deletions
from recommender.model.run import Run, open_run
from recommender.words import Audience, in_words
from recommender.words.drafts import blurb, bundle_reason, suits
from tests.dashboard.test_pages import _workspace, opened, words
from tests.dashboard.test_whatif_pages import finished
from tests.words.endpoint import as_json, endpoint, sentences_asked

__all__ = ["_workspace"]


@pytest.fixture(scope="module")
def run(run_folder: Path) -> Run:
    return open_run(run_folder)


def first_reason(run: Run, audience: Audience) -> tuple[str, str]:
    """The words for u07's first product, with the test and without it."""
    history = run.history(run.user("u07"), before_held_out=True)
    item = recommend(run, history, 1, "all")[0].item
    explained = explain(run, history, item)
    tried = {
        "trust": trust_summary(run, history, item, "all"),
        "item_deletions": item_deletions(run, history, item, "all"),
    }
    tested, untested = (
        claims_of(explained, Findings.of(run.dataset, explained.items, **one))
        for one in (tried, {})
    )
    return in_words(tested, "en", audience).text, in_words(untested, "en", audience).text


def test_a_shopper_is_told_of_a_weak_reason_that_it_is_weak(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = run.history(run.user("u07"), before_held_out=True)
    explained = explain(run, history, recommend(run, history, 1, "all")[0].item)
    weak = replace(trust_summary(run, history, explained.item, "all"), verdict="weak")
    monkeypatch.setattr(resources, "reason_test", lambda *asked: weak)
    lost = item_deletions(run, history, explained.item, "all")
    found = Findings.of(run.dataset, explained.items, trust=weak, item_deletions=lost)
    claims = claims_of(explained, found)
    said = in_words(claims, "en", "shopper").text
    assert "newest do as well" in {claim.weakness for claim in claims}
    shown = words(opened("recommendations", user="u07", show="all", audience="shopper"))
    assert said in shown.splitlines()


@pytest.mark.parametrize("page", ["recommendations", "whatif", "compare"])
def test_each_page_says_the_reason_with_its_test(run: Run, page: str) -> None:
    tested, untested = first_reason(run, "analyst")
    assert tested != untested
    shown = words(opened(page, user="u07", show="all")).splitlines()
    assert tested in shown
    assert untested not in shown


def test_the_story_says_it_to_merchandisers_unless_others_are_asked_for(run: Run) -> None:
    tested, _untested = first_reason(run, "merchandiser")
    assert tested in words(opened("present", user="u07", step="3")).splitlines()
    tested, _untested = first_reason(run, "shopper")
    shown = words(opened("present", user="u07", step="3", audience="shopper"))
    assert tested in shown.splitlines()


def test_a_language_model_says_it_only_where_one_is_set_and_only_what_is_backed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    asked = {"user": "u07", "show": "all", "audience": "shopper"}
    unset = opened("recommendations", **asked)
    assert "by_model" not in {toggle.key for toggle in unset.toggle}
    tested, _untested = first_reason(run, "shopper")

    def lying(question: dict[str, Any]) -> str:
        return as_json([*sentences_asked(question), "Everybody loves it."])

    with endpoint(lying) as served:
        monkeypatch.setenv("RECLENS_LLM_BASE_URL", served.url)
        monkeypatch.setenv("RECLENS_LLM_MODEL", "m")
        app = opened("recommendations", **asked)
        assert not served.asked
        app.toggle(key="by_model").set_value(True).run()
        shown = words(app)
        app.run()
        assert len(served.asked) == 1
    assert "1 of its 2 sentences are backed by the numbers." in shown
    assert "It read 400 tokens and wrote 60." in shown
    assert shown.splitlines().count(tested) == 2
    assert "loves" not in shown


def test_a_wish_that_waits_for_the_end_of_the_page_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        script_requests = ScriptRequests()

    monkeypatch.setattr(state, "get_script_run_ctx", lambda **more: Context)
    assert not state.wished_anew()
    Context.script_requests.request_rerun(RerunData(fragment_id="a"))
    assert state.wished_anew()


def test_the_language_model_may_stand_in_the_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "secrets.toml"
    given = 'RECLENS_LLM_BASE_URL = "http://127.0.0.1/v1"\nRECLENS_LLM_MODEL = "of the secrets"\n'
    kept.write_text(f"{given}RECLENS_LLM_PRICE_IN = 2\nRECLENS_LLM_SCHEMA = false\n")
    monkeypatch.setenv("RECLENS_LLM_MODEL", "of the environment")
    # Streamlit writes secrets into the environment, where later tests would find them.
    monkeypatch.setattr(os, "environ", dict(os.environ))
    option = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda name: [str(kept)] if name == "secrets.files" else option(name)
    )
    monkeypatch.setattr(access.st, "secrets", Secrets())
    model = resources.language_model()
    assert model is not None
    assert (model.model, model.price_in, model.schema) == ("of the secrets", 2.0, False)
    kept.write_text(f'{given}RECLENS_LLM_TIMEOUT = "soon"\n')
    monkeypatch.setattr(access.st, "secrets", Secrets())
    with pytest.raises(resources.NotOpenError, match="RECLENS_LLM_TIMEOUT"):
        resources.language_model()


def test_bundles_stand_beside_lift_when_they_are_asked_for(run: Run) -> None:
    shown = words(finished("item", item="i04"))
    assert "By lift alone" not in shown
    shown = words(finished("item", item="i04", more="bundles", size="2"))
    assert "By lift alone" in shown
    found = bundles(run, 4, 2)
    assert found
    assert all(bundle_reason(one, "en") in shown for one in found)
    assert all(len(one.items) == 2 for one in found)


def test_a_segment_is_said_in_words_with_how_many_were_asked() -> None:
    shown = words(finished("item", item="i04", more="segment", segment="age_band=18-34"))
    assert "Their histories give " in shown
    assert "Asked: 30 of 30 customers of this segment." in shown


def test_whom_it_would_suit_is_said_of_what_nobody_bought(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_all = resources.audience

    def unsold(*asked: Any) -> Any:
        return replace(of_all(*asked), buyers=0)

    monkeypatch.setattr(resources, "audience", unsold)
    shown = words(finished("item", item="i04", more="newcomer"))
    assert "Nobody bought it yet. By its features alone it was scored for 60 customers" in shown
    found = newcomer(run, 4)
    assert all(said in shown for said in (blurb(found, "en"), *suits(found, "en")))
