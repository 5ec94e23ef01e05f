"""The header: pages with links that keep what is seen, languages, and the run in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from dashboard import access, groups, resources, state
from dashboard.pages import page
from dashboard.views.frame import calm
from dashboard.words import LANGUAGES, NAMES, TAGS, _, language, literal, plural
from recommender.workspace.pseudonyms import IN_ADDRESS

_HOME = Path(__file__).parents[1]
_STYLE = "".join((_HOME / name).read_text(encoding="utf-8") for name in ("style.css", "card.css"))
_SCRIPT = Path(__file__).parents[1] / "browser.js"


def header(pages: Sequence[StreamlitPage], current: StreamlitPage) -> DeltaGenerator:
    """Name, pages, and the data set and run in use; its links keep what is being looked at.

    Returns the place for a note under it.
    """
    st.html(f"<style>{_STYLE}</style>")
    _tell_browser(pages.index(current) + 1 if current in pages else 0)
    if current not in pages:
        return st.empty()
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
        _present_link()
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
                    plural("{n} {@customer}", "{n} {@customers}", len(data.users)),
                    plural("{n} {@product}", "{n} {@products}", len(data.items)),
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
            _("Hide {@customer} ids"),
            help=_(
                "Pseudonyms stand in for ids on pages, in links and in files. Groups of fewer than "
                "{least} {@customers} are not told apart."
            ).format(least=groups.floor()),
            **state.switch(state.MASK),
        )


def _present_link() -> None:
    """Draw the button; what is being looked at comes along."""
    clicked = st.button(
        _("Present"),
        key="to_present",
        icon=":material/slideshow:",
        type="tertiary",
        shortcut="P",
        help=_("Tell this {@customer}'s story full screen, step by step."),
    )
    if clicked:
        st.switch_page(page("present"), query_params=state.link(step=None))
