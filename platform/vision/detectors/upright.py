"""A face cut out upright, for the second look at its points."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.detectors.geometry import Floats
from vision.preprocessing import ImageU8, to_grey

SIDE: Final = 48
"""Pixels of the square that the points' network sees."""
ROOM: Final = 1.3
"""Its side in sizes of the face (root of the box's area)."""


def upright_map(centre: npt.NDArray[np.floating], size: float, angle: float) -> npt.NDArray[np.float64]:
    """The similarity (2, 3) from the photo to the square: `centre` (2,) to the middle, turned back by `angle`.

    `size` is the root of the box's area in pixels; `angle` in radians from upright, clockwise as seen.
    """
    scale = SIDE / (ROOM * size)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos, sin], [-sin, cos]])
    return np.column_stack([linear, SIDE / 2 - linear @ centre])


def lean(points: Floats) -> float:
    """How far a face leans, radians, clockwise as seen, from its points (5, 2).

    By the line from the middle of the eyes to the middle of the mouth, which has a length in profile as well.
    """
    down = points[3:].mean(axis=0) - points[:2].mean(axis=0)
    return float(np.arctan2(-down[0], down[1]))


def upright(image: ImageU8, matrix: npt.NDArray[np.float64]) -> ImageU8:
    """The grey square uint8 (SIDE, SIDE) that `matrix`, of `upright_map`, takes from `image` uint8 (H, W[, 3]).

    A large face is shrunk by areas first, so that the one bilinear pass does not alias.
    """
    scale = float(np.hypot(*matrix[:, 0]))
    moved = matrix.copy()
    corners = (np.array([[0, 0], [SIDE, 0], [0, SIDE], [SIDE, SIDE]]) - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, np.array(image.shape[1::-1]) - 1)
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, low + 1, image.shape[1::-1])
    part = to_grey(image[low[1] : high[1], low[0] : high[0]])
    moved[:, 2] += moved[:, :2] @ low
    if scale < 0.5:
        shrunk = (max(round(part.shape[1] * scale), 1), max(round(part.shape[0] * scale), 1))
        ratio = np.array([part.shape[1] / shrunk[0], part.shape[0] / shrunk[1]])
        part = np.asarray(cv2.resize(part, shrunk, interpolation=cv2.INTER_AREA), np.uint8)
        moved[:, :2] *= ratio
    # pixel centres lie at halves in photos and at whole numbers in cv2
    moved[:, 2] += 0.5 * moved[:, :2].sum(axis=1) - 0.5
    square = cv2.warpAffine(part, moved, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(square, np.uint8)
