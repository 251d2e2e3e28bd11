"""What is measured and what is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.timing import median, percentile

Reached = Literal["aim", "must", "no"]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must reach and what it aims for, in the figure's unit."""

    must: float
    aim: float
    larger_is_better: bool = False

    def reached(self, value: float) -> Reached:
        """The better of the two marks that `value` reaches."""
        sign = -1 if self.larger_is_better else 1
        if sign * value <= sign * self.aim:
            return "aim"
        return "must" if sign * value <= sign * self.must else "no"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `value` is a median where there were several samples.

    `ratio` is the value over that of the contender that the group names as its unit, in the same run.
    """

    name: str
    unit: str
    value: float
    p90: float | None = None
    p99: float | None = None
    samples: int = 1
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def reached(self) -> Reached | None:
        """None where nothing is asked."""
        return None if self.goal is None else self.goal.reached(self.value)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that belong together. `ratio_to` says what their ratios are ratios to."""

    title: str
    ratio_to: str
    figures: tuple[Figure, ...]


def milliseconds(
    name: str, seconds: Sequence[float], *, unit: Sequence[float] | None = None, goal: Goal | None = None
) -> Figure:
    """A row from samples in seconds; its ratio is that to the samples `unit`."""
    return Figure(
        name,
        "ms",
        median(seconds) * 1e3,
        p90=percentile(seconds, 0.9) * 1e3,
        p99=percentile(seconds, 0.99) * 1e3,
        samples=len(seconds),
        ratio=None if unit is None else median(seconds) / median(unit),
        goal=goal,
    )


def ninety_fifth(name: str, seconds: Sequence[float], *, goal: Goal | None = None) -> Figure:
    """A row whose value is the 95th percentile of samples in seconds, as its name says."""
    return Figure(f"{name}, p95", "ms", percentile(seconds, 0.95) * 1e3, samples=len(seconds), goal=goal)
