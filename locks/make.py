"""Makes the locks from `requirements*.txt`, for Linux, macOS and Windows, Python 3.11 to 3.13.

    make lock [ARGS="--upgrade" | ARGS="--upgrade-package NAME"]

Without an argument everything stays at its version but what the requirements changed. Needs the
network; no package is fetched for it, only what indexes tell of them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from locks import audit
from locks.lock import (
    CUDA,
    LOCKS,
    ROOT,
    SETS,
    TORCH,
    Locked,
    environments,
    everything,
    parse,
    written,
)

CPU_BUILDS: Final = LOCKS / "torch_cpu.sha256"
"""Builds of torch that the usual index has not; `sha256sum --check --ignore-missing` reads it."""
_FOR_CUDA: Final = re.compile(r"nvidia-.+|cuda-.+|triton")
"""What only torch's build for NVIDIA's cards needs."""
_MADE: Final = "Made from {} by `make lock`: change that, then make this anew."
_RESOLVE: Final = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-package", "pip"),
)


def resolved(
    files: Sequence[str], known: Sequence[Locked], options: Sequence[str]
) -> tuple[Locked, ...]:
    """All that the files of requirements need, at the versions that are known where they fit."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock.txt"
        out.write_text(written(known, "What is preferred."), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", *files, *_RESOLVE, *options]
        subprocess.run([*command, "--output-file", str(out)], check=True, cwd=ROOT)
        found = parse(out.read_text(encoding="utf-8"))
    return tuple(one for one in found if any(map(one.needed, environments())))


def beyond(packages: Sequence[Locked], before: Sequence[Locked]) -> tuple[Locked, ...]:
    """Those that the locks before have not.

    Raises ValueError where one wants another version: what people use hangs on no tool.
    """
    have = {(one.name, one.marker): one.version for one in before}
    at = {one.name: one.version for one in before}
    for one in packages:
        if at.get(one.name, one.version) != one.version:
            raise ValueError(
                f"{', '.join(one.wanted_by)} want {one.name} {one.version}, the others "
                f"{at[one.name]}: pin one that serves all"
            )
    return tuple(one for one in packages if (one.name, one.marker) not in have)


def builds(torch: Locked, listed: str) -> Locked:
    """With the hashes of the other builds that are listed. Raises ValueError for other versions."""
    other = [line for line in listed.splitlines() if f" torch-{torch.version}+" not in line]
    if other:
        raise ValueError(f"{CPU_BUILDS.name} lists {other[0].split()[-1]}, no {torch.version}")
    hashes = (line.split()[0] for line in listed.splitlines())
    return replace(torch, hashes=tuple(sorted({*torch.hashes, *hashes})))


def main(options: Sequence[str]) -> None:
    """Write all locks, and say what is known of them."""
    known = everything()
    taken: tuple[Locked, ...] = ()
    made: dict[str, tuple[Locked, ...]] = {TORCH: (), CUDA: ()}
    for number, name in enumerate(SETS, start=1):
        files = [*SETS.values()][:number]
        more = beyond(resolved(files, (*taken, *known), options), taken)
        taken += more
        made[name] = tuple(one for one in more if not _apart(one))
        made[TORCH] += tuple(one for one in more if one.name == TORCH)
        made[CUDA] += tuple(one for one in more if _FOR_CUDA.fullmatch(one.name))
    (torch,) = made[TORCH]
    made[TORCH] = (builds(torch, CPU_BUILDS.read_text(encoding="utf-8")),)
    sources = SETS | {TORCH: f"requirements.txt and {CPU_BUILDS.name}", CUDA: "requirements.txt"}
    for name, packages in made.items():
        path, text = LOCKS / f"{name}.txt", written(packages, _MADE.format(sources[name]))
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")  # what is as it was is not installed anew
    audit.main()  # whoever makes a lock is told of the holes in it


def _apart(package: Locked) -> bool:
    return package.name == TORCH or bool(_FOR_CUDA.fullmatch(package.name))


if __name__ == "__main__":
    main(sys.argv[1:])
