"""Measures of quality, and how sure a finite test set can be of them. Numpy only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Better = Literal["higher", "lower", "neither"]

RESAMPLES: Final = 1000
NORMAL_95: Final = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Figure:
    """A measured value with its 95 % bootstrap interval over `n` faces, and which direction is better."""

    value: float
    low: float
    high: float
    n: int
    better: Better


@lru_cache(maxsize=4)
def resampled_rows(count: int) -> npt.NDArray[np.int32]:
    """Row numbers of `count` rows drawn with replacement, (RESAMPLES, count), always the same; not to be written to."""
    rows = np.random.default_rng(0).integers(0, count, (RESAMPLES, count), dtype=np.int32)
    rows.setflags(write=False)
    return rows


def interval(draws: npt.ArrayLike) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic's resamples; undefined ones (nan) are left out (Efron 1979)."""
    low, high = np.nanquantile(np.asarray(draws, dtype=np.float64), [0.025, 0.975])
    return float(low), float(high)


def bootstrap(statistic: Callable[[Ints], float], count: int, better: Better) -> Figure:
    """`statistic` of row indices, on all `count` rows and on resamples with a fixed seed (percentile interval).

    Resamples on which the statistic is not defined (nan) are left out. Efron 1979.
    """
    low, high = interval([statistic(rows) for rows in resampled_rows(count).astype(np.int64)])
    return Figure(statistic(np.arange(count)), low, high, count, better)


def mean_figure(values: npt.ArrayLike, better: Better) -> Figure:
    """The mean of (N,) values as a figure: `bootstrap` of the mean, all resamples at once."""
    array = np.asarray(values, dtype=np.float64)
    low, high = interval(array[resampled_rows(len(array))].mean(axis=1))
    return Figure(float(array.mean()), low, high, len(array), better)


def wilson(share: float, count: int) -> tuple[float, float]:
    """95 % interval of a share found among `count` (Wilson 1927, J. Am. Stat. Assoc. 22)."""
    square = NORMAL_95**2
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = NORMAL_95 * np.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    # rounding must not put a share of 0 or 1 outside its own interval
    return min(max(float(centre - half), 0.0), share), max(min(float(centre + half), 1.0), share)


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


def brier(probabilities: Array, targets: Array) -> Array:
    """Squared distance (N,) of distributions (N, K) from what came true (N, K), summed over the classes as in Brier
    1950 (Monthly Weather Review 78): 0 is perfect, 2 the worst; with two classes twice the form of one class."""
    return np.asarray(((probabilities - targets) ** 2).sum(axis=1), dtype=np.float64)


def cross_entropy(probabilities: Array, targets: Array) -> Array:
    """Negative log-likelihood (N,) in nats of target distributions (N, K)."""
    return np.asarray(-(targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1), dtype=np.float64)


def one_hot(labels: Ints, classes: int) -> Array:
    """Rows of the unit matrix, float64 (N, classes)."""
    return np.eye(classes)[labels]
