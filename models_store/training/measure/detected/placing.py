"""Labelled faces put into photographs, for want of photographs whose faces have labels.

Each picture of a face is laid, at its own size and with its pixels unchanged, into a photo without faces of the same
split: test faces into test photos, validation faces into the photos held for validation. Around it a rim of a sixth
of its side repeats its border and fades into the photo. A photo takes up to six pictures at random places of a grid
whose corner is random. FER+ pictures are grey, so their photos are made grey.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.alignment import Square
from vision.preprocessing import ImageU8

RIM: Final = 1 / 6
"""Width of the fading rim as a share of the picture's side."""
MOST: Final = 6
"""Pictures in one photo: few detections are needed, and most of it is still photo."""


@dataclass(frozen=True)
class Sheet:
    """A photo uint8 (H, W, 3) with pictures in it: `rows`, their numbers, and `squares`, their canonical squares."""

    rgb: ImageU8
    rows: tuple[int, ...]
    squares: tuple[Square, ...]


def sheets(pictures: ImageU8, square: Square, photos: Sequence[ImageU8], seed: int = 0) -> Iterator[Sheet]:
    """All `pictures` uint8 (N, W, W, 3), whose canonical square in their own pixels is `square`, laid into `photos`.

    Photos are taken in turn, in random order. Raises ValueError when none is large enough for one picture.
    """
    rng = np.random.default_rng(seed)
    cell = pictures.shape[1] + 2 * round(RIM * pictures.shape[1])
    large = [photo for photo in photos if min(photo.shape[:2]) >= cell]
    if not large:
        raise ValueError(f"no photo has {cell} pixels for one picture with its rim")
    order = rng.permutation(len(large))
    first = turn = 0
    while first < len(pictures):
        photo = large[order[turn % len(large)]]
        corners = _corners(photo.shape, cell, rng)[: len(pictures) - first]
        rows = tuple(range(first, first + len(corners)))
        yield _laid(photo, pictures, rows, corners, square)
        first, turn = first + len(corners), turn + 1


def _corners(shape: tuple[int, ...], cell: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Upper left corners (x, y) of up to `MOST` free cells."""
    down, across = shape[0] // cell, shape[1] // cell
    top, left = (int(rng.integers(length % cell + 1)) for length in shape[:2])
    chosen = rng.permutation(down * across)[:MOST]
    return [(left + int(at % across) * cell, top + int(at // across) * cell) for at in chosen]


def _laid(
    photo: ImageU8, pictures: ImageU8, rows: tuple[int, ...], corners: list[tuple[int, int]], square: Square
) -> Sheet:
    rgb, rim = photo.copy(), round(RIM * pictures.shape[1])
    mask = fading(pictures.shape[1], rim)[..., np.newaxis]
    squares = []
    for row, (left, top) in zip(rows, corners, strict=True):
        face = cv2.copyMakeBorder(pictures[row], rim, rim, rim, rim, cv2.BORDER_REPLICATE)
        window = rgb[top : top + len(face), left : left + len(face)]
        window[:] = (window * (1 - mask) + face * mask).round().astype(np.uint8)
        squares.append(Square(square.x + left + rim, square.y + top + rim, square.side))
    return Sheet(rgb, rows, tuple(squares))


def fading(side: int, rim: int) -> npt.NDArray[np.float32]:
    """How much of a picture with its rim shows, float32 (side + 2 rim,) each way: 1 in the picture, to 0 outside."""
    steps = np.arange(1, rim + 1, dtype=np.float32) / (rim + 1)
    line = np.concatenate([steps, np.ones(side, np.float32), steps[::-1]])
    return np.asarray(np.minimum(line[:, np.newaxis], line[np.newaxis]), dtype=np.float32)
