"""An age interval that holds as often as it says, for people of every age, on faces like the calibration faces.

Split conformal prediction with the score |y - E[age]| / sigma (Lei et al. 2018, arXiv 1604.04173) and a quantile for
each group of true ages (label-conditional, Vovk 2012, arXiv 1209.2673); `vision.calibration.conformal_interval` turns
the quantiles into an interval. docs/decisions/0006 says what was tried first and held the young too seldom. The promise
is for exchangeable faces; under a shift of the pictures it does not hold.
"""

import math
from typing import Final

import numpy as np

from models_store.training.metrics import Array

EDGES: Final = (4.0, 13.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0)
"""Ages between which people look alike to the network: infants, children, the young, then decades."""

LEAST: Final = 100
"""Fewest calibration faces in a group of its own."""


def moments(probabilities: Array, floor: float) -> tuple[Array, Array]:
    """E[age] and max(SD[age], floor), both (N,) in years, of distributions (N, 101) over the years 0 to 100."""
    bins = np.arange(probabilities.shape[1], dtype=np.float64)
    years = probabilities @ bins
    variance = np.maximum(probabilities @ bins**2 - years**2, 0.0)
    return years, np.maximum(np.sqrt(variance), floor)


def scores(probabilities: Array, ages: Array, floor: float) -> Array:
    """|y - E[age]| / max(sigma, floor), (N,)."""
    years, sigma = moments(probabilities, floor)
    return np.asarray(np.abs(ages - years) / sigma, dtype=np.float64)


def group_edges(ages: Array, least: int = LEAST) -> list[float]:
    """Those of `EDGES` that leave `least` faces in each group of true ages, merged from the young end."""
    edges: list[float] = []
    start = -np.inf
    for edge in EDGES:
        inside = np.count_nonzero((ages >= start) & (ages < edge))
        if inside >= least and np.count_nonzero(ages >= edge) >= least:
            edges.append(edge)
            start = edge
    return edges


def quantiles(values: Array, ages: Array, edges: list[float], level: float) -> list[float]:
    """The conformal quantile of the scores in each group of ages: the ceil((n + 1) level)-th smallest of n.

    Raises `ValueError` when a group is too small for any finite quantile.
    """
    groups = np.searchsorted(edges, ages, side="right")
    result: list[float] = []
    for group in range(len(edges) + 1):
        inside = np.sort(values[groups == group])
        rank = math.ceil((len(inside) + 1) * level)
        if rank > len(inside):
            raise ValueError(f"{len(inside)} faces are too few for a level of {level}")
        result.append(float(inside[rank - 1]))
    return result
