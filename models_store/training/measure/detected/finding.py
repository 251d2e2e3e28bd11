"""Which of the faces laid into photos a detector finds, and what the network sees of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models_store.training.measure.detected.placing import Sheet
from models_store.training.metrics import Bools
from vision.alignment import Square, crop_aligned, square_of
from vision.detectors import Detection, Detector
from vision.preprocessing import INPUT_SIZE, ImageU8, to_grey
from vision.types import Box

OVERLAP: Final = 0.35
"""Least intersection over union of a detection's square with the picture's canonical square: as for scenes."""


@dataclass(frozen=True)
class Found:
    """`found` bool (N,) and `crops` uint8 (N, 64, 64), grey, black where not found; in the order of the pictures."""

    found: Bools
    crops: ImageU8


def find(sheets: Iterable[Sheet], count: int, detector: Detector, *, aligned: bool = True) -> Found:
    """What `detector` finds of the `count` faces in `sheets`; `aligned` says whether landmarks may move the crop."""
    found = np.zeros(count, np.bool_)
    crops = np.zeros((count, INPUT_SIZE, INPUT_SIZE), np.uint8)
    for sheet in sheets:
        places = detector.detect(sheet.rgb)
        for row, square in zip(sheet.rows, sheet.squares, strict=True):
            place = best(places, square)
            if place is not None:
                cut = square_of(place.box, place.landmarks if aligned else None)
                found[row], crops[row] = True, to_grey(crop_aligned(sheet.rgb, cut))
    return Found(found, crops)


def best(places: list[Detection], square: Square) -> Detection | None:
    """The detection that overlaps `square` most, None where none does enough."""
    if not places:
        return None
    shares = np.array([overlap(place.box, square.box) for place in places])
    return places[int(shares.argmax())] if shares.max() >= OVERLAP else None


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (one.area + other.area - shared)


def in_colour(grey: npt.NDArray[np.uint8]) -> ImageU8:
    """Grey (N, W, W) as RGB (N, W, W, 3)."""
    return np.repeat(grey[..., np.newaxis], 3, axis=-1)
