"""What all pages share: titles, empty states, glossary, and calm when something breaks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from html import escape
from typing import Literal, ParamSpec, TypeAlias

import streamlit as st

from dashboard import access, resources, state
from dashboard.discretion import note_failure
from dashboard.drawing_order import in_turn, out_of_turn
from dashboard.errors import told
from dashboard.glossary import glossary
from dashboard.pages import page
from dashboard.words import _, language, literal, speaking, speaking_of, vocabulary
from recommender.workspace.quotas import QuotaError
from recommender.workspace.store import StoreError

P = ParamSpec("P")
Badge: TypeAlias = Literal["primary", "gray", "green", "yellow", "orange"]
"""What Streamlit colours a badge."""
_log = logging.getLogger("dashboard")


def whole_page_when(ready: bool) -> None:
    """From a part that waits: draw the whole page anew when what it waits for is there.

    Not while the page itself is being drawn, or a second drawing would come right behind.
    """
    if ready and state.drawn_alone():
        state.draw_unasked()


def calm(view: Callable[P, None]) -> Callable[P, None]:
    """A view that says what is wrong in words; what nobody foresaw goes to the log alone."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            # Asked once: a click says 800 things, and asking took 5 % of it.
            with in_turn(), speaking(language()), speaking_of(vocabulary()):
                view(*args, **kwargs)
        except access.NotAdmittedError as problem:
            empty(_("Nobody is logged in"), str(problem))
        except StoreError as problem:
            empty(_("The library does not answer"), told(problem))
        except QuotaError as problem:
            empty(_("There is no room"), told(problem))
        except resources.NotOpenError as problem:
            empty(_("Nothing to show yet"), str(problem), onward=True)
        except Exception as error:
            note_failure(_log, "a view failed", error)
            empty(
                _("This part could not be drawn"),
                _("What happened is in the server's log. The other pages still work."),
            )

    return wrapped


@contextmanager
def waiting(key: resources.RunKey) -> Iterator[None]:
    """The shape of a page while a model is opened for the first time."""
    if resources.is_open(key):
        yield
        return
    place = st.empty()
    with place.container(key="waiting"):
        st.caption(_("Opening the run …"))
        st.skeleton(height=90)
        st.skeleton(height=320)
    try:
        with out_of_turn():
            yield
    finally:
        place.empty()


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Says what takes long; others may draw in the meantime."""
    with st.spinner(what), out_of_turn():
        yield


def title(name: str, lead: str, skip: tuple[str, str] | None = None) -> None:
    """The page's name and the question it answers.

    `skip` is a link for who goes by keyboard: what it says, and the anchor it leads to.
    """
    with st.container(key="title", horizontal=True, vertical_alignment="center"):
        st.title(literal(name), anchor=False)
        if skip:
            said, anchor = skip
            st.html(f'<a class="skip" href="#{anchor}">{escape(said)}</a>', width="content")
        with st.container(width="content"):
            _words_popover()
    st.markdown(f":gray[{lead}]")


def section(name: str, help: str | None = None, anchor: str | None = None) -> None:
    """A heading inside a page, with help on how to read what follows."""
    st.subheader(literal(name), anchor=anchor or False, help=help)


def badges(*facts: str | tuple[str, Badge]) -> None:
    """Short facts in a row, grey or in a colour: one element, for each costs every click."""
    pairs = [(fact, "gray") if isinstance(fact, str) else fact for fact in facts]
    st.markdown(" ".join(f":{colour}-badge[{literal(fact)}]" for fact, colour in pairs))


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """What is known of a customer or product."""
    badges(*(f"{name}: {value}" for name, value in pairs))


def empty(what: str, why: str, onward: bool = False) -> None:
    """In place of a chart or a page: what is missing and what to do, and nothing alarming."""
    with st.container(border=True):
        st.markdown(f"**{what}**")
        st.text(why)
        if onward:
            st.page_link(page("data"), label=_("Open or train a run"))


@access.fragment
def _words_popover() -> None:
    """Draw the button; it opens every term with its meaning."""
    menu = st.popover(
        _("Words"),
        icon=":material/menu_book:",
        type="tertiary",
        key="glossary",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.container(height=420, border=False, width=380, gap="xsmall"):
        for plain, term, meaning in glossary():
            name = f"**{plain}** :small[:gray[{term}]]" if term else f"**{plain}**"
            st.markdown(f"{name}  \n{meaning}")
