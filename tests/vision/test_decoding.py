"""Image bytes to upright pixels, and a clear reason when there is no way."""

import io

import numpy as np
import pytest
from PIL import Image

from vision.decoding import Limits, PhotoError, decode, encode_jpeg

LIMITS = Limits(bytes=5_000_000, pixels=4_000_000)
EXIF_ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corner_marked() -> Image.Image:
    """40 x 20, black, with the upper left quarter white: every orientation looks different."""
    image = Image.new("RGB", (40, 20))
    image.paste((255, 255, 255), (0, 0, 20, 10))
    return image


UNDO = {
    1: lambda i: i,
    2: lambda i: i.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda i: i.transpose(Image.Transpose.ROTATE_180),
    4: lambda i: i.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda i: i.transpose(Image.Transpose.TRANSPOSE),
    6: lambda i: i.transpose(Image.Transpose.ROTATE_90),
    7: lambda i: i.transpose(Image.Transpose.TRANSVERSE),
    8: lambda i: i.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_exif_orientation_ends_upright(orientation: int, kind: str) -> None:
    stored = UNDO[orientation](corner_marked())
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind in {"JPEG", "AVIF"} else {}

    rgb = decode(encoded(stored, kind, exif=exif, **options), LIMITS).rgb

    assert rgb.shape == (20, 40, 3)
    assert rgb[5, 10].min() > 230
    assert rgb[5, 30].max() < 25
    assert rgb[15, 10].max() < 25


def test_grey_palette_cmyk_and_bilevel_photos_become_rgb() -> None:
    for mode in ("L", "P", "1", "LA"):
        assert decode(encoded(corner_marked().convert(mode), "PNG"), LIMITS).rgb.shape == (20, 40, 3)
    assert decode(encoded(corner_marked().convert("CMYK"), "JPEG"), LIMITS).rgb[5, 10].min() > 230


def test_transparent_parts_become_white() -> None:
    image = Image.new("RGBA", (20, 20), (10, 200, 30, 0))
    assert decode(encoded(image, "PNG"), LIMITS).rgb.min() == 255


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    half = np.full((20, 20), 32768, dtype=np.uint16)
    rgb = decode(encoded(Image.fromarray(half), "PNG"), LIMITS).rgb
    assert rgb[0, 0].tolist() == [128, 128, 128]


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "black")]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert decode(data, LIMITS).rgb.min() == 255


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"not a photo at all", "unsupported"),
        (b"%PDF-1.7 whatever", "unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported"),
        (encoded(corner_marked(), "TIFF"), "unsupported"),
        (encoded(corner_marked(), "BMP"), "unsupported"),
        (encoded(corner_marked(), "JPEG")[:-400], "unreadable"),
        (encoded(corner_marked(), "PNG")[:60], "unreadable"),
        (encoded(Image.new("RGB", (1, 1)), "PNG"), "too_small"),
        (encoded(Image.new("RGB", (2000, 20)), "PNG"), "too_small"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "unreadable"),
        (bytes(5_000_001), "too_large"),
    ],
)
def test_what_cannot_be_read_gives_its_code_and_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as caught:
        decode(data, LIMITS)
    assert caught.value.reason.code == code
    assert caught.value.reason.sentence.endswith(".")


@pytest.mark.parametrize("quality", [85, 92])
def test_what_we_keep_is_what_pillow_would_have_written(astronaut: np.ndarray, quality: int) -> None:
    for rgb in (astronaut, astronaut[::-1, ::-1], astronaut[:301, 17:]):  # turned and cut, in any layout of memory
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
        ours, theirs = (Image.open(io.BytesIO(data)) for data in (encode_jpeg(rgb, quality), buffer.getvalue()))
        assert np.array_equal(np.asarray(ours), np.asarray(theirs))


def test_what_we_keep_carries_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of ann"
    exif.get_ifd(0x8825)[1] = "N"
    rgb = decode(encoded(corner_marked(), "JPEG", exif=exif, comment=b"secret"), LIMITS).rgb

    kept = encode_jpeg(rgb)

    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert "comment" not in image.info
    assert b"ann" not in kept
    assert b"secret" not in kept
