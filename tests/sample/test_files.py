"""The committed files are what the generator writes, to the byte."""

import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from recommender.sample import SampleShop, generate_sample, write_sample
from recommender.sample.files import sample_files

COMMITTED = Path(__file__).parents[2] / "sample_data"
MEGABYTE = 1_000_000


def digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


@pytest.fixture(scope="module")
def files(shop: SampleShop) -> dict[str, bytes]:
    return {name: text.encode() for name, text in sample_files(shop, seed=7).items()}


def test_committed_files_are_those_the_generator_writes(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        assert digest((COMMITTED / name).read_bytes()) == digest(content), name


def test_a_seed_gives_the_same_bytes_again(files: dict[str, bytes]) -> None:
    again = sample_files(generate_sample(seed=7), seed=7)
    assert {name: digest(text.encode()) for name, text in again.items()} == {
        name: digest(content) for name, content in files.items()
    }


def test_another_seed_gives_other_events(files: dict[str, bytes], other_shop: SampleShop) -> None:
    other = sample_files(other_shop, seed=8)
    for name in ("interactions.csv", "items.csv", "users.csv", "causes.csv", "README.md"):
        assert digest(other[name].encode()) != digest(files[name]), name


def test_lines_end_alike_everywhere_and_the_whole_is_small(files: dict[str, bytes]) -> None:
    assert not any(b"\r" in content for content in files.values())
    assert sum(len(content) for content in files.values()) < 6 * MEGABYTE


def test_the_files_read_back_as_the_shop(files: dict[str, bytes], shop: SampleShop) -> None:
    read = pd.read_csv(COMMITTED / "interactions.csv", parse_dates=["time"])
    assert list(read) == list(shop.interactions)
    assert (read["time"] == shop.interactions["time"]).all()
    assert read["price"].dropna().tolist() == shop.interactions["price"].dropna().tolist()
    assert set(read["event"]) == {"view", "cart", "purchase"}


def test_every_product_has_its_picture(files: dict[str, bytes], shop: SampleShop) -> None:
    pictures = {name for name in files if name.startswith("images/")}
    assert set(shop.items["image_url"]) == pictures
    for name in pictures:
        assert ET.fromstring(files[name]).tag == "{http://www.w3.org/2000/svg}svg"
        assert len(files[name]) < 3_000


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, shop: SampleShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "interactions.csv").write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("recommender.sample.files.generate_sample", lambda seed: shop)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["interactions.csv"]
    assert (tmp_path / "interactions.csv").read_text() == "old"


def test_write_sample_writes_every_file_over_what_is_there(
    tmp_path: Path, files: dict[str, bytes], shop: SampleShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.sample.files.generate_sample", lambda seed: shop)
    (tmp_path / "users.csv").write_text("old")
    write_sample(tmp_path)
    written = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert written == files
