"""What is measured of a whole run while its pages are drawn: in a process of its own.

The process lets visitors have the processor first, and keeps what it measured in the run's
folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

APART = True
"""Whether a process of its own measures; else a thread of the server does."""
_HEAD_START: Final = 2.0
"""Seconds in which the page is drawn before a run is opened beside it."""
_ONE_BY_ONE: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="measuring")
_WAITED_FOR: Final = ("lists", "overall")
_AT_ONCE: Final = ThreadPoolExecutor(len(_WAITED_FOR), thread_name_prefix="waited-for")
"""For what a page shows with progress, so that it need not queue behind what is only measured."""


@dataclass(eq=False)
class Measuring:
    """A measurement on its way."""

    value: Future[Any] = field(default_factory=Future)
    share: float = 0.0
    """How much of it is done, as far as it says."""

    @property
    def done(self) -> float:
        """How much of it is done, from 0 to 1; 1 where there is a value, or why there is none."""
        return 1.0 if self.value.done() else min(self.share, 0.99)

    def tell(self, done: int, total: int) -> None:
        """Note how much is done."""
        self.share = done / max(total, 1)


@dataclass(frozen=True)
class Measurement:
    """What is to be measured of which run."""

    name: str
    path: str
    """The run's folder."""
    is_open: bool
    """Whether the run can be asked at once."""
    kept: Callable[[], Any | None]
    """What was measured before, if it was kept."""
    measure: Callable[[Callable[[int, int], None]], Any]
    """Reads what was kept, or measures it here; tells how much is done, and of how much."""


def begin(asked: Measurement) -> Measuring:
    """Begin to measure, unless the run is open and the measurement is kept with it."""
    measuring = Measuring()
    if asked.is_open and (found := asked.kept()) is not None:
        measuring.value.set_result(found)
        return measuring
    context, drawn = get_script_run_ctx(), time.monotonic() + _HEAD_START

    def work() -> Any:
        add_script_run_ctx(threading.current_thread(), context)
        if not asked.is_open:
            time.sleep(max(drawn - time.monotonic(), 0))
        if (found := asked.kept()) is not None:
            return found
        if APART:
            _measure_apart(asked, measuring)
        # Reads what the process kept; what could not be kept is measured here.
        return asked.measure(measuring.tell)

    line = _AT_ONCE if asked.name in _WAITED_FOR else _ONE_BY_ONE
    measuring.value = line.submit(work)
    return measuring


def _measure_apart(asked: Measurement, measuring: Measuring) -> None:
    words = [sys.executable, "-m", "recommender", "measure", asked.path, asked.name]
    with subprocess.Popen(
        [*words, "--patient", "--lines"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        for line in process.stdout or ():
            said = json.loads(line)
            measuring.tell(said["done"], said["of"])
