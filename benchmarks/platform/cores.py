"""Which core the worker has to itself, and which ones all the others share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


def worker_core() -> int:
    """The last of those that we may use."""
    return max(os.sched_getaffinity(0))


def other_cores() -> set[int]:
    """For client, web server, broker and database; the worker's too where it is the only one."""
    return os.sched_getaffinity(0) - {worker_core()} or {worker_core()}


@contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """This thread, and what it starts meanwhile, runs on `cores` only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(process: psutil.Process, cores: set[int]) -> None:
    """Every thread of `process` and of its children; Linux binds threads, not processes."""
    for each in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            for thread in each.threads():
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(thread.id, cores)
