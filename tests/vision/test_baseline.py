"""JPEGs of one scan go another way than the rest, to the same end."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.vision.crafting import encoded, scenery
from vision.decoding import Limits, PhotoError, baseline, decode, formats
from vision.decoding.jpeg import essential
from vision.decoding.opening import opened

SIDES = [(16, 16), (17, 19), (33, 64), (255, 256), (641, 480), (199, 777)]


def taken(data: bytes, scale: int = 1) -> bool:
    """Whether OpenCV reads it."""
    with opened(data, formats.JPEG, Limits()) as image:
        return baseline.pixels(image, scale) is not None


@pytest.mark.parametrize("shrunk", [1, 2, 4, 8])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("sides", SIDES)
def test_opencv_gives_the_pixels_of_pillow_to_the_bit(
    sides: tuple[int, int], subsampling: int, shrunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for quality in (40, 90, 100):
        data = encoded(scenery(*sides), "JPEG", quality=quality, subsampling=subsampling)
        assert taken(data, shrunk)
        ours = decode(data, Limits(), enough=max(sides) // shrunk)
        with monkeypatch.context() as patched:
            patched.setattr(baseline, "pixels", lambda *_: None)
            pillows = decode(data, Limits(), enough=max(sides) // shrunk)
        assert ours.scale == pillows.scale == shrunk
        assert np.array_equal(ours.rgb, pillows.rgb)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_are_left_to_pillow(mode: str) -> None:
    assert not taken(encoded(scenery(64, 48).convert(mode), "JPEG"))


def test_more_than_one_scan_is_left_to_pillow_which_a_clock_can_stop() -> None:
    assert not taken(encoded(scenery(64, 48), "JPEG", progressive=True))


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: data[:-2]])
def test_an_incomplete_photo_is_refused_as_ever(damage: Callable[[bytes], bytes]) -> None:
    data = damage(encoded(scenery(320, 240), "JPEG", quality=90))
    assert not taken(data)
    with pytest.raises(PhotoError) as refused:
        decode(data, Limits())
    assert refused.value.reason.code == "unreadable"


def test_two_headers_of_different_sizes_are_refused_whichever_is_believed() -> None:
    """The bound on pixels is asked of Pillow's reading of the header, so OpenCV must have no other."""
    data = encoded(scenery(640, 480), "JPEG")
    at = data.index(b"\xff\xc0")
    header = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
    larger = header[:5] + (2000).to_bytes(2, "big") * 2 + header[9:]
    for first, second in ((header, larger), (larger, header)):
        doubled = data[:at] + first + second + data[at + len(header) :]
        assert not taken(doubled)
        with pytest.raises(PhotoError):
            decode(doubled, Limits())


def test_it_is_turned_upright_all_the_same() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(scenery(64, 48), "JPEG", exif=exif)
    assert taken(data)
    assert decode(data, Limits()).rgb.shape == (64, 48, 3)


def test_a_photo_that_is_all_picture_is_not_copied() -> None:
    plain = io.BytesIO()
    scenery(64, 48).save(plain, "JPEG")
    data = plain.getvalue()
    assert essential(data)[0] is data
    noted = encoded(scenery(64, 48), "JPEG", comment=b"of somebody")
    assert essential(noted)[0] != noted
