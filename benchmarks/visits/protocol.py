"""A visitor without a browser: speaks to the server as Streamlit's page does, over its WebSocket.

What the page sends after a click is sent here too: the address, the widget that was touched, the
part of the page to be drawn alone; what comes back is read as far as the next click needs it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

_MOST_BYTES = 64_000_000
_TO_BE_RUN_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_BROKEN = ("This part could not be drawn", "The library does not answer", "Nothing to show yet")


@dataclass(frozen=True)
class Widget:
    """Something to click on."""

    id: str
    fragment: str
    """The part of the page that is drawn anew when it is touched; empty for the whole."""


@dataclass
class Client:
    """One visitor with one connection."""

    socket: ClientConnection
    page: str = ""
    query: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    """By the name that the app gave them."""
    pages: dict[str, str] = field(default_factory=dict)
    """What the server calls each page, by its name in the address."""
    errors: list[str] = field(default_factory=list)

    @classmethod
    async def of(cls, url: str) -> Client:
        """A visitor who has just come."""
        address = f"{url.replace('http', 'ws')}/_stcore/stream"
        return cls(await connect(address, max_size=_MOST_BYTES, subprotocols=["streamlit"]))  # type: ignore[list-item]

    async def open(self, page: str, query: str) -> None:
        """Go to a page; returns when it is drawn."""
        self.page, self.query = page, query
        self.widgets.clear()
        await self._run(BackMsg())

    async def click_cell(self, table: str, row: int, column: str) -> None:
        """Click on a cell of the table whose name begins so."""
        widget = self.named(table)
        chosen = {"selection": {"rows": [], "columns": [], "cells": [[row, column]]}}
        await self._touch(widget, WidgetState(id=widget.id, string_value=json.dumps(chosen)))

    async def press(self, button: str) -> None:
        """Press the button whose name begins so."""
        widget = self.named(button)
        await self._touch(widget, WidgetState(id=widget.id, trigger_value=True))

    def named(self, start: str) -> Widget:
        """The first widget whose name begins so. Raises KeyError."""
        for name, widget in self.widgets.items():
            if name.startswith(start):
                return widget
        raise KeyError(start)

    async def _touch(self, widget: Widget, state: WidgetState) -> None:
        message = BackMsg()
        message.rerun_script.widget_states.widgets.append(state)
        message.rerun_script.fragment_id = widget.fragment
        await self._run(message)

    async def _run(self, message: BackMsg) -> None:
        asked = message.rerun_script
        asked.query_string, asked.page_name = self.query, self.page
        asked.page_script_hash = self.pages.get(self.page, "")
        asked.context_info.locale, asked.context_info.timezone = "en-GB", "UTC"
        asked.context_info.color_scheme = "light"
        await self.socket.send(message.SerializeToString())
        while True:
            told = ForwardMsg.FromString(await self.socket.recv(decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                self._see(told.delta.new_element, told.delta.fragment_id)
            elif kind == "navigation":
                for page in told.navigation.app_pages:
                    self.pages[page.url_pathname or "overview"] = page.page_script_hash
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "script_finished" and told.script_finished != _TO_BE_RUN_AGAIN:
                return

    def _see(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        body: Any = getattr(element, kind)
        if kind == "exception":
            self.errors.append(f"{self.page}: {body.type} {body.message}"[:200])
        said = str(getattr(body, "body", ""))
        self.errors += [f"{self.page}: {broken}" for broken in _BROKEN if broken in said]
        given = str(getattr(body, "id", ""))
        if given.startswith("$$ID-"):
            self.widgets[given.split("-", 2)[2]] = Widget(given, fragment)

    async def close(self) -> None:
        """Leave."""
        await asyncio.wait_for(self.socket.close(), 10)
