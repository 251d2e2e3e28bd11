"""Image bytes to upright RGB pixels, within bounds on bytes, pixels, memory and time."""

import struct
import warnings
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image

from vision.decoding import baseline, formats
from vision.decoding.formats import Format, accepted_media_types, accepted_words, sniff
from vision.decoding.limits import (
    Limits,
    PhotoError,
    empty,
    too_many_bytes,
    too_many_pixels,
    too_narrow,
    too_small,
    unreadable,
)
from vision.decoding.opening import opened, pixel_cost
from vision.decoding.orientation import orientation_of, upright
from vision.decoding.pixels import to_rgb
from vision.preprocessing import ImageU8

__all__ = ["Limits", "PhotoError", "Picture", "accepted_media_types", "accepted_words", "decode", "encode_jpeg"]

# Pillow would warn on standard error about large pictures; the bounds here refuse them before memory is taken.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

SMALLEST_SIDE: Final = 16
"""Pixels; below this no face can be found and filters misbehave."""
NARROWEST: Final = 64
"""Longer side over shorter side: a strip of these proportions has 10 pixels left at the detector's 640."""
SCALES: Final = (8, 4, 2)
"""By which a picture may be shrunk while it is decoded: JPEG's own."""

DAMAGE: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error),
    *(RuntimeError, MemoryError, cv2.error),
)
"""What decoders raise for files that are not what they begin like; the last are libheif's, libavif's and OpenCV's."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded photo, upright.

    `rgb` is uint8 (H, W, 3), and one of its pixels stands for `scale` x `scale` of the photo's, which is `width` x
    `height` pixels large.
    """

    rgb: ImageU8
    scale: int
    width: int
    height: int


def decode(data: bytes, limits: Limits, *, enough: int | None = None) -> Picture:
    """The photo turned upright by its EXIF orientation, of an animation the first frame. Raises PhotoError.

    With `enough`, a larger photo is shrunk while it is decoded, by 2, 4 or 8 and as far as its longer side keeps at
    least `enough` pixels; that is where large JPEGs save most of their time and memory.
    """
    if not data:
        raise empty()
    if len(data) > limits.bytes:
        raise too_many_bytes(limits)
    kind = sniff(data)
    try:
        return _decoded(data, kind, limits, enough)
    except PhotoError:
        raise
    except Image.DecompressionBombError:  # Pillow's own bound, where a decoder would take memory before ours is asked
        raise too_many_pixels(limits.pixels) from None
    except DAMAGE as error:
        raise unreadable() from error


def _decoded(data: bytes, kind: Format, limits: Limits, enough: int | None) -> Picture:
    rgb, orientation, scale, (width, height) = _as_stored(data, kind, limits, enough)
    if orientation >= 5:
        width, height = height, width
    return Picture(upright(rgb, orientation), scale, width, height)


def _as_stored(
    data: bytes, kind: Format, limits: Limits, enough: int | None
) -> tuple[ImageU8, int, int, tuple[int, int]]:
    """Pixels, orientation, scale and full size; Pillow's own copy of the pixels is gone before anything is turned."""
    with opened(data, kind, limits) as image:
        size = image.size
        scale = _scale(max(size), enough)
        _check(image, kind, scale, limits)
        rgb = baseline.pixels(image, scale) if kind is formats.JPEG else None
        if rgb is not None:
            return rgb, orientation_of(image.info), scale, size
        reduced = _draft(image, kind, scale)
        image.load()
        orientation = orientation_of(image.info) if kind is not formats.HEIC else 1
        return to_rgb(image, 1 if reduced else scale), orientation, scale, size


def _scale(longest: int, enough: int | None) -> int:
    if enough is None:
        return 1
    return next((scale for scale in SCALES if longest // scale >= enough), 1)


def _check(image: Image.Image, kind: Format, scale: int, limits: Limits) -> None:
    width, height = image.size
    most = min(limits.pixels, int(limits.memory / pixel_cost(image, kind, scale)))
    if width * height > most:
        raise too_many_pixels(most)
    if min(width, height) < SMALLEST_SIDE:
        raise too_small(width, height)
    if max(width, height) > NARROWEST * min(width, height):
        raise too_narrow(width, height)


def _draft(image: Image.Image, kind: Format, scale: int) -> bool:
    """Ask a JPEG's decoder for the smaller picture; whether it gives it."""
    if kind is not formats.JPEG or scale == 1:
        return False
    return image.draft(image.mode, (image.width // scale, image.height // scale)) is not None


def encode_jpeg(rgb: ImageU8, quality: int = 92) -> bytes:
    """`rgb` uint8 (H, W, 3) as a JPEG that carries no metadata at all; by OpenCV, in fewer copies than by Pillow."""
    bgr = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of {bgr.shape[1]} x {bgr.shape[0]} pixels could not be encoded")
    return encoded.tobytes()
