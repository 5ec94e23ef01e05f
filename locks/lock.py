"""What is installed, every package by version and hash, as the text files beside this list it.

People read and edit `requirements*.txt`; `make lock` makes these files from them (`make.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.utils import canonicalize_name

LOCKS: Final = Path(__file__).parent
ROOT: Final = LOCKS.parent
SETS: Final = {
    "app": "requirements.txt",
    "encoder": "requirements-encoder.txt",
    "databases": "requirements-databases.txt",
    "dev": "requirements-dev.txt",
    "tools": "requirements-tools.txt",
}
"""Each lock and the requirements that it is made from; it holds what those before it do not."""
TORCH, CUDA = "torch", "cuda"
"""Locks of their own: torch has many builds, and only one kind needs what the other file lists."""
FILES: Final = ("app", TORCH, CUDA, "encoder", "databases", "dev", "tools")
PYTHONS: Final = ("3.11", "3.12", "3.13")
SYSTEMS: Final = (
    ("linux", "Linux", "x86_64"),
    ("linux", "Linux", "aarch64"),
    ("darwin", "Darwin", "arm64"),
    ("win32", "Windows", "AMD64"),
)
"""Name for Python, name, and processor of each that the locks are made for."""
_START: Final = re.compile(r"([\w.-]+)==([^\s;\\]+)(?:\s*;\s*([^\\#]+?))?\s*\\?$")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True)
class Locked:
    """A package as it is installed."""

    name: str
    """As indexes write it: small letters and hyphens."""
    version: str
    marker: str = ""
    """On which systems it is needed (PEP 508); nothing for all."""
    hashes: tuple[str, ...] = ()
    """SHA-256 of each of its files."""
    wanted_by: tuple[str, ...] = ()
    """Packages and `-r FILE`s."""

    def needed(self, environment: dict[str, str] | None = None) -> bool:
        """Whether a Python on a system needs it; this one if no other is told (PEP 508)."""
        return not self.marker or Marker(self.marker).evaluate(environment)


def environments() -> list[dict[str, str]]:
    """What markers are asked of, for each Python and system."""
    return [
        {
            "sys_platform": name,
            "platform_system": system,
            "platform_machine": machine,
            "os_name": "nt" if system == "Windows" else "posix",
            "python_version": python,
            "python_full_version": f"{python}.1",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        for (name, system, machine), python in product(SYSTEMS, PYTHONS)
    ]


def read(name: str) -> tuple[Locked, ...]:
    """A lock, by its name in `FILES`; nothing where it was not made yet. Raises ValueError."""
    path = LOCKS / f"{name}.txt"
    return parse(path.read_text(encoding="utf-8")) if path.is_file() else ()


def everything() -> tuple[Locked, ...]:
    """All that is locked."""
    return tuple(one for name in FILES for one in read(name))


def parse(text: str) -> tuple[Locked, ...]:
    """The packages of a lock, as `written` or uv writes it.

    Raises ValueError for a line that is anything else: an index, a place, a package without a pin.
    """
    found: list[Locked] = []
    for line in text.splitlines():
        said, _, about = line.partition("#")
        if start := _START.fullmatch(said.rstrip()):
            name, version, marker = start.groups()
            found.append(Locked(canonicalize_name(name), version, marker or ""))
        elif hashes := tuple(_HASH.findall(said)):
            found[-1] = replace(found[-1], hashes=(*found[-1].hashes, *hashes))
        elif said.strip():
            raise ValueError(f"a lock holds a line that pins nothing: {line!r}")
        if found and about and line.startswith(" "):
            wanted = tuple(_names(about))
            found[-1] = replace(found[-1], wanted_by=(*found[-1].wanted_by, *wanted))
    return tuple(found)


def _names(about: str) -> Iterator[str]:
    for one in about.strip().removeprefix("via").split(","):
        name = one.strip()
        if name:
            yield name if name.startswith("-") else canonicalize_name(name)


def written(packages: Iterable[Locked], heading: str) -> str:
    """A lock as pip reads it, below a comment."""
    lines = [f"# {line}" for line in heading.splitlines()]
    for one in sorted(packages, key=lambda one: (one.name, one.version, one.marker)):
        pin = f"{one.name}=={one.version}" + (f" ; {one.marker}" if one.marker else "")
        lines += [" \\\n".join([pin, *(f"    --hash=sha256:{code}" for code in one.hashes)])]
        lines += [f"    # via {', '.join(one.wanted_by)}"] if one.wanted_by else []
    return "\n".join(lines) + "\n"


def pins(text: str) -> dict[str, str]:
    """Version by name of each package that a file of requirements asks for itself."""
    said = (line.partition("#")[0].strip() for line in text.splitlines())
    pairs = (line.split("==") for line in said if line and not line.startswith("-"))
    return {canonicalize_name(name): version for name, version in pairs}


def faults(asked: dict[str, dict[str, str]], locked: Iterable[Locked]) -> list[str]:
    """How a lock and the pins of files of requirements disagree, one line each; nothing if not."""
    packages = tuple(locked)
    found = [f"{one.name} has no hash" for one in packages if not one.hashes]
    versions = {(one.name, one.version) for one in packages}
    for file, wanted in asked.items():
        lost = sorted(set(wanted.items()) - versions)
        found += [f"{file} asks for {name}=={version}" for name, version in lost]
    reached = {name for wanted in asked.values() for name in wanted}
    while more := {o.name for o in packages if not reached.isdisjoint(o.wanted_by)} - reached:
        reached |= more
    found += [f"nobody asks for {one.name}" for one in packages if one.name not in reached]
    return found
