from __future__ import annotations

import io
import json
import shutil
import stat
import time
import zipfile
from pathlib import Path

import pytest

from recommender.said import Said
from recommender.workspace import bundles, library
from recommender.workspace.bundles import BundleError
from recommender.workspace.library import OPERATOR
from recommender.workspace.quotas import QuotaError
from recommender.workspace.visitors import Visitor

ANN = Visitor("ann", "Ann", admin=False)


def zipped(folder: Path) -> io.BytesIO:
    out = io.BytesIO()
    bundles.write_bundle(folder, out)
    return out


def made(*files: tuple[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out


def contents(bundle: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(bundle: io.BytesIO, home: Path, match: str) -> None:
    with pytest.raises(BundleError, match=match):
        bundles.take_in(bundle, home / "runs" / "sent", OPERATOR)
    assert list((home / "runs").iterdir()) == []


def test_a_run_comes_back_as_it_went(run_folder: Path, home: Path) -> None:
    to = library.new_path("run", "sent", OPERATOR)
    assert bundles.take_in(zipped(run_folder), to, OPERATOR) == "run"
    for name in bundles.RUN_FILES - bundles.NOT_ALWAYS:
        assert (to / name).read_bytes() == (run_folder / name).read_bytes()


def test_a_data_set_comes_back_as_it_went(data: Path, home: Path) -> None:
    assert bundles.take_in(zipped(data), home / "datasets" / "sent", OPERATOR) == "dataset"


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil", "run/../../evil", "run/model.pkl", "run/x/y/z.json"]
)
def test_files_that_do_not_belong_are_refused(data: Path, home: Path, name: str) -> None:
    files = contents(zipped(data)) | {name: b"{}"}
    refused(made(*files.items()), home, "belongs neither|two files")
    assert not (home.parent / "evil.json").exists()


def test_links_are_refused(data: Path, home: Path) -> None:
    out = zipped(data)
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("data/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    refused(out, home, "is a link")


def test_a_bomb_is_refused_before_it_unpacks(data: Path, home: Path) -> None:
    files = contents(zipped(data))
    lying = made(*(files | {"data/items.parquet": bytes(50_000_000)}).items())
    raw = bytearray(lying.getvalue())
    size = (50_000_000).to_bytes(4, "little")
    raw = raw.replace(size, (1_000).to_bytes(4, "little"))
    refused(io.BytesIO(bytes(raw)), home, "more than it says|damaged")


def test_what_is_no_zip_or_is_cut_off_is_refused(data: Path, home: Path) -> None:
    whole = zipped(data).getvalue()
    for broken in (b"", b"hello", whole[: len(whole) // 2]):
        refused(io.BytesIO(broken), home, "no zip")


def test_changed_content_is_found_out(data: Path, run_folder: Path, home: Path) -> None:
    files = contents(zipped(data))
    schema = json.loads(files["data/schema.json"]) | {"fingerprint": "0" * 16}
    refused(
        made(*(files | {"data/schema.json": json.dumps(schema).encode()}).items()), home, "fing"
    )
    weights = "run/weights.safetensors"
    files = contents(zipped(run_folder))
    refused(made(*(files | {weights: files[weights][:-100]}).items()), home, "damaged")


def test_why_it_is_refused_keeps_its_parts_and_names_no_folder_of_the_server(
    data: Path, home: Path
) -> None:
    files = contents(zipped(data)) | {"data/items.parquet": b"PAR1"}
    with pytest.raises(BundleError) as error:
        bundles.take_in(made(*files.items()), home / "runs" / "sent", OPERATOR)
    why = error.value.said.values["why"]
    assert isinstance(why, Said)
    assert why.template == "{path} is damaged or was changed. Import the data again"
    assert why.values == {"path": "the run/items.parquet"}


def test_settings_that_ask_for_all_memory_do_not_get_it(run_folder: Path, home: Path) -> None:
    files = contents(zipped(run_folder))
    config = json.loads(files["run/config.json"])
    config["model"]["width"] = 2**20
    files["run/config.json"] = json.dumps(config).encode()
    refused(made(*files.items()), home, "memory|damaged|fit")


def listing(files: int) -> bytes:
    """A zip that lists so many empty files, of 51 bytes each, and holds none of them."""
    listed = b"PK\x01\x02" + bytes(24) + (5).to_bytes(2, "little") + bytes(16)
    directory = b"".join(listed + b"%05x" % number for number in range(files))
    counts = min(files, 0xFFFF).to_bytes(2, "little") * 2
    end = b"PK\x05\x06" + bytes(4) + counts + len(directory).to_bytes(4, "little") + bytes(6)
    return directory + end


def test_files_in_a_zip_are_counted_before_they_are_listed(home: Path) -> None:
    import recommender.data.reading.archives  # noqa: F401  takes longer than what is timed

    bundle, began = io.BytesIO(listing(400_000)), time.process_time()
    refused(bundle, home, "more files than are read")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["curve.json", "dataset/schema.json"])
def test_json_larger_than_what_is_written_is_refused_before_it_is_read(
    run_folder: Path, home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = b"[" + b"[]," * 6_000_000 + b"[]]"
    files = contents(zipped(run_folder)) | {f"run/{name}": lists}
    bundle = made(*files.items())
    monkeypatch.setattr(bundles, "_verify", lambda draft: pytest.fail("it was opened"))
    refused(bundle, home, f"'{name}' is larger than RecLens writes it")


def test_a_description_is_read_by_the_limited_process_alone(
    run_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = contents(zipped(run_folder)) | {"run/config.json": b"[" * 100_000}
    monkeypatch.setattr(json, "loads", lambda text: pytest.fail("the server read it"))
    refused(made(*files.items()), home, "cannot be read|damaged|memory")


def test_a_run_that_asks_for_more_memory_than_reading_may_take_is_refused(
    run_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECLENS_READ_MB", "1")
    refused(zipped(run_folder), home, "memory")


def test_visitors_have_room_for_so_much(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECLENS_QUOTA_MB", "1")
    own = library.new_path("dataset", "sent", ANN)
    shutil.copytree(data, own)
    (own / "ballast").write_bytes(bytes(2**20))
    with pytest.raises(QuotaError, match="may take 1 MB"):
        bundles.take_in(zipped(data), own.with_name("more"), ANN)
    bundles.take_in(zipped(data), library.new_path("dataset", "sent", OPERATOR), OPERATOR)
