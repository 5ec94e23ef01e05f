"""A run or a data set as one zip: written for a download, and verified before it is taken in.

What comes from elsewhere is trusted in nothing. Only the files that RecLens itself writes are taken
out, by name, up to a size; then a process of its own with little memory opens what came out.
"""

from __future__ import annotations

import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO, Final

from recommender.atomic import DRAFT, new_folder
from recommender.confined import surroundings
from recommender.data.reading.archives import ArchiveError, open_zip
from recommender.said import StatedError, read_back
from recommender.workspace.places import Kind, kind_of
from recommender.workspace.quotas import check_space
from recommender.workspace.verification import NO_MEMORY
from recommender.workspace.visitors import Visitor

DATASET_FILES: Final = frozenset(
    {"schema.json"}
    | {
        f"{name}.parquet"
        for name in (
            "interactions",
            "items",
            "users",
            "item_features",
            "user_features",
            "uncounted",
            "readings",
        )
    }
)
RUN_FILES: Final = frozenset(
    {"config.json", "metrics.json", "curve.json", "weights.safetensors"}
    | {"without_attention.safetensors"}
    | {f"dataset/{name}" for name in DATASET_FILES}
)
NOT_ALWAYS: Final = frozenset(
    {f"{place}{name}.parquet" for place in ("", "dataset/") for name in ("readings", "uncounted")}
    | {"without_attention.safetensors"}
)
"""Files that data sets and runs had not always."""
_MEASURED: Final = frozenset({"measured", "trust.json", "trust.csv"})
"""What is kept in a run of what was measured of it."""
LARGEST: Final = 4 * 2**30
"""Bytes of a run or data set, unpacked."""
_MOST_FILES: Final = 64
_DIRECTORY: Final = 2**16
"""Bytes in which a zip lists its files."""
_JSON: Final = {"schema.json": 16 * 2**20}
_LARGEST_JSON: Final = 2**20
"""Bytes of other JSON: two of them can become thirty in memory, for everyone who opens the run."""
_BLOCK: Final = 2**20
_SECONDS: Final = 180


class BundleError(StatedError):
    """A zip that is not taken in; the message says why."""


def write_bundle(folder: Path, out: IO[bytes]) -> None:
    """Write the folder's files into a zip, under its name. What can be computed again stays out."""
    wanted = RUN_FILES if kind_of(folder) == "run" else DATASET_FILES
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(wanted):
            if (folder / name).is_file():
                archive.write(folder / name, f"{folder.name}/{name}")


def not_ours(folder: Path) -> list[str]:
    """What stands in a run or data set that RecLens did not write there."""
    ours = RUN_FILES | _MEASURED if kind_of(folder) == "run" else DATASET_FILES
    names = {name.split("/")[0] for name in ours}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in names and not DRAFT.fullmatch(path.name)
    )


def take_in(bundle: IO[bytes], to: Path, visitor: Visitor) -> Kind:
    """Verify a zip and put what is in it at `to`, whole or not at all.

    Raises BundleError, and QuotaError if the visitor has no room for it.
    """
    with new_folder(to) as draft:
        kind = _unpack(bundle, draft, visitor)
        _verify(draft)
    return kind


def kind_in(bundle: IO[bytes]) -> Kind:
    """What a zip says that it holds. Raises BundleError if it is neither or unsafe."""
    return _kind(_members(_opened(bundle)))


def _opened(bundle: IO[bytes]) -> zipfile.ZipFile:
    try:
        bundle.seek(0)
        return open_zip(bundle, _DIRECTORY)
    except ArchiveError as error:
        raise BundleError("{why}", why=error) from error
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BundleError("this is no zip that can be read ({why})", why=error) from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by their place in the run, after the one folder that may hold them all."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > _MOST_FILES:
        raise BundleError("it holds {n} files; a run has {most}", n=len(files), most=len(RUN_FILES))
    for info in files:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise BundleError("{name!r} is a link or a device, not a file", name=info.filename[:80])
        if info.flag_bits & 1:
            raise BundleError("it is locked with a password")
    tops = {info.filename.split("/")[0] for info in files if "/" in info.filename}
    flat = any("/" not in info.filename for info in files)
    prefix = f"{tops.pop()}/" if len(tops) == 1 and not flat else ""
    found = {info.filename.removeprefix(prefix): info for info in files}
    if len(found) < len(files):
        raise BundleError("it holds two files of one name")
    return found


def _kind(members: dict[str, zipfile.ZipInfo]) -> Kind:
    for kind, wanted in (("run", RUN_FILES), ("dataset", DATASET_FILES)):
        if wanted - NOT_ALWAYS <= set(members) <= wanted:
            return kind  # type: ignore[return-value]
    strange = sorted(set(members) - RUN_FILES - DATASET_FILES)
    if strange:
        raise BundleError(
            "{name!r} belongs neither to a run nor to a data set", name=strange[0][:80]
        )
    missing = sorted(RUN_FILES - NOT_ALWAYS - set(members))
    raise BundleError("it is incomplete: a run has {file} too", file=missing[0])


def _unpack(bundle: IO[bytes], draft: Path, visitor: Visitor) -> Kind:
    with _opened(bundle) as archive:
        members = _members(archive)
        kind = _kind(members)
        declared = sum(info.file_size for info in members.values())
        if declared > LARGEST:
            raise BundleError(
                "it unpacks to {n} GB; at most 4 GB are taken", n=round(declared / 2**30)
            )
        for name, info in members.items():
            if info.file_size > _most(name):
                raise BundleError("{name!r} is larger than RecLens writes it", name=name)
        check_space(visitor, declared)
        for name, info in members.items():
            (draft / name).parent.mkdir(exist_ok=True)
            _copy(archive, info, draft / name)
    return kind


def _most(name: str) -> int:
    """Bytes that a file of this name may have."""
    base = name.rpartition("/")[2]
    return _JSON.get(base, _LARGEST_JSON) if base.endswith(".json") else LARGEST


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path) -> None:
    """Unpack one file, no further than what the zip declared: sizes in it may lie."""
    written = 0
    try:
        with archive.open(info) as source, to.open("xb") as target:
            while block := source.read(_BLOCK):
                written += len(block)
                if written > info.file_size:
                    raise BundleError("it unpacks to more than it says")
                target.write(block)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(info, error) from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "bz2"):
            raise _damaged(info, error) from error
        raise


def _damaged(info: zipfile.ZipInfo, error: Exception) -> BundleError:
    return BundleError("{name!r} is damaged ({why})", name=info.filename[:80], why=error)


def _verify(draft: Path) -> None:
    """Open it in a process of its own, which may take little memory and time."""
    command = [sys.executable, "-m", "recommender.workspace.verification", str(draft)]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, env=surroundings()
        )
    except subprocess.TimeoutExpired as error:
        raise BundleError("it takes too long to open") from error
    if ended.returncode != 0:
        said = [line for line in ended.stdout.strip().splitlines() if line]
        why = read_back(said[-1]) if said else NO_MEMORY
        raise BundleError("{why}", why=why)
