"""What can be measured of a face without knowing whose it is: pure functions of the crop, the points and the box."""

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vision.preprocessing import ImageU8
from vision.types import Box, Points

Places = Points | npt.NDArray[np.float64]
"""Five points, or an array (5, 2) of them."""

FINE: Final = 1.0
COARSE: Final = 3.0
"""Sigmas in pixels: detail smaller than the one is compared with detail smaller than the other."""

EDGE: Final = 0.125
"""Share of the side left out all round: hair and background are not the face, and a cut face repeats its border."""

LEAST_DETAIL: Final = 0.5
"""Grey levels; a flat crop has no detail and must not divide by none."""

WHITE: Final = 251
"""Grey level from which a pixel counts as burnt out: the last 2 % of the range, so that JPEG noise does not hide it."""


def sharpness(crop: ImageU8) -> float:
    """Fine detail as a share of coarse detail, in the middle of a grey crop, uint8 (S, S).

    Detail is the standard deviation of what a Gaussian blur takes away. Comparing a picture with its own blurred copy
    is Crété-Roffet et al. 2007 (The Blur Effect, SPIE 6492). As a ratio it depends neither on contrast nor on light,
    which the variance of the Laplacian does.
    """
    picture = crop.astype(np.float32)
    margin = round(EDGE * crop.shape[0])
    inner = slice(margin, crop.shape[0] - margin)
    fine, coarse = (
        float((picture - cv2.GaussianBlur(picture, (0, 0), sigma))[inner, inner].std()) for sigma in (FINE, COARSE)
    )
    return fine / max(coarse, LEAST_DETAIL)


def brightness(crop: ImageU8) -> float:
    """Mean grey level, 0 to 1."""
    return float(crop.mean()) / 255.0


def highlights(crop: ImageU8) -> float:
    """Share of pixels that are burnt out, 0 to 1."""
    return float((crop >= WHITE).mean())


def turn(points: Places) -> float:
    """How far the nose is from the middle between the eyes, along their line, in distances between the eyes.

    0 looks straight ahead, 0.5 has the nose under an eye; bounded to -1 and 1. Positive: towards the left eye, the
    right of the picture. The tangent of the yaw is proportional to it (weak perspective, after Gee & Cipolla 1994).
    """
    right, left, nose = (np.array(point) for point in points[:3])
    line = left - right
    square = float(line @ line)
    if square == 0:
        return 1.0  # in profile one eye hides the other
    return float(np.clip((nose - (right + left) / 2) @ line / square, -1.0, 1.0))


def roll(points: Places) -> float:
    """Angle of the line between the eyes in degrees, -180 to 180; positive: turned clockwise in the picture."""
    across, down = np.array(points[1]) - np.array(points[0])
    return math.degrees(math.atan2(down, across))


def cut(box: Box, *, height: int, width: int) -> float:
    """Share of the box that lies outside a picture of `height` x `width` pixels, 0 to 1."""
    across = max(min(box.x + box.width, width) - max(box.x, 0.0), 0.0)
    down = max(min(box.y + box.height, height) - max(box.y, 0.0), 0.0)
    return 1.0 - across * down / box.area
