"""One to three files become a data set: read, every problem shown, mapping and kinds changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import state
from dashboard.views.frame import calm, empty, section
from dashboard.views.mapping import choose_kinds, map_columns
from dashboard.views.training import start_training
from dashboard.words import _
from recommender.data import (
    Problem,
    ReadOptions,
    TableError,
    Tables,
    build_dataset,
    read_tables,
    save_dataset,
)
from recommender.data.files import RawTable, read_file
from recommender.data.mapping import TableName
from recommender.workspace.library import new_path

_TYPES: Final = ["csv", "tsv", "txt", "gz", "parquet"]
_LARGEST: Final = 200 * 2**20
_MOST: Final = 1_000_000

Files = dict[TableName, UploadedFile]


@dataclass(frozen=True)
class Reading:
    """What came of the files under some options."""

    tables: Tables | None
    problems: tuple[Problem, ...]


@calm
def upload() -> None:
    """Draw the way from files to a training job."""
    files = _files()
    if files is None:
        return
    raw = _raw(files)
    options = map_columns(raw)
    reading = _read(files, options)
    if reading.tables is not None:
        options = choose_kinds(reading.tables, options, _signature(files))
        reading = _read(files, options)
    _problems(reading.problems)
    if reading.tables is not None:
        _preview(reading.tables)
        _build(files["interactions"].name, reading.tables)


def _files() -> Files | None:
    """The uploaded files by table; None until there are interactions."""
    section(
        _("Your files"),
        _(
            "CSV, TSV or Parquet, plain or gzip, up to 200 MB each. One table with everything in "
            "each row works too: what belongs to products is lifted out of it."
        ),
    )
    labels: dict[TableName, str] = {
        "interactions": _("Who did what, and when"),
        "items": _("Products (optional)"),
        "users": _("Customers (optional)"),
    }
    columns = st.columns(3, gap="medium")
    files: Files = {}
    for column, (table, label) in zip(columns, labels.items(), strict=True):
        with column:
            sent = st.file_uploader(label, type=_TYPES, key=f"file_{table}")
        if sent is not None and sent.size > _LARGEST:
            empty(_("{name} is too large").format(name=sent.name), _("At most 200 MB."))
        elif sent is not None:
            files[table] = sent
    return files if "interactions" in files else None


def _raw(files: Files) -> dict[TableName, RawTable]:
    return state.once(
        "raw", _signature(files), lambda: {t: read_file(_source(f)) for t, f in files.items()}
    )


def _signature(files: Files) -> tuple[object, ...]:
    return tuple((table, file.file_id) for table, file in files.items())


def _source(file: UploadedFile) -> tuple[str, bytes]:
    return file.name, file.getvalue()


def _read(files: Files, options: ReadOptions) -> Reading:
    key = (_signature(files), repr(options))
    return state.once("reading", key, lambda: _try_to_read(files, options))


def _try_to_read(files: Files, options: ReadOptions) -> Reading:
    try:
        sources = {str(table): _source(file) for table, file in files.items()}
        tables = read_tables(**sources, options=options)
    except TableError as error:
        return Reading(None, error.problems)
    return Reading(tables, tables.problems)


def _problems(problems: tuple[Problem, ...]) -> None:
    """Everything that was found in the files, what stops the reading first."""
    section(_("What was found in the files"))
    if not problems:
        st.text(_("Nothing to mend."))
        return
    names = {"error": _("to mend"), "repaired": _("repaired"), "note": _("to know")}
    order = list(names)
    ranked = sorted(problems, key=lambda problem: order.index(problem.severity))
    table = pd.DataFrame(
        {
            "state": [names[problem.severity] for problem in ranked],
            "file": [problem.file for problem in ranked],
            "column": [problem.column or "" for problem in ranked],
            "rows": [_rows(problem) for problem in ranked],
            "what": [problem.message for problem in ranked],
            "remedy": [problem.remedy for problem in ranked],
        }
    )
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


def _preview(tables: Tables) -> None:
    with st.expander(_("First rows as they were understood")):
        st.dataframe(tables.interactions.head(5), hide_index=True)
        st.dataframe(tables.items.head(5), hide_index=True)


def _build(file: str, tables: Tables) -> None:
    """Name, settings, and the button that builds and trains."""
    section(_("Train"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            _("Name"), width=260, **state.words(state.NAME, Path(file).name.split(".")[0])
        )
        again = {"proposed": _("as the data suggest"), "yes": _("yes"), "no": _("no")}
        repeats = st.selectbox(
            _("Recommend again what customers have"),
            list(again),
            format_func=again.__getitem__,
            width=260,
            **state.choice(state.REPEATS, list(again), "proposed"),
        )
        least = st.number_input(
            _("Fewest events a product needs"),
            min_value=1,
            step=1,
            width=220,
            **state.number(state.FEWEST, 1, _MOST, 1),
        )
        epochs = st.number_input(
            _("Passes over the data, at most"),
            min_value=1,
            step=1,
            width=220,
            **state.number(state.PASSES, 1, _MOST, 30),
        )
        pressed = st.button(_("Build and train"), type="primary", key="build")
    if not pressed:
        return
    with st.spinner(_("Building the data set …")):
        dataset = build_dataset(
            tables,
            name.strip() or "data",
            min_item_events=int(least),
            repeats={"proposed": None, "yes": True, "no": False}[repeats],
        )
        path = new_path("dataset", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_dataset(dataset, path)
    start_training(path, name, ("--epochs", str(int(epochs))))
