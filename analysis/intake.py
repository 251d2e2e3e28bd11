"""From uploaded bytes to what we keep: upright, re-encoded, without metadata, and only if it can be read at all."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Protocol

from analysis.engine import PhotoError, decode_photo, encode_jpeg, limits, shrink, shrink_far

LONGEST_SIDE: Final = 4096
"""Pixels that are kept: a face needs 64 of them, so a group of thirty still has plenty."""
ENOUGH_SIDE: Final = 3840
"""Pixels at which a photo need not be decoded any larger: phones of 48 megapixels write 8064, half of which is kept as
it is. Decoding at half the size and not shrinking afterwards takes a quarter of the memory."""
THUMBNAIL_SIDE: Final = 320


class Upload(Protocol):
    """The part of Django's uploaded file that intake needs."""

    name: str | None

    def read(self, num_bytes: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo that can be kept: JPEG bytes of picture and thumbnail, pixels of the picture, sha256 of the upload."""

    name: str
    sha256: str
    image: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that cannot be kept and why, in the person's words."""

    name: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came: its name for showing, its bytes (one more than allowed if there are more), their sha256."""

    name: str
    data: bytes
    sha256: str


def receive(upload: Upload) -> Received:
    """Take the bytes of one upload in."""
    data = upload.read(limits().bytes + 1)
    return Received(safe_name(upload.name or ""), data, hashlib.sha256(data).hexdigest())


def clean(received: Received) -> CleanPhoto | Rejected:
    """Decode and re-encode one file; never raises for a bad one."""
    try:
        rgb = shrink(decode_photo(received.data, enough=ENOUGH_SIDE), LONGEST_SIDE)
    except PhotoError as error:
        return Rejected(received.name, error.reason.code, error.reason.sentence)
    height, width = rgb.shape[:2]
    return CleanPhoto(
        name=received.name,
        sha256=received.sha256,
        image=encode_jpeg(rgb),
        thumbnail=encode_jpeg(shrink_far(rgb, THUMBNAIL_SIDE), quality=85),
        width=width,
        height=height,
    )


def safe_name(name: str) -> str:
    """The last part of the file's name, printable and at most 120 characters: for showing, never for a path."""
    last = re.split(r"[\\/]", name)[-1]
    printable = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    return printable[:120] or "photo"
