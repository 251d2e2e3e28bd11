"""What the maps of the detector's network mean: boxes and points from cells, and one answer for each face."""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

PACK: Final = 4
"""Neighbouring pixels of a row that the network takes as the channels of one column."""
STRIDES: Final = (8, 16, 32, 64)
"""Pixels from cell to cell at each level."""
UNIT: Final = 4
"""Strides to one unit of the geometry: a box as large as a unit is the middle of what its level is for."""


@lru_cache(maxsize=32)
def cells(height: int, width: int, stride: int) -> Floats:
    """Centres of a level's cells in pixels, float32 (cells, 2) as x, y, row by row; `height` and `width` in cells."""
    y, x = np.mgrid[:height, :width]
    centres = np.stack([x.ravel(), y.ravel()], axis=1)
    return ((centres + 0.5) * stride).astype(np.float32)


def decode(geometry: Floats, centres: Floats, stride: int) -> tuple[Floats, Floats]:
    """Boxes float32 (N, 4) as x, y, width, height and points float32 (N, 5, 2) in pixels.

    `geometry` (N, 14) holds in units of `UNIT * stride` pixels: the box's centre seen from the cell's, the logarithms
    of its width and height, the five points seen from the cell's centre.
    """
    unit = np.float32(UNIT * stride)
    size = np.exp(np.clip(geometry[:, 2:4], -4, 4)) * unit
    corner = centres + geometry[:, :2] * unit - size / 2
    points = centres[:, np.newaxis] + geometry[:, 4:].reshape(-1, 5, 2) * unit
    return np.concatenate([corner, size], axis=1), points


def overlaps(box: Floats, others: Floats) -> Floats:
    """Intersection over union of `box` (4,) with `others` (N, 4), x, y, width, height; float32 (N,)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    return np.asarray(shared / (box[2] * box[3] + others[:, 2] * others[:, 3] - shared), np.float32)


def suppress(boxes: Floats, scores: Floats, most: float) -> list[int]:
    """Rows to keep, best score first: of boxes (N, 4) that overlap by more than `most` only the best."""
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        best, left = int(left[0]), left[1:]
        kept.append(best)
        left = left[overlaps(boxes[best], boxes[left]) <= most]
    return kept
