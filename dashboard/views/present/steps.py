"""The steps of the story: who, what, why, and what if."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import catalogue, edits, identities, resources, sentences, state
from dashboard.figures.lenses import lens_chart, lens_table
from dashboard.figures.palette import palette
from dashboard.figures.timeline import Marks, timeline, timeline_table
from dashboard.figures.whatif import rank_changes
from dashboard.names import LENSES, lens_name
from dashboard.resources import Question
from dashboard.views.chart import draw
from dashboard.views.frame import badges, facts
from dashboard.views.reason import audience, card_html
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.views.whatif.tools import leading_product
from dashboard.words import _, literal, plural

if TYPE_CHECKING:
    from recommender.explain.types import Explanation, Recommendation
    from recommender.model.run import Run

_PICKS = 5
_EVENTS = 6


@dataclass(frozen=True)
class Story:
    """Whom the story is about."""

    run: Run
    question: Question

    @property
    def who(self) -> str:
        """The customer's id, or a pseudonym where ids are hidden."""
        return identities.label(self.run.dataset, self.question.user, state.masked())

    @property
    def picks(self) -> tuple[Recommendation, ...]:
        """What they are offered."""
        return resources.recommendations(self.question, _PICKS, self.run.default_view)

    @property
    def explained(self) -> Explanation | None:
        """The product that the story explains: the one of the URL, or the first."""
        asked = catalogue.item_code(self.run.dataset, state.read(state.ITEM))
        if asked is None and self.picks:
            asked = self.picks[0].item
        return None if asked is None else resources.explanation(self.question, asked)


def meet(story: Story) -> None:
    """Who the customer is."""
    _title(_("Meet {who}").format(who=story.who))
    facts(catalogue.profile(story.run.dataset, story.question.user))
    data, history = story.run.dataset, resources.history(story.question)
    table = timeline_table(data, history, catalogue.category_feature(data), Marks())
    if table.empty:
        _say(_("Nothing is known of what they did: popularity and profile decide."))
        return
    _say(sentences.timeline(table, data.target_events))
    draw(
        "timeline",
        timeline(
            table,
            data.event_types,
            palette(state.theme()),
            catalogue.category_name(data),
        ),
        _("Each dot is an event; its colour is the category."),
        table,
    )


def offered(story: Story) -> None:
    """What the model would offer."""
    _title(_("What {who} is offered").format(who=story.who))
    first = story.picks[0] if story.picks else None
    if first is None:
        _say(_("Nothing: the {@customer} has every {@product} already."))
        return
    _say(
        plural(
            "Of {n} {@product} this comes first: {title}.",
            "Of {n} {@products} these come first; {title} leads.",
            len(story.run.dataset.items),
            title=first.title,
        )
    )
    _cards(story, [(row.item, str(row.rank), _because(story, row)) for row in story.picks])


def _because(story: Story, row: Recommendation) -> str:
    if row.reason_event is None:
        return _("popular, or fits the profile")
    history = resources.history(story.question)
    cause = str(story.run.dataset.items["title"].iloc[history.items[row.reason_event]])
    return _("because of {cause}").format(cause=cause)


def why(story: Story) -> None:
    """One reason, at a glance and through the three lenses."""
    explained = story.explained
    if explained is None:
        offered(story)
        return
    _title(_("Why {title}?").format(title=explained.title))
    with st.container(key="reason"):
        card = resources.card(story.question, explained, story.run.default_view)
        st.html(card_html(card, audience()))
    with st.container(horizontal=True, gap="medium", key="lens_words"):
        for name in map(lens_name, LENSES):
            st.markdown(f"**{name.plain}** :small[:gray[{name.meaning}]]", width="content")
    draw(
        "lenses",
        lens_chart(explained, palette(state.theme()), "influence", _EVENTS),
        sentences.lenses(explained),
        partial(lens_table, explained),
    )


def what_if(story: Story) -> None:
    """What would be offered without what it hangs on; without a history, with the first pick."""
    explained = story.explained
    if explained is None:
        offered(story)
        return
    edit = _telling_edit(story, explained)
    after = replace(story.question, edits=(edit,))
    data, draft = story.run.dataset, resources.draft(after)
    said = sentences_whatif.edits(data, draft, after.edits)
    _title(_("And {change}?").format(change=said[:1].lower() + said[1:]))
    before, now = story.picks, resources.recommendations(after, _PICKS, story.run.default_view)
    view = story.run.default_view
    changes = rank_changes(
        before,
        now,
        resources.ranks(story.question, tuple(row.item for row in now), view),
        resources.ranks(after, tuple(row.item for row in before), view),
    )
    _say(sentences_whatif.outcome(said, changes))
    listed = changes[changes["change"] != "out"]
    _cards(
        story,
        [
            (int(row.item), str(row.rank), sentences_whatif.moved(row.change, row.before))
            for row in listed.itertuples()
        ],
    )


def _telling_edit(story: Story, explained: Explanation) -> str:
    """The smallest deletion that turns the outcome; without one, what counts most."""
    if not len(explained.items):
        kind = story.run.dataset.asked_codes[-1]
        last = resources.draft(story.question).last_day
        return edits.added(explained.item_id, kind, last)
    view = story.run.default_view
    turning = resources.turning(story.question, explained.item, _PICKS, view).deletion
    if turning is not None and turning.events:
        return edits.removed(*map(str, turning.events))
    return edits.removed(*leading_product(explained))


def _title(text: str) -> None:
    st.title(literal(text), anchor=False)


def _say(text: str) -> None:
    with st.container(key="said"):
        st.text(text)


def _cards(story: Story, picks: list[tuple[int, str, str]]) -> None:
    """Products side by side: rank, picture, title, and a few words."""
    data, key = story.run.dataset, story.question.run
    feature = catalogue.category_feature(data)
    pictures = resources.pictures(key, tuple(item for item, _rank, _said in picks))
    with st.container(key="cards", horizontal=True, gap="small"):
        for (item, rank, said), picture in zip(picks, pictures, strict=True):
            with st.container(border=True, key=f"card_{item}", width="stretch", gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    badges((rank, "primary"))
                    if picture:
                        st.image(picture, width=104, alt="")
                st.markdown(f"**{literal(str(data.items['title'].iloc[item]))}**")
                if feature is not None:
                    st.caption(literal(feature.label(item)))
                st.text(said)
