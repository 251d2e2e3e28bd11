"""From the runs' predictions to figures with intervals. Numpy only."""

from dataclasses import dataclass
from math import comb
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models_store.training.metrics import Bools, Figure, Ints, confusion, macro_f1
from vision.labels import EMOTIONS

Floats = npt.NDArray[np.float64]
Better = Literal["higher", "lower", "neither"]

RESAMPLES: Final = 1000


@dataclass(frozen=True)
class Draws:
    """The same random faces and seeds for every way, so that two ways are compared on the same draws.

    `rows` int64 (R, N) and `seeds` int64 (R, S): faces and training seeds are both samples of what could have been,
    so both are drawn anew (a two-level bootstrap).
    """

    rows: Ints
    seeds: Ints

    @classmethod
    def fixed(cls, faces: int, seeds: int, count: int = RESAMPLES) -> "Draws":
        """Always the same draws for so many faces and seeds."""
        rng = np.random.default_rng(0)
        return cls(rng.integers(0, faces, (count, faces)), rng.integers(0, seeds, (count, seeds)))


def figure(values: Floats, draws: Draws, better: Better) -> Figure:
    """Mean of `values` (S, N) over seeds and faces with its 95 % interval."""
    pairs = zip(draws.rows, draws.seeds, strict=True)
    means = [values[seeds].mean(axis=0)[rows].mean() for rows, seeds in pairs]
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(float(values.mean()), float(low), float(high), values.shape[1], better)


def macro_f1_scores(predicted: Ints, labels: Ints, draws: Draws) -> tuple[float, Floats]:
    """Mean macro-F1 over seeds of `predicted` (S, N), and the same on each resample, (R,)."""

    def score(one: Ints, rows: Ints) -> float:
        return macro_f1(confusion(labels[rows], one[rows], len(EMOTIONS)))

    everyone = np.arange(len(labels))
    point = float(np.mean([score(one, everyone) for one in predicted]))
    pairs = zip(draws.rows, draws.seeds, strict=True)
    return point, np.array([np.mean([score(predicted[seed], rows) for seed in seeds]) for rows, seeds in pairs])


def macro_f1_figure(predicted: Ints, labels: Ints, draws: Draws) -> Figure:
    """Macro-F1 with its 95 % interval."""
    point, scores = macro_f1_scores(predicted, labels, draws)
    low, high = np.quantile(scores, [0.025, 0.975])
    return Figure(point, float(low), float(high), len(labels), "higher")


def mcnemar(one: Bools, other: Bools) -> float:
    """Two-sided exact p-value that two classifiers, right (N,) or not on the same faces, err alike (McNemar 1947)."""
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    n = only_one + only_other
    tail = sum(comb(n, k) for k in range(min(only_one, only_other) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def flips(logits: Floats, changed: Floats) -> Floats:
    """Where the answer moves, 1 or 0, from `logits` (S, N, 8) to `changed` (S, N, 8): (S, N)."""
    return np.asarray(logits.argmax(axis=-1) != changed.argmax(axis=-1), dtype=np.float64)
