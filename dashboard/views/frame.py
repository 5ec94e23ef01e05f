"""What all pages share: header, titles, empty states, and calm when something breaks."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from pathlib import Path
from typing import Literal, ParamSpec, TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from dashboard import access, groups, resources, state
from dashboard.discretion import note_failure
from dashboard.errors import told
from dashboard.drawing_order import in_turn, out_of_turn
from dashboard.views.words_popover import words_popover
from dashboard.words import LANGUAGES, NAMES, TAGS, _, language, literal, plural, speaking
from recommender.workspace.pseudonyms import IN_ADDRESS
from recommender.workspace.quotas import QuotaError
from recommender.workspace.store import StoreError

P = ParamSpec("P")
Badge: TypeAlias = Literal["primary", "gray", "green", "yellow", "orange"]
"""What Streamlit colours a badge."""
_STYLE = Path(__file__).parents[1] / "style.css"
_SCRIPT = Path(__file__).parents[1] / "browser.js"
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
            with in_turn(), speaking(language()):
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


def header(pages: Sequence[StreamlitPage], current: StreamlitPage) -> DeltaGenerator:
    """Name, pages, and the data set and run in use; its links keep what is being looked at.

    Returns the place for a note under it.
    """
    st.html(_STYLE)
    _tell_browser(pages.index(current) + 1 if current in pages else 0)
    if current not in pages:
        return st.empty()
    from dashboard.views.present_link import present_link

    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<div class="brand">Rec<b>Lens</b></div>', width="content")
        place = st.container(key="nav_place", width="stretch")
        with place:
            _links(pages, "nav")
        state.remember("links", (place, pages))
        present = st.container(key="present_link", width="content")
        in_use = st.container(key="in_use", width="content")
        _languages()
        access.account()
    with present:
        present_link()
    with in_use:
        _in_use()
    return st.empty()


def refresh_links() -> None:
    """Let the links to the pages name what is being looked at, after a part was drawn alone.

    Called in every such part, and also when the whole page is drawn: Streamlit keeps a place in
    the header for what the part may draw there later. The style shows the later links alone.
    """
    place, pages = state.recall("links")
    with place:
        if state.drawn_alone():
            _links(pages, "nav_now")
        else:
            st.empty()


def _links(pages: Sequence[StreamlitPage], name: str) -> None:
    with st.container(key=name, horizontal=True, wrap=False, gap=None, width="stretch"):
        for page in pages:
            st.page_link(page, query_params=state.link(), width="content")


def _languages() -> None:
    """One click to each other language, in its own words; the URL keeps it."""
    for other in LANGUAGES:
        if other != language():
            st.button(
                NAMES[other],
                key=f"speak_{other}",
                type="tertiary",
                on_click=state.write,
                kwargs={state.LANGUAGE: other},
            )


def _tell_browser(place: int) -> None:
    """The page's language, for screen readers and for the shapes of Chinese characters.

    And which link leads to this page: where there is no room for all it comes first. And what
    the script has to say on steps back and on keys.
    """
    lang = f"document.documentElement.lang = '{TAGS[language()]}'"
    script = f"<script>{lang}\n{_SCRIPT.read_text(encoding='utf-8')}</script>"
    first = f":is(.st-key-nav, .st-key-nav_now) > :nth-child({place}) {{ order: -1 }}"
    style = f"<style>@media (max-width: 700px) {{ {first} }}</style>"
    with st.container(key="spoken"):
        st.html(script + style, unsafe_allow_javascript=True)


def show_address(page: str) -> None:
    """Let the browser show the address whole, unless it has left this view by now."""
    settled = state.settled()
    if settled is None:
        return
    before, after = map(json.dumps, settled)
    ids = json.dumps(IN_ADDRESS if state.masked() else ())
    script = f"""<script>/* {page} */ {{
        const read = (at) => {{
            const found = new URLSearchParams(at);
            for (const name of {ids})
                if (found.has(name) && !/^~[A-Z2-7-]{{14}}$/.test(found.get(name)))
                    found.set(name, "");
            return `${{found}}`;
        }};
        if (read(location.search) === read({before})) {{
            const at = location.pathname + "?" + {after} + location.hash;
            history.replaceState(history.state, "", at);
        }}
    }}</script>"""
    with st.container(key="address"):
        st.html(script, unsafe_allow_javascript=True)


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


@calm
def _in_use() -> None:
    try:
        key = resources.run_key(state.read(state.RUN))
        told = resources.report(key)
    except resources.NotOpenError:
        st.caption(_("no run open"), width="content")
        return
    data = told.dataset
    with st.popover(literal(f"{data.name} · {told.name}"), type="tertiary", width="content"):
        st.markdown(f"**{_('Data set')}**")
        st.text(
            "\n".join(
                [
                    data.name,
                    plural("{n} user", "{n} users", len(data.users)),
                    plural("{n} product", "{n} products", len(data.items)),
                    plural("{n} event", "{n} events", len(data.interactions)),
                    _("fingerprint {value}").format(value=data.fingerprint),
                ]
            )
        )
        st.markdown(f"**{_('Run')}**")
        st.text(told.name)
        if resources.is_open(key):
            opened = resources.run(key)
            st.text(
                "\n".join(
                    [
                        _("fingerprint {value}").format(value=opened.fingerprint),
                        _("computes on {device}").format(device=opened.device),
                    ]
                )
            )
        st.toggle(
            _("Hide user ids"),
            help=_(
                "Pseudonyms stand in for ids on pages, in links and in files. Groups of fewer than "
                "{least} customers are not told apart."
            ).format(least=groups.floor()),
            **state.switch(state.MASK),
        )


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
            words_popover()
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
    from dashboard.pages import page

    with st.container(border=True):
        st.markdown(f"**{what}**")
        st.text(why)
        if onward:
            st.page_link(page("data"), label=_("Open or train a run"))
