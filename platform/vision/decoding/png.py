"""PNG before the decoder sees it: only the chunks that make the picture.

What is left out (texts, profiles, the frames of an animation) is where small files unpack to large ones.
"""

from typing import Final

from vision.decoding.limits import too_complex

MOST_CHUNKS: Final = 65_536
"""Encoders cut the picture into pieces of 8 kB and more; the bound on bytes allows some thousands of these."""
LARGEST_EXIF: Final = 65_536

_KEPT: Final = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def essential(data: bytes) -> bytes:
    """`data` with critical chunks, transparency and a small EXIF only; damage is left for the decoder to find.

    Raises PhotoError (too_complex) for a file of crumbs.
    """
    view = memoryview(data)
    kept = [view[:8]]
    at = 8
    for _ in range(MOST_CHUNKS):
        size = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        end = at + 12 + size
        if kind in _KEPT or (kind == b"eXIf" and size <= LARGEST_EXIF):
            kept.append(view[at:end])
        if kind == b"IEND" or end >= len(data):
            return b"".join(kept)
        at = end
    raise too_complex()
