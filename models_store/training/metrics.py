"""Measures of quality, and how sure a finite test set can be of them. Numpy only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

RESAMPLES: Final = 1000


@dataclass(frozen=True)
class Figure:
    """A measured value with its 95 % bootstrap interval over `n` faces, and which direction is better."""

    value: float
    low: float
    high: float
    n: int
    better: Literal["higher", "lower", "neither"]


def bootstrap(statistic: Callable[[Ints], float], count: int, better: Literal["higher", "lower", "neither"]) -> Figure:
    """`statistic` of row indices, on all `count` rows and on resamples with a fixed seed (percentile interval).

    Resamples on which the statistic is not defined (nan) are left out. Efron 1979.
    """
    rng = np.random.default_rng(0)
    draws = [statistic(rng.integers(0, count, count)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return Figure(statistic(np.arange(count)), float(low), float(high), count, better)


def mean_figure(values: npt.ArrayLike, better: Literal["higher", "lower", "neither"]) -> Figure:
    """The mean of (N,) values as a figure."""
    array = np.asarray(values, dtype=np.float64)
    return bootstrap(lambda rows: float(array[rows].mean()), len(array), better)


def expected_years(probabilities: Array) -> Array:
    """E[age] (N,) in years of (N, 101) distributions over 0 to 100."""
    return np.asarray(probabilities @ np.arange(probabilities.shape[1]), dtype=np.float64)


def confusion(labels: Ints, predicted: Ints, classes: int) -> Ints:
    """Counts (classes, classes): row true, column predicted."""
    flat = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return np.asarray(flat.reshape(classes, classes), dtype=np.int64)


def recalls(table: Ints) -> Array:
    """Share found of each true class; nan where a class has no rows."""
    total = table.sum(axis=1)
    found = np.diag(table) / np.maximum(total, 1)
    return np.where(total > 0, found, np.nan)


def balanced_accuracy(table: Ints) -> float:
    """Mean recall over the classes that occur."""
    return float(np.nanmean(recalls(table)))


def macro_f1(table: Ints) -> float:
    """Mean F1 over the classes that occur; a class never predicted counts 0."""
    hits = np.diag(table)
    f1 = 2 * hits / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
    return float(f1[table.sum(axis=1) > 0].mean())


def calibration_error(confidence: Array, truth: npt.ArrayLike, bins: int = 15) -> float:
    """Expected calibration error over equal-mass bins (Nixon et al. 2019, arXiv 1904.01685).

    `confidence` (N,) is what was claimed; `truth` (N,) what came true: 0/1, or a share of votes.
    """
    order = np.argsort(confidence, kind="stable")
    gaps = np.asarray(truth, dtype=np.float64)[order] - confidence[order]
    return float(sum(abs(part.sum()) for part in np.array_split(gaps, bins)) / len(gaps))


def cross_entropy(probabilities: Array, targets: Array) -> Array:
    """Negative log-likelihood (N,) in nats of target distributions (N, K)."""
    return np.asarray(-(targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1), dtype=np.float64)


def one_hot(labels: Ints, classes: int) -> Array:
    """Rows of the unit matrix, float64 (N, classes)."""
    return np.eye(classes)[labels]
