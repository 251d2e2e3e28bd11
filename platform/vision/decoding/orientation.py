"""Which way is up: EXIF tag 0x0112, and how to undo it.

Read here and not by a general EXIF parser: one number is wanted, and every other field is somebody's private data.
"""

import re
import struct
from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np

from vision.preprocessing import ImageU8

_TAG: Final = 0x0112
_MOST_FIELDS: Final = 512
_XMP: Final = re.compile(rb"tiff:Orientation(?:=[\"']|>)([1-8])")


def orientation_of(info: Mapping[Any, Any]) -> int:
    """1 to 8 from the EXIF, else the XMP, that Pillow found beside the picture; 1 when neither says it."""
    exif, xmp = info.get("exif"), info.get("xmp")
    found = _from_exif(exif) if isinstance(exif, bytes) else None
    if found is None and isinstance(xmp, bytes):
        match = _XMP.search(xmp)
        found = int(match[1]) if match else None
    return found or 1


def _from_exif(exif: bytes) -> int | None:
    """TIFF 6.0: byte order, offset of the first directory, fields of twelve bytes; None when it is not there."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (at,) = struct.unpack_from(f"{order}L", tiff, 4)
        (fields,) = struct.unpack_from(f"{order}H", tiff, at)
        for index in range(min(fields, _MOST_FIELDS)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHLH", tiff, at + 2 + 12 * index)
            if tag == _TAG:
                return value if kind == 3 and 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def upright(image: ImageU8, orientation: int) -> ImageU8:
    """`image` (H, W, 3) as it was seen; itself when it already is upright, else a copy."""
    turned: object = image
    if orientation in {5, 7}:
        turned = cv2.transpose(image)
        turned = cv2.rotate(turned, cv2.ROTATE_180) if orientation == 7 else turned
    elif orientation in {2, 4}:
        turned = cv2.flip(image, 1 if orientation == 2 else 0)
    elif orientation in _ROTATIONS:
        turned = cv2.rotate(image, _ROTATIONS[orientation])
    return np.asarray(turned, dtype=np.uint8)


_ROTATIONS: Final = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
