"""The way from a file to a training, at a glance: each step with its verdict and its count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from dashboard.names import role_name
from dashboard.words import _, plural
from recommender.data import Problem, Tables
from recommender.data.columns import TableName
from recommender.data.reading.files import RawTable

Verdict = Literal["done", "ask", "stop", "wait"]
_SIGNS: dict[Verdict, str] = {"done": "✓", "ask": "?", "stop": "!", "wait": "·"}


@dataclass(frozen=True)
class Step:
    """One part of the way, with a link to it."""

    name: str
    anchor: str
    verdict: Verdict
    said: str
    """The verdict in words, with its count."""


def steps(every: Sequence[Step]) -> None:
    """Draw the steps as one line of links."""
    rows = "".join(
        f'<li class="{step.verdict}"><a href="#{step.anchor}"><b>{place} {escape(step.name)}'
        f' <span aria-hidden="true">{_SIGNS[step.verdict]}</span></b>'
        f"<br>{escape(step.said)}</a></li>"
        for place, step in enumerate(every, 1)
    )
    with st.container(key="path"):
        st.html(f'<ol class="path">{rows}</ol>')


def file_step(raw: Mapping[TableName, RawTable]) -> Step:
    """How much was read."""
    rows = sum(len(read.frame) for read in raw.values())
    files = plural("{n} file", "{n} files", len(raw))
    said = f"{files}, " + plural("{n} row", "{n} rows", rows)
    return Step(_("File"), "file", "done" if rows else "stop", said)


def columns_step(missing: Sequence[str], unsure: Sequence[str]) -> Step:
    """Which roles (`user_id` …) have no column, and which have one that is not sure."""
    if missing:
        named = ", ".join(map(role_name, missing))
        return Step(_("Columns"), "columns", "stop", _("missing: {roles}").format(roles=named))
    if unsure:
        named = ", ".join(map(role_name, unsure))
        said = _("not sure: {roles}").format(roles=named)
        return Step(_("Columns"), "columns", "ask", said)
    return Step(_("Columns"), "columns", "done", _("all found"))


def repairs_step(problems: Sequence[Problem]) -> Step:
    """What has to be mended first, or else what was put right."""
    count = {
        severity: sum(problem.severity == severity for problem in problems)
        for severity in ("error", "repaired", "note")
    }
    if count["error"]:
        said = plural("{n} to mend", "{n} to mend", count["error"])
        return Step(_("Repairs"), "repairs", "stop", said)
    if count["repaired"]:
        said = plural("{n} kind repaired", "{n} kinds repaired", count["repaired"])
        return Step(_("Repairs"), "repairs", "done", said)
    notes = count["note"]
    said = plural("{n} thing to know", "{n} things to know", notes) if notes else _("none needed")
    return Step(_("Repairs"), "repairs", "done", said)


def last_step(tables: Tables | None) -> Step:
    """What there is to train on."""
    if tables is None:
        return Step(_("Train"), "train", "wait", _("waits for what is to mend"))
    said = plural("{n} event ready", "{n} events ready", len(tables.interactions))
    return Step(_("Train"), "train", "done", said)
