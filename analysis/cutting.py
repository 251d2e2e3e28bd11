"""Faces cut out of a picture that is not to be kept: squares with some ground around, pure geometry and pixels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.engine import decode_photo, encode_jpeg, shrink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.models import Face, Photo

MARGIN: Final = 0.35
"""Of the face's longer side, left around it: hair and chin help people to judge."""

LARGEST: Final = 512
"""Pixels of a side that are kept."""

WHOLE: Final = 4096
"""Boxes are in pixels of the kept picture, so it is decoded as large as that is."""


@dataclass(frozen=True, slots=True)
class Square:
    """Whole pixels of the photo; within it on all sides, so narrower than high where the photo itself is narrow."""

    x: int
    y: int
    width: int
    height: int


def square_of(face: "Face", width: int, height: int) -> Square:
    """What is cut out for a face of a photo of `width` by `height` pixels: moved inwards at its borders."""
    side = max(round(max(face.width, face.height) * (1 + 2 * MARGIN)), 1)
    wide, high = min(side, width), min(side, height)
    x = min(max(round(face.x + face.width / 2 - wide / 2), 0), width - wide)
    y = min(max(round(face.y + face.height / 2 - high / 2), 0), height - high)
    return Square(x, y, wide, high)


def cut(photo: "Photo", picture: bytes, faces: "Sequence[Face]") -> list[bytes]:
    """JPEG bytes for each face. `picture` is the photo's kept JPEG. Raises PhotoError when it cannot be decoded."""
    if not faces:
        return []
    rgb = decode_photo(picture, enough=WHOLE)
    squares = [square_of(face, photo.width, photo.height) for face in faces]
    parts = [rgb[one.y : one.y + one.height, one.x : one.x + one.width] for one in squares]
    return [encode_jpeg(shrink(part, LARGEST)) for part in parts]
