"""The reason stands with its test, for whom the URL asks; and what more is said."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.secrets import Secrets

from dashboard import access, resources, sentences_card, state
from recommender.evaluate.newcomers import newcomer
from recommender.explain import Findings, claims_of, explain, recommend
from recommender.explain.bundles import bundles
from recommender.explain.by_item import by_item
from recommender.explain.card import Card, card_of
from recommender.explain.item_deletions import worth_naming
from recommender.explain.summary import trust_summaries
from recommender.model.run import Run, open_run
from recommender.words import Audience, Words, in_words
from recommender.words.drafts import blurb, bundle_reason, suits
from tests.dashboard.test_pages import _workspace, answers, opened, words
from tests.dashboard.test_whatif_pages import finished
from tests.words.endpoint import as_json, endpoint, sentences_asked

__all__ = ["_workspace"]


@pytest.fixture(scope="module")
def run(run_folder: Path) -> Run:
    return open_run(run_folder)


def first_reason(run: Run, audience: Audience) -> tuple[Words, Card]:
    """The words and the card for u07's first product, both with the test."""
    history = run.history(run.user("u07"), before_held_out=True)
    # What is tried for a list at once differs in its last digits, and words are chosen by digits.
    listed = [row.item for row in recommend(run, history, 10, "all")]
    explained = explain(run, history, listed[0])
    lost = by_item(run, history, listed, "all")[0]
    found = trust_summaries(run, history, listed, "all")[0]
    tried = Findings.of(
        run.dataset, explained.items, trust=found, item_deletions=worth_naming(lost)
    )
    said = in_words(claims_of(explained, tried), "en", audience)
    return said, card_of(explained, lost, found)


def test_a_shopper_is_told_of_a_weak_reason_that_it_may_not_be_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _said, card = first_reason(run, "shopper")
    assert card.trust is not None
    weak = replace(card.trust, verdict="weak")
    monkeypatch.setattr(resources, "reason_test", lambda *asked: weak)
    shown = answers(opened("recommendations", user="u07", show="all", audience="shopper"))
    assert sentences_card.shopper(replace(card, trust=weak)) in shown.splitlines()
    assert "Perhaps because you" in shown


@pytest.mark.parametrize("page", ["recommendations", "whatif", "compare", "present"])
def test_each_page_has_the_answer_card_with_its_test(run: Run, page: str) -> None:
    _said, card = first_reason(run, "analyst")
    shown = answers(opened(page, user="u07", show="all", step="3")).splitlines()
    assert all(said in shown for said in sentences_card.prose(card))
    assert {sentences_card.row_name(row) for row in card.rows} <= set(shown)


def test_all_the_evidence_is_a_claim_a_line_for_whom_the_url_asks(run: Run) -> None:
    asked = {"user": "u07", "show": "all"}
    closed = opened("recommendations", **asked)
    assert "In the profile" not in answers(closed)
    assert closed.button(key="all_evidence").label == "All the evidence"
    for audience in ("analyst", "merchandiser"):
        said, card = first_reason(run, audience)
        app = opened("recommendations", **asked, evidence="1", audience=audience)
        shown = answers(app).splitlines()
        assert all(one.text in shown for one in said.sentences)
        assert card.cause is not None
        assert card.cause.title in shown
    assert app.button(key="all_evidence").label == "Hide the evidence"


def test_the_story_tells_customers_one_sentence_if_it_is_for_them(run: Run) -> None:
    _said, card = first_reason(run, "shopper")
    shown = answers(opened("present", user="u07", step="3", audience="shopper")).splitlines()
    assert sentences_card.shopper(card) in shown


def test_a_language_model_says_it_only_where_one_is_set_and_only_what_is_backed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    asked = {"user": "u07", "show": "all", "audience": "shopper", "evidence": "1"}
    unset = opened("recommendations", **asked)
    assert "by_model" not in {toggle.key for toggle in unset.toggle}
    tested = first_reason(run, "shopper")[0].text

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
    assert shown.splitlines().count(tested) == 1
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
