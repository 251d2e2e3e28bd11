"""Validation faces whose pictures are turned and whose landmarks are wrong by known amounts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.data import ferplus, landmarks, utkface
from models_store.training.metrics import Array, Bools, Ints
from vision.alignment import Square
from vision.preprocessing import ImageU8

Floats = npt.NDArray[np.float64]

ROOM: Final = 1.42
"""Side of a turned picture in sides of the picture: nothing of it is lost at any angle."""


@dataclass(frozen=True)
class Pictures:
    """Grey pictures uint8 (N, W, W) with points float64 (N, 5, 2) and the same square `box` in all, in pixels."""

    images: ImageU8
    points: Floats
    box: Square

    def turned(self, degrees: float, clockwise: Bools, finer: int) -> "Pictures":
        """Each picture turned about the middle of the box, `clockwise` (N,) or the other way, on a larger canvas.

        It is drawn `finer` times as large, so that the second interpolation, when the face is cut, costs little. What
        lies outside a picture repeats its border. Without a turn, the pictures as they are.
        """
        if degrees == 0:
            return self
        side = round(self.images.shape[1] * finer * ROOM)
        images, points = [], []
        for image, places, forward in zip(self.images, self.points, clockwise, strict=True):
            angle = np.deg2rad(degrees if forward else -degrees)
            linear = finer * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            offset = side / 2 - linear @ (self.box.x, self.box.y)
            matrix = np.column_stack([linear, offset + linear.sum(axis=1) / 2 - 0.5])
            images.append(
                cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
            )
            points.append(places @ linear.T + offset)
        box = Square(side / 2, side / 2, self.box.side * finer)
        return Pictures(np.asarray(images, dtype=np.uint8), np.array(points), box)


@dataclass(frozen=True)
class Faces:
    """Validation faces with landmarks. FER+: `expressions`, `labels` (N,); UTKFace: `portraits`, `ages` (M,) years,
    `female` (M,). For all N + M, FER+ first: which way to turn, `clockwise`, and unit noise `errors` (., 5, 2)."""

    expressions: Pictures
    labels: Ints
    portraits: Pictures
    ages: Array
    female: Bools
    clockwise: Bools
    errors: Floats


def validation(data: Path, most: int | None = None) -> Faces:
    """All faces of both validation splits that have landmarks, or a fixed sample of `most` of each.

    Raises `UserError` when a file is missing.
    """
    faces, people = ferplus.load(data, "valid"), utkface.load(data, "valid")
    keep, labels = ferplus.official_labels(faces.votes)
    shown, chips = landmarks.of_ferplus(data, "valid"), landmarks.of_utkface(data, people)
    rng = np.random.default_rng(0)
    rows = np.sort(rng.permutation(np.flatnonzero(keep & landmarks.known(shown)))[:most])
    others = np.sort(rng.permutation(np.flatnonzero(landmarks.known(chips)))[:most])
    count = len(rows) + len(others)
    width, side = people.chips.shape[1], float(faces.images.shape[1])
    square = utkface.SIDE * width
    left, top = utkface.LEFT * width + square / 2, utkface.TOP * width + square / 2
    return Faces(
        Pictures(faces.images[rows], shown[rows], Square(side / 2, side / 2, side)),
        labels[rows],
        Pictures(people.chips[others], chips[others], Square(left, top, square)),
        people.ages[others].astype(np.float64),
        people.female[others] > 0.5,
        rng.random(count) < 0.5,
        rng.standard_normal((count, 5, 2)),
    )


def noisy(points: Floats, errors: Floats, share: float) -> Floats:
    """Points (N, 5, 2) each off by `share` of the eye distance on average, in the directions of `errors`.

    In half profile the eyes seem close; there the distance from eyes to mouth counts, which is as long face on.
    """
    across = np.hypot(*(points[:, 1] - points[:, 0]).T)
    down = np.hypot(*(points[:, 3:].mean(axis=1) - points[:, :2].mean(axis=1)).T)
    # the mean length of a plane normal vector is sqrt(pi / 2) of its deviation
    deviation = share * np.maximum(across, down) / np.sqrt(np.pi / 2)
    return np.asarray(points + deviation[:, np.newaxis, np.newaxis] * errors, dtype=np.float64)
