"""The doctor: what a file is, what is wrong with it, what was made of it, and all that to keep."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final, Literal

import streamlit as st

from dashboard import access, identities, state
from dashboard.discretion import without_cells
from dashboard.errors import told
from dashboard.names import day
from dashboard.views.data.fixes import refusal
from dashboard.views.frame import Badge, badges, section
from dashboard.words import _, plural
from recommender.data import Problem, ReadOptions, Tables
from recommender.data.cleaning.export import cleaned_files, problem_table
from recommender.data.columns import TableName
from recommender.data.fixes import FixName
from recommender.data.problems import Severity
from recommender.data.reading.files import RawTable
from recommender.data.saved_answers import as_toml, settled
from recommender.data.spreadsheets import to_csv

_ROWS: Final = 5
_SHOWN_CELL: Final = 200
_ORDER: Final[tuple[Severity, ...]] = ("error", "repaired", "note")
_LISTED: Final = 40
"""More problems than anybody reads on a page; the report has all."""


def found(table: TableName, read: RawTable) -> None:
    """What the file is, which sheet of it is read, and its first rows as they stand in it."""
    form = read.form
    if read.frame.empty:
        return
    separators = {
        ",": _("comma"),
        ";": _("semicolon"),
        "\t": _("tab"),
        "|": _("bar"),
        " ": _("space"),
    }
    facts = [
        read.file,
        plural("{n} row", "{n} rows", len(read.frame)),
        plural("{n} column", "{n} columns", len(read.frame.columns)),
        _size(form.size),
        *form.packing,
    ]
    if form.format == "text":
        separator = separators.get(form.separator, form.separator)
        facts.append(_("encoding {name}").format(name=form.encoding))
        facts.append(_("separator {name}").format(name=separator))
    elif form.format:
        facts.append(
            {"workbook": _("workbook"), "database": _("database")}.get(form.format, form.format)
        )
    with st.container(border=True, key=f"found_{table}"):
        st.text(" · ".join(facts))
        if len(form.sheets) > 1:
            st.selectbox(
                _("Sheet"),
                form.sheets,
                width=260,
                **state.choice(f"sheet.{table}", form.sheets, form.sheets[0]),
            )
        if state.masked():  # which column has ids is not known yet
            st.caption(
                _("Rows are not shown as they stand in the file while {@customer} ids are hidden.")
            )
            return
        first = read.frame.head(_ROWS)
        st.dataframe(first.apply(lambda cells: cells.str.slice(0, _SHOWN_CELL)), height="content")


def _size(size: int) -> str:
    if size < 100_000:
        return _("{size} kB").format(size=f"{max(size / 1e3, 0.1):,.1f}")
    return _("{size} MB").format(size=f"{size / 1e6:,.1f}")


def problems(every: tuple[Problem, ...]) -> None:
    """Everything that was found in the files, what stops the reading first."""
    section(
        _("What was found in the files"),
        _("What was put right can be refused one by one; line 1 is the header."),
        anchor="repairs",
    )
    every = tuple(replace(problem, message=without_cells(problem.message)) for problem in every)
    if not every:
        st.text(_("Nothing to mend."))
        return
    _rows(every)
    st.download_button(
        _("Problem report (CSV)"),
        data=access.exported("problems of files", lambda: to_csv(problem_table(every))),
        file_name="problems.csv",
        mime="text/csv",
        on_click="ignore",
        key="problem_report",
    )


def _rows(every: tuple[Problem, ...]) -> None:
    """A row for each problem; the first that a fix was made for has the switch to refuse it."""
    ranked = sorted(every, key=lambda problem: _ORDER.index(problem.severity))
    switched: set[FixName] = set()
    with st.container(key="problems", gap="xsmall"):
        for problem in ranked[:_LISTED]:
            with st.container(border=True, gap="xsmall"):
                with st.container(horizontal=True, gap="small"):
                    _state(problem)
                    st.text(told(problem.said))
                if problem.fix is not None and problem.fix not in switched:
                    switched.add(problem.fix)
                    same = [one.count for one in every if one.fix == problem.fix]
                    refusal(problem.fix, sum(same))
        more = len(ranked) - _LISTED
        if more > 0:
            st.text(plural("{n} more is in the report.", "{n} more are in the report.", more))


def _state(problem: Problem) -> None:
    names: dict[Severity, tuple[str, Badge]] = {
        "error": (_("to mend"), "orange"),
        "repaired": (_("repaired"), "green"),
        "note": (_("to know"), "gray"),
    }
    with st.container(width="content"):
        badges(names[problem.severity])


def outcome(tables: Tables, options: ReadOptions) -> None:
    """What the files hold once they are clean; the clean files, and what they were read by, to take
    away."""
    section(_("What was made of them"))
    events, hidden = tables.interactions, state.masked()
    facts = [
        plural("{n} event", "{n} events", len(events)),
        plural("{n} {@customer}", "{n} {@customers}", len(tables.users)),
        plural("{n} {@product}", "{n} {@products}", len(tables.items)),
    ]
    if tables.has_time:
        span = _("from {first} to {last}")
        facts.append(span.format(first=day(events["time"].min()), last=day(events["time"].max())))
    with st.container(key="outcome"):
        st.text(" · ".join(facts))
    with st.expander(_("First rows as they were understood")):
        for table in (events, tables.items, tables.users):
            st.dataframe(identities.exported(table.head(_ROWS), hidden), hide_index=True)
    with st.container(horizontal=True):
        labels: dict[Literal["csv", "parquet"], str] = {
            "csv": _("Clean tables (CSV)"),
            "parquet": _("Clean tables (Parquet)"),
        }
        for form, label in labels.items():
            st.download_button(
                label,
                data=access.exported("clean tables", partial(_cleaned, tables, form, hidden)),
                file_name=f"clean-{form}.zip",
                mime="application/zip",
                on_click="ignore",
                key=f"clean_{form}",
            )
        st.download_button(
            _("Answers (TOML)"),
            data=access.exported(
                "answers about files", lambda: as_toml(settled(options, tables)).encode()
            ),
            file_name="answers.toml",
            mime="application/toml",
            on_click="ignore",
            key="answers",
            help=_(
                "Columns, kinds and rules, for the next file of this kind: "
                "python -m recommender import --answers answers.toml"
            ),
        )


def _cleaned(tables: Tables, form: Literal["csv", "parquet"], hidden: bool) -> bytes:
    return cleaned_files(identities.exported_tables(tables, hidden), form)
