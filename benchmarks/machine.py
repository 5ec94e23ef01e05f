"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import torch


def describe_machine() -> str:
    """One line: processor, cores, memory, Python and torch."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = {line.split(":")[1].strip() for line in lines if line.startswith("model name")}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{', '.join(names) or platform.processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, torch {torch.__version__}"
    )


def processor_ticks() -> tuple[int, int]:
    """Since the machine started: used by it, and taken from it by other guests of its host."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0, 0
    user, nice, system, _idle, _wait, irq, soft, stolen = map(
        int, stat.read_text().splitlines()[0].split()[1:9]
    )
    return user + nice + system + irq + soft, stolen


def taken_since(before: tuple[int, int]) -> str:
    """How much of what the processors would have done since then other guests took."""
    used, stolen = (now - then for now, then in zip(processor_ticks(), before, strict=True))
    return f"{stolen / max(used + stolen, 1):.0%} of the processors was taken by other guests"
