"""From files to what is done with them: read, examined, changed, then trained on or scored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import state
from dashboard.views.ask_database import ask_database
from dashboard.views.counting import choose_predicted
from dashboard.views.data.doctor import found, outcome, problems
from dashboard.views.data.first_charts import look
from dashboard.views.data.fixes import refused_in_url
from dashboard.views.data.mapping import choose_kinds, map_columns
from dashboard.views.data.scoring import score
from dashboard.views.data.steps import columns_step, file_step, last_step, repairs_step, steps
from dashboard.views.data.train_upload import train
from dashboard.views.data.wording import chosen_vocabulary
from dashboard.views.frame import busy, calm, empty, section
from dashboard.words import _, literal, speaking_of
from recommender.confined import READING
from recommender.data import Problem, ReadOptions, Source, TableError, Tables, clean_tables
from recommender.data.columns import TableName
from recommender.data.fixes import AT_READING
from recommender.data.limits import MAX_UPLOAD
from recommender.data.queries import Query
from recommender.data.reading.files import RawTable
from recommender.data.reading.sources import gather

_ENDINGS: Final = "csv tsv tab txt psv dat xlsx xlsm xlsb xls ods parquet gz zip"
_LONGEST_PASTE: Final = 2_000_000
_ENCODINGS: Final = ("", "utf-8", "gb18030", "cp1252", "utf-16", "big5", "shift_jis", "cp1251")
PURPOSES: Final = ("train", "score", "look")


@dataclass(frozen=True)
class Upload:
    """What was sent, by table, and a key that changes with it."""

    files: dict[TableName, UploadedFile | str | Query]
    """A file, the text that was pasted, or what a database was asked."""
    key: tuple[object, ...]

    @property
    def name(self) -> str:
        """What the interactions are called."""
        file = self.files["interactions"]
        return _("pasted rows") if isinstance(file, str) else file.name

    def sources(self) -> dict[TableName, Source]:
        """The content, which is copied only here: drawing the page again needs none."""
        return {
            table: file if isinstance(file, Query) else _sent_file(file)
            for table, file in self.files.items()
        }


def _sent_file(file: UploadedFile | str) -> tuple[str, bytes]:
    if isinstance(file, str):
        return _("pasted rows"), file.encode()
    return file.name, file.getvalue()


@dataclass(frozen=True)
class Reading:
    """What came of the files under some options."""

    tables: Tables | None
    problems: tuple[Problem, ...]


@calm
def upload() -> None:
    """Draw the way from files to a training, a scoring or a look."""
    READING.start()  # it is there when a file has been chosen
    sent = _sent()
    if sent is None:
        return
    way = st.container()
    with busy(_("Reading and examining the files …")):
        options = _how_to_read(sent)
        raw = _raw(sent, options)
        for table, read in raw.items():
            found(table, read)
    options, doubts = map_columns(raw, options)
    with busy(_("Reading and examining the files …")):
        reading = _read("proposed", sent, raw, options)
        if reading.tables is not None:
            kept = options
            options = choose_predicted(reading.tables, choose_kinds(reading.tables, options))
            reading = reading if options == kept else _read("changed", sent, raw, options)
    with way:
        steps(
            [
                file_step(raw),
                columns_step(doubts.missing, doubts.unsure),
                repairs_step(reading.problems),
                last_step(reading.tables),
            ]
        )
    problems(reading.problems)
    if reading.tables is not None:
        with speaking_of(chosen_vocabulary(reading.tables, sent.name)):
            outcome(reading.tables, options)
            _purpose(sent.name, reading.tables)


def _sent() -> Upload | None:
    """The uploaded files or pasted rows; None until there are interactions."""
    section(
        _("Your files"),
        _(
            "CSV, TSV, Excel, LibreOffice or Parquet, plain, gzip or zip, up to 200 MB each. One "
            "table with everything in each row works too: what belongs to {@products} is lifted "
            "out of it. A zip may hold all three tables, named interactions, items and users."
        ),
        anchor="file",
    )
    labels: dict[TableName, str] = {
        "interactions": _("Who did what, and when"),
        "items": _("{@Products} (optional)"),
        "users": _("{@Customers} (optional)"),
    }
    columns = st.columns(3, gap="medium")
    files: dict[TableName, UploadedFile | str | Query] = {}
    key: list[object] = []
    for column, (table, label) in zip(columns, labels.items(), strict=True):
        with column:
            file = st.file_uploader(label, type=_ENDINGS.split(), key=f"file_{table}")
        if file is not None and file.size > MAX_UPLOAD:
            empty(_("{name} is too large").format(name=literal(file.name)), _("At most 200 MB."))
        elif file is not None:
            files[table] = file
            key += [table, file.file_id]
    if "interactions" not in files and (pasted := _pasted()):
        files["interactions"] = pasted
        key += ["pasted", pasted]
    times, asked = ask_database()
    if asked.keys() - files.keys():
        files = {**asked, **files}
        key += ["asked", times]
    return Upload(files, tuple(key)) if "interactions" in files else None


def _pasted() -> str:
    with st.expander(_("Or paste a few rows")):
        return st.text_area(
            _("Rows with the names of the columns above them"),
            key="pasted",
            max_chars=_LONGEST_PASTE,
            height=160,
            placeholder="user_id,item_id,time\nann,kettle,2025-03-01",
        ).strip()


def _how_to_read(sent: Upload) -> ReadOptions:
    """What has to be known before the files are read."""
    names = {"": _("as found"), **{name: name for name in _ENCODINGS[1:]}}
    sheets = {table: state.read(f"sheet.{table}") for table in sent.files}
    with st.container(key="encoding"):
        encoding = st.selectbox(
            _("Encoding"),
            _ENCODINGS,
            format_func=names.__getitem__,
            width=190,
            **state.choice(state.ENCODING, _ENCODINGS, ""),
        )
    return ReadOptions(
        encoding=encoding or None,
        sheets={table: sheet for table, sheet in sheets.items() if sheet},
        refused=refused_in_url(),
    )


def _raw(sent: Upload, options: ReadOptions) -> dict[TableName, RawTable]:
    refused = options.refused & AT_READING
    key = (sent.key, options.encoding, tuple(options.sheets.items()), refused)
    only = replace(options, refused=refused)
    return state.once("raw", key, lambda: gather(sent.sources(), only))


def _read(name: str, sent: Upload, raw: dict[TableName, RawTable], options: ReadOptions) -> Reading:
    return state.once(
        f"reading_{name}", (sent.key, repr(options)), lambda: _try_to_read(raw, options)
    )


def _try_to_read(raw: dict[TableName, RawTable], options: ReadOptions) -> Reading:
    try:
        tables = clean_tables(raw, options)
    except TableError as error:
        return Reading(None, error.problems)
    return Reading(tables, tables.problems)


def _purpose(name: str, tables: Tables) -> None:
    """What to do with the data, and the place to do it."""
    section(_("What now?"), anchor="train")
    names = {
        "train": _("Train a model on them"),
        "score": _("Score them with a run"),
        "look": _("Look only"),
    }
    chosen = st.segmented_control(
        _("What to do with the data"),
        PURPOSES,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.PURPOSE, PURPOSES, PURPOSES[0]),
    )
    if chosen == "score":
        score(name, tables)
    elif chosen == "look":
        look(tables)
    else:
        train(name, tables)
