"""Under what licence each package comes: docs/licences.md, made by `make lock`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any, Final

from locks.lock import CUDA, FILES, ROOT, Locked, read

LIST: Final = ROOT / "docs" / "licences.md"
FREE: Final = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python"}
    | {"ISC", "LLVM-exception", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib"}
)
"""Licences (SPDX) that ask for no more than to be named."""
_NVIDIA: Final = "LicenseRef-NVIDIA-Proprietary"
WORDS: Final = {
    "MPL-2.0": "Changes to its own files stay under it; what uses it need not. We change none.",
    "LGPL-3.0-only": "Whoever gets it may replace it, as pip lets them; what uses it need not be "
    "under it. It is used by tests and, where somebody installs it, for PostgreSQL.",
    "LGPL-2.1-only": "Whoever gets it may replace it, as pip lets them. A tool needs it that "
    "changes our code for a test, and nothing that is served.",
    _NVIDIA: "Not free: it may be used and handed on as NVIDIA's terms say. Only "
    "torch's build for NVIDIA's cards needs it, which whoever installs it chooses.",
}
"""What the others ask for, and why that is kept."""
_TOLD: Final = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""How else people write them."""
_READ: Final = {
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "cuda-bindings": "Apache-2.0",
    "cuda-pathfinder": "Apache-2.0",
    "nvidia-nvtx": "Apache-2.0",
    "triton": "MIT",
    "yattag": "LGPL-2.1-only",
}
"""What somebody read of a package that is for another system, or states nothing to a program."""
_HEADING: Final = """\
# Licences

Made by `make lock`. RecLens itself is under the MIT licence. These are the licences of what is
installed with it, as each package states its own ([SPDX](https://spdx.org/licenses/)); `app` is
what runs, `encoder`, `databases` and `cuda` are for whoever wants them, the rest is for who
develops.

"""


def stated(about: Mapping[str, Any]) -> str:
    """The licence in a package's metadata, by its SPDX name; `unknown` if it states none."""
    expression = about.get("license_expression")
    if expression:
        return str(expression)
    classified = [one.split(" :: ") for one in about.get("classifier", ())]
    names = [str(about.get("license", "")).strip()]
    names += [parts[-1] for parts in classified if parts[0] == "License"]
    for name in names:
        known = _TOLD.get(name, name)
        if words(known) <= FREE | set(WORDS):
            return known
    return "unknown"


def words(licence: str) -> set[str]:
    """The licences in an SPDX expression."""
    return set(re.findall(r"[\w.-]+", licence)) - {"AND", "OR", "WITH"} or {"unknown"}


def licence_of(package: Locked) -> str:
    """What the package itself states, where it is installed; else what somebody read of it."""
    if package.name in _READ:
        return _READ[package.name]
    if package in read(CUDA):
        return _NVIDIA
    try:
        about = metadata(package.name)
    except PackageNotFoundError:
        return "unknown"
    return stated(about.json)


def listed(text: str) -> dict[tuple[str, str], str]:
    """Licence by name and version, as the list says."""
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| \w+ \|$", text, re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


def write_licences() -> None:
    """Write the list; what it says of a version already it goes on saying."""
    known = listed(LIST.read_text(encoding="utf-8")) if LIST.is_file() else {}
    packages = [(part, one) for part in FILES for one in read(part)]
    rows = ["| package | version | licence | part |", "|---|---|---|---|"]
    for part, one in sorted(packages, key=lambda pair: (FILES.index(pair[0]), pair[1].name)):
        said = known.get((one.name, one.version), "unknown")
        licence = licence_of(one) if said == "unknown" else said
        rows.append(f"| `{one.name}` | {one.version} | {licence} | {part} |")
    asking = sorted({w for row in rows[2:] for w in words(row.split("|")[3]) if w in WORDS})
    told = ["", "What asks for more than to be named:", ""]
    told += [f"- **{name}**: {WORDS[name]}" for name in asking]
    LIST.write_text(_HEADING + "\n".join([*rows, *told]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_licences()
