"""Photos a second, from the moments at which results were stored."""

from collections.abc import Sequence
from typing import Final

WARM: Final = 0.1
"""Share of the results that do not count: the worker wakes up, caches fill."""


def steady(moments: Sequence[float]) -> float:
    """Results a second between the first that counts and the last; `moments` in seconds, in order.

    Raises ValueError when there are too few to tell.
    """
    counted = moments[int(len(moments) * WARM) :]
    if len(counted) < 2 or counted[-1] <= counted[0]:
        raise ValueError(f"{len(moments)} results tell no rate")
    return (len(counted) - 1) / (counted[-1] - counted[0])


def whole(began: float, moments: Sequence[float]) -> float:
    """Results a second from `began` to the last one."""
    return len(moments) / (max(moments) - began)


def slope(amounts: Sequence[float], values: Sequence[float]) -> float:
    """By how much the values grow with 1,000 of the amounts: a straight line through all, by least squares."""
    middle, mean = sum(amounts) / len(amounts), sum(values) / len(values)
    spread = sum((amount - middle) ** 2 for amount in amounts)
    joint = sum((amount - middle) * (value - mean) for amount, value in zip(amounts, values, strict=True))
    return 1000 * joint / spread
