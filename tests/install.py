"""The programs that tests need besides Python packages: the system's, else by apt as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

POSTGRESQL = Path("/usr/lib/postgresql")
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""First the one without windows: for the same pages it takes two thirds of the processor."""
PACKAGES = {
    "chromium": ("chromium-headless-shell", "fonts-liberation"),
    "initdb": ("postgresql-15",),
    "pg_ctl": ("postgresql-15",),
    "nginx": ("nginx-light",),
}
"""Debian's packages of each program."""


def found(program: str) -> str | None:
    """Path of a program that is already there."""
    versions = sorted(POSTGRESQL.glob(f"*/bin/{program}"), reverse=True)
    names = BROWSERS if program == "chromium" else (program,)
    return next(filter(None, [*map(str, versions), *map(shutil.which, names)]), None)


def needed(program: str) -> str:
    """Path of the program; skips the test and says why where it is missing."""
    path = found(program)
    if path is None:
        pytest.skip(f"{program} is missing: install {' '.join(PACKAGES[program])}")
    return path


def unprivileged() -> list[str]:
    """What to put before a command so that it runs without the rights of root."""
    return ["runuser", "-u", "nobody", "--"] if _is_root() else []


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _by_apt(packages: list[str]) -> None:
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *command], check=False, **quiet)  # type: ignore[call-overload]


def main() -> None:
    """Install what is missing and say what tests will use."""
    missing = {name for program in PACKAGES if not found(program) for name in PACKAGES[program]}
    if missing and _is_root() and shutil.which("apt-get"):
        _by_apt(sorted(missing))
    if not found("chromium"):
        browser = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(browser, check=False).returncode:
            sys.exit("No browser could be installed. Install Chromium and try again.")
    for program, packages in PACKAGES.items():
        instead = "Playwright's own" if program == "chromium" else "missing, its tests are skipped"
        print(f"{program}: {found(program) or f'{instead}; install ' + ' '.join(packages)}")


if __name__ == "__main__":
    main()
