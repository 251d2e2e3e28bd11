"""From five landmarks to the square that the attribute network was trained on.

The training crops put the eyes and the mouth at known places (`vision.preprocessing`). Their means over the training
faces give the similarity (rotation, scale, shift) from the landmarks of any face to its crop. The closed-form fit of
all five points (Umeyama 1991, IEEE PAMI 13) is not what is used: in half profile the distance between the eyes shrinks
and the nose moves, so its square is too small and too far to the front (docs/decisions/0008-alignment.md). Here the
size comes from the longer of two lengths and the centre moves back by how far the nose is from the middle. The numbers
are measured by `python -m models_store.training.alignment.geometry`.
"""

import math
from dataclasses import dataclass
from typing import Final

from vision.preprocessing import ImageU8, crop_square, crop_turned
from vision.types import Box, Points

EYES: Final = 0.373
"""Distance between the eyes as a share of the crop's side: mean over the training faces of both data sets."""
HEIGHT: Final = 0.3754
"""From the middle between the eyes to the middle of the mouth, likewise."""
SIDE: Final = 0.967
"""Side of the square for a face whose longer length is one side: the longer one is too long more often than not."""
RISE: Final = 0.0695
"""How far above the middle of eyes and mouth the centre lies, as a share of the side."""
BACK: Final = 0.81
"""How far the centre moves for each pixel that the nose is beside the middle: away from it, to the middle of the head.
From FER+, whose pictures frame heads; UTKFace's frame the features whatever the turn."""


@dataclass(frozen=True, slots=True)
class Square:
    """The canonical square of a face: centre and side in pixels, `angle` in radians, positive clockwise as seen."""

    x: float
    y: float
    side: float
    angle: float = 0.0

    @classmethod
    def of_box(cls, box: Box) -> "Square":
        """The upright square with the centre and the width of `box`."""
        return cls(box.x + box.width / 2, box.y + box.height / 2, box.width)

    @property
    def box(self) -> Box:
        """The upright box of the same centre and side: what people are shown."""
        return Box(self.x - self.side / 2, self.y - self.side / 2, self.side, self.side)


def canonical_square(points: Points) -> Square | None:
    """The square of a face whose landmarks, in pixels, are `points`; None where they all but coincide."""
    (right_x, right_y), (left_x, left_y), (nose_x, nose_y), (r_mouth_x, r_mouth_y), (l_mouth_x, l_mouth_y) = points
    eyes_x, eyes_y = (right_x + left_x) / 2, (right_y + left_y) / 2
    mouth_x, mouth_y = (r_mouth_x + l_mouth_x) / 2, (r_mouth_y + l_mouth_y) / 2
    across_x, across_y = left_x - right_x, left_y - right_y
    down_x, down_y = mouth_x - eyes_x, mouth_y - eyes_y
    size = max(math.hypot(across_x, across_y) / EYES, math.hypot(down_x, down_y) / HEIGHT)
    # both lengths tell the angle, each as much as it is long: in profile the eyes tell little
    cos, sin = across_x + down_y, across_y - down_x
    length = math.hypot(cos, sin)
    if not (size >= 1.0 and length >= 1e-3 * size):  # so that nan ends here as well
        return None
    cos, sin = cos / length, sin / length
    middle_x, middle_y = (eyes_x + mouth_x) / 2, (eyes_y + mouth_y) / 2
    beside = (nose_x - middle_x) * cos + (nose_y - middle_y) * sin
    side = SIDE * size
    back, rise = BACK * beside, RISE * side
    return Square(middle_x - back * cos + rise * sin, middle_y - back * sin - rise * cos, side, math.atan2(sin, cos))


def square_of(box: Box, points: Points | None) -> Square:
    """The square to cut for a face found in `box`: by its landmarks where there are any, else the box itself."""
    square = canonical_square(points) if points is not None else None
    return square if square is not None else Square.of_box(box)


def crop_aligned(image: ImageU8, square: Square) -> ImageU8:
    """What `square` holds in `image`, uint8 (H, W, 3) or (H, W): upright, uint8 (64, 64) or (64, 64, 3).

    Raises ValueError where the square does not touch the image.
    """
    if square.angle == 0:
        return crop_square(image, square.box.x, square.box.y, square.side)
    return crop_turned(image, (square.x, square.y), square.side, square.angle)
