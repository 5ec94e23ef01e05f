"""The doctor: what a file is, what is wrong with it, what was made of it, and all that to keep."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final, Literal

import pandas as pd
import streamlit as st

from dashboard import access, identities, state
from dashboard.discretion import without_cells
from dashboard.errors import told
from dashboard.names import day
from dashboard.views.data.fixes import fixes
from dashboard.views.frame import section
from dashboard.words import _, plural
from recommender.data import Problem, Tables
from recommender.data.cleaning.export import cleaned_files, problem_table
from recommender.data.columns import TableName
from recommender.data.reading.files import RawTable
from recommender.data.spreadsheets import to_csv

_ROWS: Final = 5
_SHOWN_CELL: Final = 200


def found(table: TableName, read: RawTable) -> None:
    """What the file is, which sheet of it is read, and its first rows as they stand in it."""
    form = read.form
    if read.frame.empty:
        return
    separators = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
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
        facts.append({"workbook": _("workbook")}.get(form.format, form.format))
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
    )
    every = tuple(replace(problem, message=without_cells(problem.message)) for problem in every)
    if not every:
        st.text(_("Nothing to mend."))
        return
    _table(every)
    st.download_button(
        _("Problem report (CSV)"),
        data=access.exported("problems of files", lambda: to_csv(problem_table(every))),
        file_name="problems.csv",
        mime="text/csv",
        on_click="ignore",
        key="problem_report",
    )
    fixes(every)


def _table(every: tuple[Problem, ...]) -> None:
    names = {"error": _("to mend"), "repaired": _("repaired"), "note": _("to know")}
    order = list(names)
    ranked = sorted(every, key=lambda problem: order.index(problem.severity))
    table = pd.DataFrame(
        {
            "state": [names[problem.severity] for problem in ranked],
            "file": [problem.file for problem in ranked],
            "column": [problem.column or "" for problem in ranked],
            "rows": [_rows(problem) for problem in ranked],
            "what": [told(problem.message) for problem in ranked],
            "remedy": [told(problem.remedy) for problem in ranked],
        }
    )
    silent = [name for name in ("column", "rows") if not any(table[name])]
    table = table.drop(columns=silent)  # on a phone they would push what was found out of sight
    config = st.column_config
    with st.container(key="problems"):
        st.dataframe(
            table,
            hide_index=True,
            row_height=62,
            column_config={
                "state": config.TextColumn("", width=80),
                "file": config.TextColumn(_("File"), width=140),
                "column": config.TextColumn(_("Column"), width=110),
                "rows": config.TextColumn(_("Lines"), width=130),
                "what": config.TextColumn(_("What was found"), width=340),
                "remedy": config.TextColumn(_("What to do"), width=340),
            },
        )


def _rows(problem: Problem) -> str:
    if not problem.rows:
        return ""
    first = ", ".join(str(row) for row in problem.rows[:4])
    return (
        first
        if problem.count <= 4
        else _("{first} … {n} in all").format(first=first, n=f"{problem.count:,}")
    )


def outcome(tables: Tables) -> None:
    """What the files hold once they are clean, and the clean files to take away."""
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


def _cleaned(tables: Tables, form: Literal["csv", "parquet"], hidden: bool) -> bytes:
    return cleaned_files(identities.exported_tables(tables, hidden), form)
