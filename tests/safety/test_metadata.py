"""Metadata is gone before anything is kept, whatever the format: place, device, name, profile and comments."""

import io
import re
from typing import Any, Final

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from analysis.intake import CleanPhoto, clean, receive

MARK: Final = "q7xSECRETPLACE"
XMP: Final = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{MARK}</a></x:xmpmeta>'.encode()
PLAIN_MARKERS: Final = {0xD8, 0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xD9}
"""Start, JFIF, tables, frame, Huffman, scan, end: nothing that tells."""


class File(io.BytesIO):
    name = f"{MARK}.jpg"


def exif() -> Image.Exif:
    told = Image.Exif()
    told[0x010F] = told[0x0131] = told[0x013B] = told[0x8298] = MARK
    place = told.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (52.0, 31.0, 12.0), "E", (13.0, 24.0, 36.0)
    return told


def written(kind: str) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, Any] = {"exif": exif(), "icc_profile": profile}
    if kind in {"JPEG", "WEBP", "AVIF"}:
        more["xmp"] = XMP
    if kind == "JPEG":
        more["comment"] = MARK
    if kind == "GIF":
        more = {"comment": MARK}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", MARK)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        more["pnginfo"] = text
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 160)).save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_nothing_of_it_is_left(kind: str) -> None:
    sent = written(kind)
    assert MARK.encode() in sent
    kept = clean(receive(File(sent)))
    assert isinstance(kept, CleanPhoto)
    for data in (kept.image, kept.thumbnail):
        assert MARK.encode() not in data
        assert markers(data) <= PLAIN_MARKERS
        with Image.open(io.BytesIO(data)) as picture:
            assert not picture.getexif()
            assert not {"icc_profile", "comment", "xmp", "exif"} & set(picture.info)


def markers(jpeg: bytes) -> set[int]:
    """Kinds of the segments before the picture's own data."""
    found, at = {jpeg[1]}, 2
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    rest = jpeg[at:]
    return found | set(re.findall(rb"\xff([\xc0-\xcf\xd8-\xfe])", rest)[0])
