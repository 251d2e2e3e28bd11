"""Which cell of which level learns which face."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models_store.training.detection.faces import Faces
from vision.detectors.geometry import STRIDES, cells

Floats = npt.NDArray[np.float32]
Real = npt.NDArray[np.floating]

RANGES: Final = ((0, 46), (36, 92), (76, 184), (150, 100_000))
"""Sizes of the faces (root of the area, pixels) that each level learns; between two levels both learn it."""
MIDDLE: Final = 0.2
"""Cells this near a face's centre, in shares of its size, learn it."""
BESIDE: Final = 1.4
"""Faces this much too large or too small for a level are not its background either."""
RIM: Final = 0.35
"""Cells up to here learn nothing: neither its middle nor background."""


@dataclass(frozen=True)
class Targets:
    """For the cells of all levels, one after the other: `kind` uint8 (P,) 0 background, 1 face, 2 neither; `box`
    float32 (P, 4) as centre x, centre y, width, height in pixels; `points` float32 (P, 10) in pixels; `pointed`
    float32 (P,), 1 where the points are known."""

    kind: npt.NDArray[np.uint8]
    box: Floats
    points: Floats
    pointed: Floats


def assign(faces: Faces, side: int) -> Targets:
    """Targets of a square crop of `side` pixels. Where two faces want a cell the smaller has it."""
    parts = [_level(faces, side // stride, stride, reach) for stride, reach in zip(STRIDES, RANGES, strict=True)]
    return Targets(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _level(faces: Faces, count: int, stride: int, reach: tuple[int, int]) -> tuple[Any, ...]:
    kind = np.zeros((count, count), np.uint8)
    owner = np.full((count, count), -1)
    sizes = np.sqrt(faces.boxes[:, 2] * faces.boxes[:, 3])
    near = ~faces.wanted | ((sizes < reach[1] * BESIDE) & (sizes * BESIDE >= reach[0]))
    for row in np.flatnonzero(near)[np.argsort(-sizes[near])]:
        centre, size = faces.boxes[row, :2], float(sizes[row])
        if not faces.wanted[row]:
            half = faces.boxes[row, 2:] / 2
            # an unsure face of any size silences every level: each could tell it
            _silence(kind, _window(centre, half, count, stride))
            continue
        _silence(kind, _window(centre, np.maximum(faces.boxes[row, 2:] * RIM, stride), count, stride))
        if reach[0] <= size < reach[1]:
            middle = _window(centre, np.full(2, max(MIDDLE * size, 0.6 * stride), np.float32), count, stride)
            kind[middle], owner[middle] = 1, row
    flat, rows = kind.ravel(), owner.ravel()
    box = np.where(flat[:, None] == 1, _rows(faces.boxes, rows), 1).astype(np.float32)
    points = np.where(flat[:, None] == 1, _rows(faces.points.reshape(-1, 10), rows), 0).astype(np.float32)
    pointed = (flat == 1) & _rows(faces.pointed, rows).astype(bool)
    return flat, box, points, pointed.astype(np.float32)


def _silence(kind: npt.NDArray[np.uint8], window: tuple[slice, slice]) -> None:
    """Make background in the window teach nothing, in place."""
    part = kind[window]
    part[part == 0] = 2


def _rows(table: npt.NDArray[Any], rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    return table[rows] if len(table) else np.zeros((len(rows), *table.shape[1:]), table.dtype)


def _window(
    centre: npt.NDArray[np.floating], half: npt.NDArray[np.floating], count: int, stride: int
) -> tuple[slice, slice]:
    """Rows and columns of the cells whose centres lie within `half` of `centre`."""
    low = np.clip(np.ceil((centre - half) / stride - 0.5), 0, count).astype(int)
    high = np.clip(np.floor((centre + half) / stride - 0.5) + 1, 0, count).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def level_of_cells(side: int) -> tuple[Floats, Floats]:
    """Centres (P, 2) and strides (P,) of the cells of all levels of a square crop."""
    centres = [cells(side // stride, side // stride, stride) for stride in STRIDES]
    strides = [np.full(len(part), stride, np.float32) for part, stride in zip(centres, STRIDES, strict=True)]
    return np.concatenate(centres), np.concatenate(strides)
