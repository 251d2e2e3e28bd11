"""Axes: values to places in a drawing, and the round numbers that label them. Pure."""

import math
from collections.abc import Callable, Iterable, Sequence

Scale = Callable[[float], float]


def scale(low: float, high: float, start: float, end: float) -> Scale:
    """A linear map of [low, high] to [start, end], rounded to a tenth of a unit; a point range maps to the middle."""
    if high == low:
        return lambda _: round((start + end) / 2, 1)
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def round_steps(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round numbers (1, 2 or 5 times a power of ten apart) inside [low, high], at most `most` of them."""
    if high <= low:
        return (low,)
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if (high - low) / (power * factor) <= most - 1)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def outward(values: Iterable[float], step: float) -> tuple[float, float]:
    """The smallest range between multiples of `step` that holds all the values."""
    found = list(values)
    return (
        round(math.floor(min(found) / step + 1e-9) * step, 10),
        round(math.ceil(max(found) / step - 1e-9) * step, 10),
    )


def polyline(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Path data through the points, in order."""
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in zip(xs, ys, strict=True))


def upright(x: float, one: float, other: float) -> str:
    """Path data of a whisker."""
    return f"M{x:g} {one:g} V{other:g}"


def level(y: float, one: float, other: float) -> str:
    """Path data of a horizontal line."""
    return f"M{one:g} {y:g} H{other:g}"
