"""What processes use: time of the processor and memory; and how to hold them for a moment. Needs Linux (`/proc`)."""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import psutil

Parts = Mapping[str, Iterable[psutil.Process]]
"""The roots of process trees by the name of the part they belong to."""


def tree(root: psutil.Process) -> list[psutil.Process]:
    """The process and all below it; nothing when it has ended."""
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds(roots: Iterable[psutil.Process]) -> float:
    """Of user and system together, those of children that have ended included."""
    total = 0.0
    for root in roots:
        for process in tree(root):
            with suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])
    return total


def cpu_by_part(parts: Parts) -> dict[str, float]:
    """The seconds of each part so far."""
    return {name: cpu_seconds(roots) for name, roots in parts.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float], photos: int) -> dict[str, float]:
    """Milliseconds of the processor for a photo, by part."""
    return {name: (after[name] - before[name]) / photos * 1e3 for name in after}


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in megabytes: resident, and resident with shared pages divided among those who share them."""

    resident: float
    proportional: float


def memory(pid: int) -> Memory:
    """Raises psutil.NoSuchProcess when it has ended."""
    full = psutil.Process(pid).memory_full_info()
    return Memory(full.rss / 1e6, full.pss / 1e6)


STANDS_WITHIN_S: Final = 5.0
"""A signal is delivered when the process next runs or returns from the kernel: on a busy machine not at once."""


@contextmanager
def held(roots: Iterable[psutil.Process]) -> Iterator[None]:
    """The processes and their children stand still meanwhile, with all they have in memory."""
    stopped = [process for root in roots for process in tree(root)]
    try:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        _wait_until_still(stopped)
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)


def _wait_until_still(processes: Iterable[psutil.Process]) -> None:
    """Raises TimeoutError when one goes on for STANDS_WITHIN_S."""
    patience = time.monotonic() + STANDS_WITHIN_S
    for process in processes:
        while _runs(process):
            if time.monotonic() > patience:
                raise TimeoutError(f"process {process.pid} does not stand still")
            time.sleep(0.001)


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() not in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}
    return False
