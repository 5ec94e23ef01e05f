"""A story for an audience, full width: a customer, their picks, one reason, one what-if."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import resources, state
from dashboard.pages import page
from dashboard.resources import Question
from dashboard.views.frame import calm, empty, waiting
from dashboard.views.present.steps import Story, meet, offered, what_if, why
from dashboard.views.product import asked_for
from dashboard.views.selection import first_user
from dashboard.words import _

_ALONE = "<style>[data-testid='stHeader'] { display: none; }</style>"
_STEPS: tuple[Callable[[Story], None], ...] = (meet, offered, why, what_if)


def show() -> None:
    """Draw the step that the URL names, and the way on and back."""
    at = state.whole(state.STEP, 1, len(_STEPS), 1)
    st.html(_ALONE)
    with st.container(key="present"):
        story = _story()
        if story is not None:
            asked_for(story.run.dataset)
            with st.container(key=f"step_{at}"):
                _step(at, story)
    _bar(at)


@calm
def _step(at: int, story: Story) -> None:
    _STEPS[at - 1](story)


def _story() -> Story | None:
    key = resources.run_key(state.read(state.RUN))
    with waiting(key):
        opened = resources.run(key)
    handle = state.read(state.USER)
    user = resources.user(key, handle) if handle else first_user(opened)
    if user is None:
        empty(
            _("There is no {@customer} {who} in this data set").format(who=handle),
            _("Leave this view and choose one."),
        )
        return None
    before = state.read(state.MOMENT, "before") == "before" and opened.held_out(user) is not None
    return Story(opened, Question(key, user, "before" if before else "now"))


def _go(step: int) -> None:
    state.write(**{state.STEP: str(step)})


def _bar(at: int) -> None:
    """Back, where one is, on, and out; by arrow keys and Escape too."""
    last = len(_STEPS)
    with st.container(key="present_bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Back"),
            key="present_back",
            icon=":material/arrow_back:",
            shortcut="Left",
            disabled=at == 1,
            on_click=_go,
            args=(at - 1,),
        )
        st.html(_dots(at, last), width="content")
        st.button(
            _("Next"),
            key="present_next",
            icon=":material/arrow_forward:",
            icon_position="right",
            shortcut="Right",
            type="primary",
            disabled=at == last,
            on_click=_go,
            args=(at + 1,),
        )
        st.space("stretch")
        if st.button(_("Leave"), key="present_leave", type="tertiary", shortcut="Escape"):
            st.switch_page(page("recommendations"), query_params=state.link(step=None))


def _dots(at: int, last: int) -> str:
    dots = "".join(
        f'<span class="{"now" if step == at else ""}"></span>' for step in range(1, last + 1)
    )
    said = _("Step {at} of {last}").format(at=at, last=last)
    return f'<div class="dots" role="img" aria-label="{said}">{dots}</div>'
