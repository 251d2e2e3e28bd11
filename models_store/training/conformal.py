"""An interval for the age that holds as often as it says, for faces like the calibration faces.

Split conformal prediction with the score |y - E[age]| / sigma, one quantile for each predicted decade (Lei et al.
2018, arXiv 1604.04173; Vovk's Mondrian variant). The promise is for exchangeable faces; under a shift of the
pictures it does not hold.
"""

import math
from typing import Final

import numpy as np

from models_store.training.metrics import Array

LEAST: Final = 100
"""Fewest calibration faces in a decade of its own."""


def scores(probabilities: Array, ages: Array, floor: float) -> Array:
    """|y - E[age]| / max(sigma, floor), (N,), for distributions (N, 101) over the years 0 to 100."""
    bins = np.arange(probabilities.shape[1], dtype=np.float64)
    years = probabilities @ bins
    variance = np.maximum(probabilities @ bins**2 - years**2, 0.0)
    return np.asarray(np.abs(ages - years) / np.maximum(np.sqrt(variance), floor), dtype=np.float64)


def decade_edges(years: Array, least: int = LEAST) -> list[float]:
    """Edges between groups of predicted decades, merged from the young end until each holds `least` faces."""
    edges: list[float] = []
    start = -np.inf
    for edge in np.arange(10.0, 100.0, 10.0):
        inside = np.count_nonzero((years >= start) & (years < edge))
        if inside >= least and np.count_nonzero(years >= edge) >= least:
            edges.append(float(edge))
            start = edge
    return edges


def quantiles(values: Array, years: Array, edges: list[float], coverage: float) -> list[float]:
    """The conformal quantile of the scores in each group: the ceil((n + 1) coverage)-th smallest of n.

    Raises `ValueError` when a group is too small for any finite quantile.
    """
    groups = np.searchsorted(edges, years, side="right")
    result: list[float] = []
    for group in range(len(edges) + 1):
        inside = np.sort(values[groups == group])
        rank = math.ceil((len(inside) + 1) * coverage)
        if rank > len(inside):
            raise ValueError(f"{len(inside)} faces are too few for a coverage of {coverage}")
        result.append(float(inside[rank - 1]))
    return result
