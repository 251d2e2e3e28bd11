"""Photos a second with one process on one core and with two on two; each process is bound to its core."""

import os

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS, ENGINE
from benchmarks.figures import Figure, Group
from benchmarks.photos import photo
from benchmarks.timing import median

ROUNDS, SECONDS = 5, 1.5


def measure(bench: Bench) -> list[Group]:
    """One group; without a second core only its first row."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    pair = [bench.workers(ENGINE, copy) for copy in range(1, 1 + len(cores))]
    for worker, core in zip(pair, cores, strict=True):
        worker.call("pin", core)
        worker.keep("photo", photo(1, 1))
    rates: dict[int, list[float]] = {count: [] for count in range(1, 1 + len(pair))}
    for _ in range(bench.rounds(ROUNDS)):
        for count, taken in rates.items():
            for worker in pair[:count]:
                worker.begin("read_for", "photo", SECONDS)
            taken.append(sum(worker.finish()[1] for worker in pair[:count]))
    one = median(rates[1])
    rows = tuple(
        Figure(
            f"{count} process{'es' if count > 1 else ''}, 1 MP, 1 face",
            "photos/s",
            median(taken),
            samples=len(taken),
            ratio=median(taken) / one,
        )
        for count, taken in rates.items()
    )
    return [Group(f"Throughput, {DETECTORS[0]}", "to one process", rows)]
