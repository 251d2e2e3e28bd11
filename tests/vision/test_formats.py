"""What is read, how it is told apart, and what it costs to ask for less."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.vision.crafting import VARIANTS, encoded, jpeg_segment, png, scenery, sixteen_bit
from vision.decoding import Limits, PhotoError, accepted_media_types, accepted_words, decode, formats

LIMITS = Limits()


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(PhotoError) as caught:
        decode(data, LIMITS)
    return caught.value.reason.code, caught.value.reason.sentence


def expected(name: str, image: Image.Image) -> np.ndarray:
    """What an eye sees of the variant called `name`, (H, W, 3): grey ones grey, transparent ones over white."""
    colours = np.asarray(image.convert("L").convert("RGB") if "grey" in name else image, dtype=np.float32)
    if "alpha" not in name and "lossless" not in name:
        return colours
    opaque = np.asarray(Image.linear_gradient("L").resize(image.size), dtype=np.float32)[..., np.newaxis] / 255
    return colours * opaque + 255 * (1 - opaque)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_kind_of_file_gives_its_first_picture(name: str) -> None:
    image = scenery()
    picture = decode(VARIANTS[name](image), LIMITS)
    assert (picture.width, picture.height, picture.scale, picture.rgb.shape) == (96, 72, 1, (72, 96, 3))
    off = np.abs(picture.rgb.astype(np.float32) - expected(name, image)).mean()
    assert off < (16 if "palette" in name else 8 if "gif" in name else 4)


@pytest.mark.parametrize("name", VARIANTS)
def test_less_can_be_asked_for_and_is_the_same_picture(name: str) -> None:
    image = scenery(640, 480)
    data = VARIANTS[name](image)
    whole, less = decode(data, LIMITS), decode(data, LIMITS, enough=160)
    assert (less.width, less.height, less.scale, less.rgb.shape) == (640, 480, 4, (120, 160, 3))
    means = whole.rgb.reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(less.rgb - means).mean() < 2


@pytest.mark.parametrize(("longest", "scale"), [(999, 1), (1000, 1), (1999, 1), (2000, 2), (4100, 4), (9000, 8)])
def test_never_less_than_enough_and_never_shrunk_more_than_eightfold(longest: int, scale: int) -> None:
    for kind in ("JPEG", "PNG"):
        picture = decode(encoded(Image.new("L", (longest, 300)), kind), LIMITS, enough=1000)
        assert picture.scale == scale
        assert (picture.width, picture.height) == (longest, 300)
        assert abs(picture.rgb.shape[1] - longest / scale) < 1


def test_a_turned_photo_that_is_shrunk_still_tells_its_upright_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(scenery(800, 400), "JPEG", exif=exif), LIMITS, enough=200)
    assert (picture.width, picture.height, picture.scale, picture.rgb.shape) == (400, 800, 4, (200, 100, 3))


def test_a_whole_decode_is_what_pillow_decodes() -> None:
    data = encoded(scenery(333, 217), "JPEG")
    assert np.array_equal(decode(data, LIMITS).rgb, np.asarray(Image.open(io.BytesIO(data))))


def test_every_depth_of_grey_spans_black_to_white() -> None:
    ramp = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (32, 1)))
    for data in (encoded(ramp, "PNG"), encoded(sixteen_bit(ramp), "PNG"), png(ramp, bits=16)):
        assert np.array_equal(decode(data, LIMITS).rgb[0, :, 0], np.arange(256))


def test_metadata_is_not_read_and_does_not_disturb() -> None:
    data = encoded(scenery(), "JPEG")
    clutter = jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"x" * 60_000) * 20 + jpeg_segment(0xFE, b"a note")
    bodies = (b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff")
    hostile = b"".join(jpeg_segment(0xE1, body) for body in bodies)
    for extra in (clutter, hostile, clutter + hostile):
        assert np.array_equal(decode(data[:2] + extra + data[2:], LIMITS).rgb, decode(data, LIMITS).rgb)


def test_an_orientation_in_xmp_counts_when_exif_has_none() -> None:
    xmp = b'http://ns.adobe.com/xap/1.0/\0<rdf:Description tiff:Orientation="6"/>'
    data = encoded(scenery(), "JPEG")
    assert decode(data[:2] + jpeg_segment(0xE1, xmp) + data[2:], LIMITS).rgb.shape == (96, 72, 3)


def test_what_an_ordinary_jpeg_is_not_is_said_to_be_unsupported() -> None:
    data = encoded(scenery(), "JPEG")
    at = data.index(b"\xff\xc0")
    twelve_bits = data[: at + 4] + b"\x0c" + data[at + 5 :]
    lossless = data[: at + 1] + b"\xc3" + data[at + 2 :]
    for strange in (twelve_bits, lossless):
        code, sentence = refusal(strange)
        assert code == "unsupported"
        assert "ordinary JPEG" in sentence


def test_one_list_is_behind_every_sentence() -> None:
    words = accepted_words()
    assert words.startswith("JPEG, PNG, WebP, GIF")
    assert f"not a {words} photo" in refusal(b"hello")[1]
    assert "image/jpeg,image/png,image/webp,image/gif" in accepted_media_types()


def test_without_the_extra_a_heic_photo_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "accepted", lambda: (formats.JPEG, formats.PNG))
    code, sentence = refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    assert code == "unsupported"
    assert "JPEG" in sentence
    assert "extra called heic" in sentence
    assert refusal(VARIANTS["avif"](scenery()))[0] == "unsupported"


def test_other_kinds_of_file_in_the_same_box_are_not_photos() -> None:
    assert refusal(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(100))[0] == "unsupported"
    assert refusal(b"RIFF\x10\0\0\0WAVEfmt " + bytes(100))[0] == "unsupported"
