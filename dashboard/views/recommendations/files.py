"""The whole explanation as a file: a page that opens offline, or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import access, identities, resources, sentences, state
from dashboard.access import fragment
from dashboard.exports_explanation import Chapter, Story, to_html, to_json
from dashboard.figures import answer
from dashboard.figures.flow import flow_chart
from dashboard.figures.lenses import lens_chart
from dashboard.figures.palette import palette
from dashboard.figures.shares import event_feature_heatmap, share_chart
from dashboard.names import LENSES, as_of, lens_name, place, score
from dashboard.views.reason import audience, card_html, lines_of
from dashboard.views.recommendations import sentences_flow
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.words import _, ended, in_a_row
from recommender.words import Audience

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

_MOST_EVENTS = 25


@fragment
def explanation_files(selection: Selection, chosen: Chosen, explained: Explanation) -> None:
    """A menu; the files are made when they are asked for."""
    menu = st.popover(
        _("Save"), icon=":material/download:", type="tertiary", key="save", on_change="rerun"
    )
    if not menu.open:
        return
    told = audience()

    def page(live: bool) -> bytes:
        story = _story(selection, chosen, explained, told)
        return to_html(story, palette(state.theme()), live)

    kinds = (
        (_("Page with live charts"), "live.html", lambda: page(live=True)),
        (_("Page with pictures, small"), "html", lambda: page(live=False)),
        ("JSON", "json", lambda: _document(selection, chosen, explained)),
    )
    with menu:
        for place, (label, ending, make) in enumerate(kinds):
            st.download_button(
                label,
                data=access.exported(selection.run.path, make, "share"),
                file_name=f"reclens-explanation.{ending}",
                mime="application/json" if ending == "json" else "text/html",
                key=f"save_{place}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def _document(selection: Selection, chosen: Chosen, explained: Explanation) -> bytes:
    run, question = selection.run, selection.question
    source = {"run": run.fingerprint, "dataset": run.dataset.fingerprint}
    said = resources.document(_who(selection), question, explained, chosen.candidates)
    return to_json(said | source)


def _who(selection: Selection) -> str:
    dataset, user = selection.run.dataset, selection.question.user
    return identities.label(dataset, user, state.masked())


def _story(selection: Selection, chosen: Chosen, explained: Explanation, told: Audience) -> Story:
    run, colours = selection.run, palette(state.theme())
    asked = selection.question, explained, chosen.candidates, chosen.listed
    card = resources.card(*asked)
    words = resources.reason(selection.question, explained, told, *asked[2:])
    (standing,) = resources.standings(selection.question, (explained.item,))
    chapters = [
        Chapter(
            _("How the score adds up"),
            _("Shares of the score by feature. They are exact: all bars together make the score."),
            share_chart(explained, colours),
            sentences.shares(explained),
        )
    ]
    chapters += _flow(selection, chosen)
    if explained.titles:
        chapters = [_events(explained), *chapters, _cells(explained)]
    return Story(
        _("Why {title}?").format(title=explained.title),
        (
            _("for {who}").format(who=_who(selection)),
            as_of(explained.asked),
            place(standing, chosen.candidates),
            _("score {value}").format(value=score(explained.logit)),
        ),
        card_html(card, told),
        chapters,
        answer.evidence(lines_of(words), colours),
        _(
            "{data} (fingerprint {first}), run {run} (fingerprint {second}). Made with RecLens."
        ).format(
            data=run.dataset.name,
            first=run.dataset.fingerprint,
            run=run.name,
            second=run.fingerprint,
        ),
    )


def _events(explained: Explanation) -> Chapter:
    meanings = _("; ").join(
        _("{plain}: {meaning}").format(plain=name.plain, meaning=name.meaning)
        for name in map(lens_name, LENSES)
    )
    return Chapter(
        _("Event by event"),
        in_a_row(
            ended(meanings),
            _("Attention alone misleads: where they disagree, trust what mattered."),
        ),
        lens_chart(explained, palette(state.theme()), "influence", _MOST_EVENTS),
        sentences.lenses(explained),
    )


def _flow(selection: Selection, chosen: Chosen) -> list[Chapter]:
    """Nothing where the score is no sum."""
    found = resources.flow(selection.question, chosen.item)
    if found is None:
        return []
    lost = resources.lost_without(selection.question, chosen.item, chosen.candidates)
    return [
        Chapter(
            _("The score as a flow"),
            _(
                "A ribbon is as wide as its exact share: blue for, brown against. All blue less "
                "all brown is the score."
            ),
            flow_chart(found, lost, palette(state.theme())),
            sentences_flow.flow(found),
        )
    ]


def _cells(explained: Explanation) -> Chapter:
    return Chapter(
        _("Every event by every feature"),
        _("A cell is what one event adds through one feature: blue for, brown against."),
        event_feature_heatmap(explained, palette(state.theme()), _MOST_EVENTS),
        sentences.event_features(explained),
    )
