"""Vectors of items: from a column, from a file, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.data import (
    Dataset,
    ReadOptions,
    TableError,
    build_dataset,
    load_dataset,
    read_tables,
    save_dataset,
)
from recommender.data.cleaning.vectors import MAX_DIMENSIONS, compact
from recommender.data.features import Feature
from tests.data.shop import INTERACTIONS

PICTURES = np.random.default_rng(5).normal(size=(4, 8)).astype(np.float32)
IDS = ("rug", "NA", "007", "lamp")
"""In the order of the file; the data set sorts them: 007, NA, lamp, rug."""
SORTED = (2, 1, 3, 0)


def expected(pictures: np.ndarray = PICTURES) -> np.ndarray:
    """Centred rows of length one, in the order of the data set."""
    centred = pictures - pictures.mean(0)
    return (centred / np.linalg.norm(centred, axis=1, keepdims=True))[list(SORTED)]


def built(tmp_path: Path, items: str | pa.Table, **options: object) -> Dataset:
    (tmp_path / "events.csv").write_text(INTERACTIONS)
    if isinstance(items, str):
        path = tmp_path / "items.csv"
        path.write_text(items)
    else:
        path = tmp_path / "items.parquet"
        pq.write_table(items, path)
    tables = read_tables(tmp_path / "events.csv", path, None, ReadOptions(**options))  # type: ignore[arg-type]
    return build_dataset(tables, "shop")


def csv(cells: list[str]) -> str:
    rows = [f'{item},"{cell}"' for item, cell in zip(IDS, cells, strict=True)]
    return "\n".join(["item_id,picture", *rows])


def picture(dataset: Dataset) -> Feature:
    (feature,) = (one for one in dataset.item_features if one.name == "picture")
    return feature


@pytest.mark.parametrize(
    "cell",
    [
        lambda row: " ".join(map(str, row)),
        lambda row: json.dumps(row.tolist()),
        lambda row: "|".join(map(str, row)),
    ],
)
def test_cells_of_numbers_are_found_to_be_vectors(tmp_path: Path, cell) -> None:
    dataset = built(tmp_path, csv([cell(row) for row in PICTURES]))
    feature = picture(dataset)
    assert feature.kind == "vector"
    assert feature.codes.shape == (4, 0)
    assert feature.vectors == pytest.approx(expected(), abs=1e-5)
    assert "picture" not in dataset.items


@pytest.mark.parametrize("size", [-1, 8], ids=["lists", "lists of fixed size"])
def test_lists_in_parquet_are_vectors(tmp_path: Path, size: int) -> None:
    lists = pa.array(PICTURES.tolist(), type=pa.list_(pa.float32(), size))
    table = pa.table({"item_id": list(IDS), "picture": lists})
    assert picture(built(tmp_path, table)).vectors == pytest.approx(expected(), abs=1e-5)


def test_rows_of_a_file_of_numbers_go_with_the_rows_of_the_items(tmp_path: Path) -> None:
    np.save(tmp_path / "pictures.npy", PICTURES)
    items = "item_id\n" + "\n".join(IDS)
    dataset = built(tmp_path, items, vectors={"picture": tmp_path / "pictures.npy"})
    assert picture(dataset).vectors == pytest.approx(expected(), abs=1e-5)


def test_item_without_a_vector_has_zeros_and_the_others_are_centred_without_it(
    tmp_path: Path,
) -> None:
    cells = ["", *(" ".join(map(str, row)) for row in PICTURES[1:])]
    vectors = picture(built(tmp_path, csv(cells))).vectors
    assert vectors is not None
    assert not vectors[3].any()
    centred = PICTURES[1:] - PICTURES[1:].mean(0)
    assert vectors[0] == pytest.approx(centred[1] / np.linalg.norm(centred[1]), abs=1e-5)


def test_few_or_whole_numbers_are_vectors_when_told(tmp_path: Path) -> None:
    cells = ["1 0", "0 1", "1 1", "0 0.5"]
    assert not [f for f in built(tmp_path, csv(cells)).item_features if f.kind == "vector"]
    assert picture(built(tmp_path, csv(cells), kinds={"picture": "vector"})).kind == "vector"


@pytest.mark.parametrize("column", ["picture", "items.picture"])
def test_vectors_can_be_left_out(tmp_path: Path, column: str) -> None:
    cells = [" ".join(map(str, row)) for row in PICTURES]
    dataset = built(tmp_path, csv(cells), kinds={column: "ignore"})
    assert "picture" not in {feature.name for feature in dataset.item_features}


@pytest.mark.parametrize("cell", ["0.5 red 0.1 2 3 4 5 6", "0.5 0.1", "nan " * 8])
def test_bad_cells_are_named_with_file_column_and_line(tmp_path: Path, cell: str) -> None:
    cells = [" ".join(map(str, row)) for row in PICTURES]
    cells[2] = cell
    with pytest.raises(TableError, match=r"items.csv, column 'picture': 1 .* \(line 4\)"):
        built(tmp_path, csv(cells), kinds={"picture": "vector"})


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (PICTURES[:3], "pictures.npy: it has 3 rows, and items.csv has 4"),
        (PICTURES[0], "one row an item"),
        (np.array([["a"] * 8] * 4), "a table of numbers"),
        (np.where(np.arange(4)[:, None] == 1, np.inf, PICTURES), "such as row 2"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, array: np.ndarray, said: str) -> None:
    np.save(tmp_path / "pictures.npy", array)
    with pytest.raises(TableError, match=said):
        built(
            tmp_path, "item_id\n" + "\n".join(IDS), vectors={"picture": tmp_path / "pictures.npy"}
        )


def test_pickled_arrays_and_missing_files_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "pictures.npy", np.array([{}, 1, 2, 3], dtype=object), allow_pickle=True)
    for name, said in (("pictures.npy", "no array that can be read"), ("none.npy", "no such file")):
        with pytest.raises(TableError, match=said):
            built(tmp_path, "item_id\n" + "\n".join(IDS), vectors={"picture": tmp_path / name})


def test_vectors_without_an_items_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(INTERACTIONS)
    options = ReadOptions(vectors={"picture": tmp_path / "pictures.npy"})
    with pytest.raises(TableError, match="only with a table of the items"):
        read_tables(tmp_path / "events.csv", options=options)


def test_a_kind_of_vector_for_no_such_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"no column 'users\.region' of vectors"):
        built(tmp_path, "item_id\n" + "\n".join(IDS), kinds={"users.region": "vector"})


def test_vectors_survive_saving_and_other_numbers_are_another_data_set(tmp_path: Path) -> None:
    first = built(tmp_path, csv([" ".join(map(str, row)) for row in PICTURES]))
    loaded = load_dataset(save_dataset(first, tmp_path / "shop"))
    assert np.array_equal(picture(loaded).vectors, picture(first).vectors)  # type: ignore[arg-type]
    assert picture(loaded).source == picture(first).source
    other = built(tmp_path, csv([" ".join(map(str, row)) for row in PICTURES + 1]))
    assert other.fingerprint != first.fingerprint


def test_wide_vectors_keep_the_distances_that_their_main_directions_have() -> None:
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(300, 20)) @ rng.normal(size=(20, 400)) + 5
    vectors = compact(wide.astype(np.float32))
    assert vectors is not None
    assert vectors.shape == (300, MAX_DIMENSIONS)
    centred = wide - wide.mean(0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    assert vectors @ vectors.T == pytest.approx(centred @ centred.T, abs=1e-3)


def test_rows_that_are_all_alike_are_no_feature() -> None:
    assert compact(np.ones((5, 8), dtype=np.float32)) is None
