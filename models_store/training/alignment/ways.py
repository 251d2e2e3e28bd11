"""Ways to choose the square: from the landmarks of a face, and from the box that is known without them."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from vision.alignment import Square, canonical_square
from vision.types import Points

Way = Callable[[Points, Square], Square]
"""Landmarks in pixels and the square known without them to the square to cut."""

CANONICAL: Final = ((0.314, 0.382), (0.686, 0.382), (0.5, 0.583), (0.347, 0.756), (0.653, 0.756))
"""The mean five points of the training crops, both data sets together (`geometry` prints them)."""

LEAST_LEAN: Final = 10.0
"""Degrees under which one of the ways leaves a face as it leans."""


def box_alone(_: Points, box: Square) -> Square:
    """The box, upright."""
    return box


def similarity(points: Points, _: Square) -> Square:
    """The least-squares similarity from the canonical points to the face's (Umeyama 1991, IEEE PAMI 13)."""
    source, target = np.array(CANONICAL), np.array(points)
    middle = source.mean(axis=0)
    a, b = source - middle, target - target.mean(axis=0)
    # in the plane, without mirror images, the optimum is one complex number: side * exp(i angle)
    real, imaginary = float((a * b).sum()), float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
    side, angle = math.hypot(real, imaginary) / float((a**2).sum()), math.atan2(imaginary, real)
    x, y = np.array([0.5, 0.5]) - middle
    centre = target.mean(axis=0) + side * np.array(
        [x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)]
    )
    return Square(float(centre[0]), float(centre[1]), side, angle)


def aligned(points: Points, box: Square) -> Square:
    """What serves: size by the longer length, centre moved back for turned faces (`vision.alignment`)."""
    return canonical_square(points) or box


def upright(way: Way) -> Way:
    """`way` without the rotation."""
    return lambda points, box: replace(way(points, box), angle=0.0)


def from_lean(way: Way, degrees: float) -> Way:
    """`way`, with the rotation only from so many degrees."""

    def chosen(points: Points, box: Square) -> Square:
        square = way(points, box)
        return square if abs(math.degrees(square.angle)) >= degrees else replace(square, angle=0.0)

    return chosen


def half_way(way: Way) -> Way:
    """Centre and side in the middle between the box and `way`, the rotation in full."""

    def chosen(points: Points, box: Square) -> Square:
        square = way(points, box)
        return Square((square.x + box.x) / 2, (square.y + box.y) / 2, (square.side + box.side) / 2, square.angle)

    return chosen


WAYS: Final[dict[str, Way]] = {
    "box": box_alone,
    "similarity": similarity,
    "similarity, not turned": upright(similarity),
    "aligned": aligned,
    "aligned, not turned": upright(aligned),
    f"aligned, turned from {LEAST_LEAN:g} degrees": from_lean(aligned, LEAST_LEAN),
    "aligned, half-way to the box": half_way(aligned),
}
"""The box that is known is the data set's own crop."""
