"""Samples that can be compared: contenders take turns, so that a busy moment of the machine hits all of them."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

FEWEST = 3
"""Rounds that are always taken: fewer have no median worth the name."""


def percentile(samples: Sequence[float], share: float) -> float:
    """The value under which `share` (0 to 1) of the samples lie, between two of them by linear interpolation."""
    return float(np.quantile(np.asarray(samples, dtype=np.float64), share))


def median(samples: Sequence[float]) -> float:
    """The 50th percentile."""
    return percentile(samples, 0.5)


def ratio(samples: Sequence[float], unit: Sequence[float]) -> float:
    """Median of `samples` over the median of `unit`: how many times as long."""
    return median(samples) / median(unit)


def seconds_of(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def take_turns(
    contenders: Mapping[str, Callable[[], float]], rounds: int, *, seconds: float = float("inf"), warm: int = 2
) -> dict[str, list[float]]:
    """The samples of each contender, whose call says how long it took itself.

    A B, B A, A B: the order changes from round to round, because whoever follows another finds its own memory cold.
    After `warm` rounds that do not count there are `rounds`, fewer when `seconds` are over, but never under three.
    """
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(warm):
        for call in contenders.values():
            call()
    began = time.perf_counter()
    for turn in range(rounds):
        if turn >= FEWEST and time.perf_counter() - began > seconds:
            break
        names = list(contenders)
        for name in names if turn % 2 == 0 else reversed(names):
            samples[name].append(contenders[name]())
    return samples
