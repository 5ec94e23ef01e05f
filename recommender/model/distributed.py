"""One model trained by several processes (`torchrun`): who this one is, and what all share.

Every process holds the whole model and the whole data. At each step they take different batches,
DistributedDataParallel averages their gradients, and so all make the same step. The first process
alone validates, tells and writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import numpy as np
import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from recommender.said import StatedError

T = TypeVar("T")


def own_device(device: torch.device) -> torch.device:
    """The device of this process; of several processes on a machine each has a GPU of its own."""
    if device.type != "cuda" or not distributed.is_torchelastic_launched():
        return device
    own = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    torch.cuda.set_device(own)
    return own


@contextmanager
def processes(device: torch.device) -> Iterator[None]:
    """Join the other processes that `torchrun` started, if it did, while the context lasts."""
    if not distributed.is_torchelastic_launched():
        yield
        return
    if device.type == "mps":
        raise StatedError("several processes train on cuda or cpu, not on mps: give --device cpu")
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def is_helper() -> bool:
    """Whether this is one of several processes, and not the first."""
    return distributed.is_torchelastic_launched() and os.environ["RANK"] != "0"


def n_processes() -> int:
    """How many train together."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Which of them this is, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def own_threads() -> int:
    """This process's share of the cores."""
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1")) if n_processes() > 1 else 1
    return max(len(os.sched_getaffinity(0)) // here, 1)


def own_share(batches: Sequence[T]) -> list[T]:
    """Every n-th of the batches, from this process's on.

    The list is filled up with its first ones, so that all of the n processes have equally many.
    """
    n = n_processes()
    return [batches[(start + rank()) % len(batches)] for start in range(0, len(batches), n)]


def reseed(seed: int, epoch: int, shared: np.random.Generator, own: np.random.Generator) -> None:
    """Set what is random in an epoch, so that a training goes on with the weights alone.

    `shared` draws the same in all processes (who takes which batch); `own` and torch do not.
    """
    shared.bit_generator.state = np.random.default_rng([seed, epoch]).bit_generator.state
    own.bit_generator.state = np.random.default_rng([seed, epoch, rank()]).bit_generator.state
    torch.manual_seed(int(np.random.default_rng([seed, epoch, rank(), 1]).integers(2**62)))


def averaging(module: nn.Module, device: torch.device) -> nn.Module:
    """The module, with gradients that are the mean over the processes."""
    if n_processes() == 1:
        return module
    # Which parts of the network are used is a setting; buffers are constants.
    return DistributedDataParallel(
        module,
        device_ids=[device] if device.type == "cuda" else None,
        find_unused_parameters=True,
        forward_sync_buffers=False,
    )


def without_averaging(module: nn.Module) -> AbstractContextManager[None]:
    """Gradients only add up in this process while the context lasts."""
    return module.no_sync() if isinstance(module, DistributedDataParallel) else nullcontext()


@contextmanager
def first_goes_ahead() -> Iterator[None]:
    """What the first process does in the context is done when any process leaves it."""
    yield
    if n_processes() > 1:
        distributed.barrier()


def as_first(value: T) -> T:
    """What the first process has, in all of them; a plain value."""
    if n_processes() == 1:
        return value
    box = [value]
    distributed.broadcast_object_list(box, src=0)
    return box[0]


def mean(value: float, device: torch.device) -> float:
    """The mean over the processes."""
    if n_processes() == 1:
        return value
    total = torch.tensor(value, dtype=torch.float64, device=device)
    distributed.all_reduce(total)
    return float(total) / n_processes()
