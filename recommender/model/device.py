"""Which device and precision to compute with, chosen by what the machine has."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import torch

Part = TypeVar("Part")
Found = TypeVar("Found")


def choose_device(name: str | None = None) -> torch.device:
    """The named device, or the best one there is: cuda, mps, cpu."""
    if name:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def training_precision(device: torch.device) -> torch.dtype:
    """bfloat16 on GPUs that compute in it, float32 elsewhere.

    On a CPU with AVX-512 BF16 a training step takes about twice as long in bfloat16 at our widths
    (`benchmarks/training.py` prints both), so the CPU stays in float32.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.bfloat16
    return torch.float32


def describe(device: torch.device, precision: torch.dtype) -> str:
    """One line for people: device, precision, threads."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return f"{name}, {str(precision).removeprefix('torch.')}, {torch.get_num_threads()} threads"


@contextlib.contextmanager
def threads(n: int | None = None) -> Iterator[None]:
    """Run with `n` torch threads (all cores by default), then put the old number back."""
    before = torch.get_num_threads()
    torch.set_num_threads(n or len(os.sched_getaffinity(0)))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def side_by_side(
    work: Callable[[Part], Found], parts: Sequence[Part], device: torch.device
) -> list[Found]:
    """`work` of each part, in order; on a CPU in threads that share what torch has been given.

    Two threads that share an operation of our widths are a third faster than one, two with work of
    their own almost twice as fast. What torch keeps by thread (inference mode, autocast) is for
    `work` to set.
    """
    n_threads = torch.get_num_threads()
    n_at_once = min(n_threads, len(parts))
    if device.type != "cpu" or n_at_once < 2:
        return [work(part) for part in parts]

    def worked(part: Part) -> Found:
        torch.get_num_threads()  # before its first use a thread would forget what is set now
        torch.set_num_threads(n_threads // n_at_once)
        return work(part)

    with threads(n_threads):  # a worker's own number of threads is also that of threads to come
        return list(_workers(n_threads).map(worked, parts))


@cache
def _workers(n: int) -> ThreadPoolExecutor:
    """Threads that stay: one that is new begins with empty caches and no memory of its own."""
    return ThreadPoolExecutor(n)
