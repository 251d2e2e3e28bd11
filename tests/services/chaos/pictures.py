"""Photos whose number of faces is known. Each is unique, since the same bytes of one person are the same photo."""

import io
import itertools
import os
import re
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image
from skimage import data

from tests.services.chaos.doomed import POISON_SIZE

SIDE: Final = 200
_NUMBERS: Final = itertools.count()


@lru_cache
def _jpeg(faces: int) -> bytes:
    astronaut = data.astronaut()  # type: ignore[no-untyped-call]
    head = Image.fromarray(np.asarray(astronaut)).crop((64, 0, 384, 320)).resize((SIDE, SIDE))
    return _encoded(np.hstack([np.asarray(head)] * faces))


@lru_cache
def _poison() -> bytes:
    width, height = POISON_SIZE
    return _encoded(np.full((height, width, 3), 128, dtype=np.uint8))


def _encoded(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def photo(series: str, faces: int) -> tuple[str, bytes]:
    """Name and bytes of a photo of `series` (letters, digits and dashes) with one face or two."""
    return _unique(series, faces, _jpeg(faces))


def poison(series: str) -> tuple[str, bytes]:
    """A photo that kills whoever reads it."""
    return _unique(series, 0, _poison())


def _unique(series: str, faces: int, jpeg: bytes) -> tuple[str, bytes]:
    number = next(_NUMBERS)
    return f"{series}_{number}_{faces}.jpg", jpeg + f"{os.getpid()} {number}".encode()  # after the end of the picture


def faces_of(name: str) -> int:
    """The faces that a photo of this name has."""
    found = re.fullmatch(r"[\w-]+_\d+_(\d)\.jpg", name)
    assert found is not None, name
    return int(found[1])
