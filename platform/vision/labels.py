"""What the engine's numbers stand for: the order of every output and the names it uses."""

from typing import Final, Literal

GenderLabel = Literal["female", "male"]

EMOTIONS: Final = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)
"""The eight FER+ classes in the order of its vote columns (Barsoum et al. 2016, arXiv 1608.01041)."""

AGE_BINS: Final = 101
"""Length of the age distribution: one bin a year, 0 to 100; older people count as 100."""

AGE_BUCKETS: Final = (
    (0, 2),
    (4, 6),
    (8, 12),
    (15, 20),
    (21, 28),
    (30, 40),
    (44, 54),
    (55, 75),
)
"""The eight age groups in years, both ends included, of the system that Facet grew from (after Levi & Hassner 2015).
They leave gaps, so an age belongs to the nearest one."""


def nearest_bucket(years: float) -> tuple[int, int]:
    """The bucket that holds `years`, or else the one whose nearer end is closest; a tie goes to the younger."""

    def distance(bucket: tuple[int, int]) -> float:
        low, high = bucket
        return max(low - years, years - high, 0.0)

    return min(AGE_BUCKETS, key=distance)
