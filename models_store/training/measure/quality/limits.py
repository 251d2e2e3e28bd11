"""From which value of a measure on errors grow: the rule, and the figures of each bin.

The harm of a bin is the mean, over expression, gender and age, of its error as a multiple of that of the unchanged
faces: 1 is as good as ever. The limit of a code is the mildest edge beyond which every bin's harm is at least `FACTOR`
and measurably more than 1.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from models_store.training.measure.quality.reads import Evidence, Reads
from models_store.training.metrics import Array, Bools, Figure, interval, resampled_rows
from vision.quality.rules import Side

FACTOR: Final = 1.2
"""A fifth more errors than usual are too many to keep quiet about."""

LEAST: Final = 100
"""Fewest readings of a head for a figure."""


@dataclass(frozen=True)
class Bin:
    """Readings from `low` up to `high`, and their harm; None where no head has enough of them."""

    low: float
    high: float
    harm: Figure | None

    @property
    def harmful(self) -> bool:
        """Whether faces like these are read measurably and markedly worse."""
        return self.harm is not None and self.harm.value >= FACTOR and self.harm.low > 1.0


@dataclass(frozen=True)
class Losses:
    """One head's losses (N,) as multiples of the mean loss of the unchanged faces of the same part."""

    reads: Reads
    relative: Array


def losses(evidence: Evidence) -> dict[str, Losses]:
    """By head: wrong expressions, wrong genders of those old enough, age errors in years."""
    shown, people = evidence.expressions, evidence.people
    due = people.take(people.due)
    return {
        "emotion": Losses(shown, _relative(shown, (~shown.right).astype(np.float64))),
        "gender": Losses(due, _relative(due, (~due.right).astype(np.float64))),
        "age": Losses(people, _relative(people, np.abs(people.years - people.truth))),
    }


def _relative(reads: Reads, loss: Array) -> Array:
    result = np.empty(len(loss))
    for part in np.unique(reads.part):
        of_part = reads.part == part
        result[of_part] = loss[of_part] / loss[of_part & ~reads.changed].mean()
    return result


def clustered(values: Array, reads: Reads, keep: Bools) -> tuple[float, Array]:
    """The mean of `values` (N,) where `keep`, and its bootstrap draws: faces, not readings, are drawn again."""
    _, of_face = np.unique(reads.face[keep], return_inverse=True)
    sums, counts = np.bincount(of_face, values[keep]), np.bincount(of_face)
    rows = resampled_rows(len(counts))
    return float(values[keep].mean()), np.asarray(sums[rows].sum(axis=1) / counts[rows].sum(axis=1))


def mean_of(values: Array | Bools, reads: Reads, keep: Bools) -> Figure | None:
    """The mean where `keep` as a figure, for which neither direction counts as better; None for too few."""
    if np.count_nonzero(keep) < LEAST:
        return None
    value, draws = clustered(np.asarray(values, dtype=np.float64), reads, keep)
    return Figure(value, *interval(draws), int(np.count_nonzero(keep)), "neither")


def harm(heads: dict[str, Losses], low: float, high: float) -> Figure | None:
    """Of the readings whose measure lies in [`low`, `high`): the mean over the heads that have `LEAST` of them."""
    means: list[float] = []
    draws: list[Array] = []
    count = 0
    for head in heads.values():
        keep = (head.reads.value >= low) & (head.reads.value < high)
        if np.count_nonzero(keep) >= LEAST:
            mean, drawn = clustered(head.relative, head.reads, keep)
            means.append(mean)
            draws.append(drawn)
            count += int(np.count_nonzero(keep))
    if not means:
        return None
    return Figure(float(np.mean(means)), *interval(np.mean(draws, axis=0)), count, "lower")


def bins(evidence: Evidence, edges: tuple[float, ...]) -> list[Bin]:
    """Ascending bins between the edges."""
    heads = losses(evidence)
    return [Bin(low, high, harm(heads, low, high)) for low, high in pairwise(edges)]


def limit(found: list[Bin], side: Side) -> float | None:
    """The limit after the rule above, or None where errors do not grow; bins without a figure are passed over."""
    chosen: float | None = None
    for entry in found if side == "below" else reversed(found):
        if entry.harm is None:
            continue
        if not entry.harmful:
            break
        chosen = entry.high if side == "below" else entry.low
    return chosen
