"""Groups of true age that figures are given for."""

from typing import Final

import numpy as np

from models_store.training.metrics import Array, Bools

Group = tuple[int, int]
OLDEST: Final = 116

BANDS: Final[dict[str, Group]] = {
    "0-3": (0, 3),
    "4-12": (4, 12),
    "13-19": (13, 19),
    "20-39": (20, 39),
    "40-59": (40, 59),
    "60+": (60, OLDEST),
}
"""Groups of true age in years, both ends included."""

DECADES: Final[dict[str, Group]] = {f"{first}-{first + 9}": (first, first + 9) for first in range(0, 80, 10)} | {
    "80+": (80, OLDEST)
}


def within(ages: Array, group: Group) -> Bools:
    """Which true ages (N,) lie in a group of whole years."""
    return np.asarray((ages >= group[0]) & (ages <= group[1]), dtype=np.bool_)
