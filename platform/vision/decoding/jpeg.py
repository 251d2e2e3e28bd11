"""JPEG before the decoder sees it: only the segments that make the picture, and none that make it slow.

Segments by ITU-T T.81, annex B.
"""

import re
from typing import Final

import numpy as np

from vision.decoding.limits import PhotoError, too_complex, unreadable

MOST_SCANS: Final = 64
"""Cameras write one, progressive encoders about ten; each goes over the whole picture, however few bytes it has."""
MOST_SEGMENTS: Final = 4096
"""Before the first scan: 64 kB each, so more than any file within the bound on bytes needs for tables and an EXIF."""

_BESIDE: Final = {"exif": b"Exif\x00\x00", "xmp": b"http://ns.adobe.com/xap/1.0/\x00"}
_FILLING: Final = re.compile(rb"\xff+")
_SOS, _APP1 = 0xDA, 0xE1
_LEFT_OUT: Final = {*range(0xE1, 0xF0), 0xFE} - {0xEE}
"""Application segments and comments, but for JFIF (E0) and Adobe's (EE), which say how colours are coded."""
_FRAMES: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_READ_FRAMES: Final = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive, Huffman-coded. Lossless, hierarchical and arithmetic JPEG is not for photos."""


def essential(data: bytes) -> tuple[bytes, dict[str, bytes | int]]:
    """`data` without comments, profiles, previews and vendors' notes, and beside it `exif`, `xmp` and how many `scans`.

    Raises PhotoError: unsupported (12 bits, lossless), too_complex (scans without end), unreadable.
    """
    view = memoryview(data)
    kept, beside = [view[:2]], dict[str, bytes | int]()
    at = 2
    for _ in range(MOST_SEGMENTS):
        marker, start, end = _segment(data, at)
        if marker == _SOS:
            beside["scans"] = _scans(data, start)
            kept.append(view[start:])
            whole = sum(map(len, kept)) == len(data)  # as of every photo of our own making: no second copy of it
            return data if whole else b"".join(kept), beside
        if marker in _FRAMES:
            _check_frame(marker, data[start + 4])
        if marker == _APP1:
            _put_beside(data[start + 4 : end], beside)
        elif marker not in _LEFT_OUT:
            kept.append(view[start:end])
        at = end
    raise too_complex()


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Marker, start and end of the segment at `at`; bytes FF may fill up before it."""
    filled = _FILLING.match(data, at)
    at = filled.end() - 1 if filled else at
    size = int.from_bytes(data[at + 2 : at + 4], "big")
    if data[at : at + 1] != b"\xff" or size < 2 or at + 2 + size > len(data):
        raise unreadable()
    return data[at + 1], at, at + 2 + size


def _put_beside(body: bytes, beside: dict[str, bytes | int]) -> None:
    for name, signature in _BESIDE.items():
        if body.startswith(signature):
            beside.setdefault(name, body)


def _check_frame(marker: int, bits: int) -> None:
    if marker not in _READ_FRAMES or bits != 8:
        raise PhotoError("unsupported", "This kind of JPEG cannot be read. Save the photo again as an ordinary JPEG.")


def _scans(data: bytes, start: int) -> int:
    """In coded data FF is followed by 00 or a restart marker, so what looks like a scan's beginning is one.

    Only the picture's own count: a film or a preview behind its end may hold any bytes.
    """
    found = _beginnings(data, start, len(data))
    end = data.find(b"\xff\xd9", start) if found > 1 else -1
    found = found if end < 0 else _beginnings(data, start, end)
    if found > MOST_SCANS:
        raise too_complex()
    return found


def _beginnings(data: bytes, start: int, end: int) -> int:
    """How often FF DA occurs; compared two bytes at a time, several times as fast as `bytes.count`."""
    words = [np.frombuffer(data, "<u2", (end - at) // 2, at) for at in (start, start + 1)]
    return sum(int(np.count_nonzero(each == 0xDAFF)) for each in words)
