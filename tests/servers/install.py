"""Servers for the tests: the system's, else by apt as root; tests say which one they miss."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

POSTGRESQL = Path("/usr/lib/postgresql")


def ensure(program: str, package: str) -> str:
    """Path of the program; skips the test and says why where it cannot be had."""
    if found := _found(program):
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", package]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, env=environment)
        if found := _found(program):
            return found
    pytest.skip(f"{program} is not here and could not be installed: install {package}")


def _found(program: str) -> str | None:
    versions = sorted(POSTGRESQL.glob(f"*/bin/{program}"), reverse=True)
    return str(versions[0]) if versions else shutil.which(program)


def unprivileged() -> list[str]:
    """What to put before a command so that it runs without the rights of root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    return ["runuser", "-u", "nobody", "--"]
