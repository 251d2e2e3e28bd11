"""Files made to hurt: each gets its code, soon, and never takes more memory than the bound."""

import contextlib
import io
import json
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.vision.crafting import (
    chunk,
    encoded,
    gif_of_frames,
    jpeg_of_scans,
    jpeg_resized,
    jpeg_segment,
    png,
    png_bomb,
    png_header,
    scenery,
)
from vision.decoding import Limits, PhotoError, decode

MEGABYTE = 1024 * 1024
LIMITS = Limits(memory=64 * MEGABYTE)

PROBE = """
import json, sys
from pathlib import Path
from vision.decoding import Limits, PhotoError, decode

def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024

def code_of(path, limits):
    try:
        decode(path.read_bytes(), limits)
    except PhotoError as error:
        return error.reason.code
    return None

limits = Limits(memory=int(sys.argv[1]))
paths = [Path(argument) for argument in sys.argv[2:]]
code_of(paths[0], limits)  # what is loaded once is not the photo's
for path in paths:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = status("VmRSS")
    code = code_of(path, limits)
    print(json.dumps([path.name, code, status("VmHWM") - before]))
"""


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>" * 100)
    return buffer.getvalue()


def text_bomb(kind: bytes, head: bytes) -> bytes:
    return png(scenery(), extra=chunk(kind, head + zlib.compress(bytes(200 * MEGABYTE), 9)))


JPEG = encoded(scenery(), "JPEG")
GIF = encoded(scenery(), "GIF")

FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "warm": (lambda: JPEG, None),
    "png_of_zeros": (lambda: png_bomb(6000), "too_large"),
    "png_of_zeros_within_pixels": (lambda: png_bomb(3500), "too_large"),
    "png_of_absurd_size": (lambda: png_header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT", b""), "too_large"),
    "png_that_only_says_so": (lambda: png_header(2500, 2500) + chunk(b"IEND", b""), "unreadable"),
    "png_text_bomb": (lambda: text_bomb(b"zTXt", b"Comment\0\0"), None),
    "png_profile_bomb": (lambda: text_bomb(b"iCCP", b"icc\0\0"), None),
    "png_of_crumbs": (lambda: png(scenery(), extra=chunk(b"tEXt", b"") * 300_000), "too_complex"),
    "jpeg_of_absurd_size": (lambda: jpeg_resized(JPEG, 65_500, 65_500), "too_large"),
    "jpeg_that_says_it_is_larger": (lambda: jpeg_resized(JPEG, 2500, 2500), None),
    "jpeg_that_is_held_twice": (lambda: jpeg_resized(jpeg_of_scans(2, progressive=False), 2700, 2700), "too_large"),
    "jpeg_of_scans": (lambda: jpeg_of_scans(500), "too_complex"),
    "jpeg_with_huge_exif": (lambda: JPEG[:2] + jpeg_segment(0xE1, b"Exif\0\0" + b"x" * 65_000) * 350 + JPEG[2:], None),
    "jpeg_with_huge_profile": (
        lambda: JPEG[:2] + jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"x" * 65_000) * 350 + JPEG[2:],
        None,
    ),
    "jpeg_of_segments": (lambda: JPEG[:2] + jpeg_segment(0xFE, b"") * 500_000 + JPEG[2:], "too_complex"),
    "jpeg_and_zip": (lambda: JPEG + zipped(), None),
    "html_like_a_gif": (lambda: b"GIF89a/*<html>*/=1;<script>alert(1)</script>" * 50, "unreadable"),
    "gif_of_a_million_frames": (lambda: gif_of_frames(1_000_000), None),
    "gif_of_absurd_size": (lambda: GIF[:6] + b"\xff\xff\xff\xff" + GIF[10:], "too_large"),
    "webp_of_absurd_size": (
        lambda: b"RIFF\x2a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xffVP8 \x0c\0\0\0" + bytes(12),
        "too_large",
    ),
    "webp_of_one_colour": (lambda: encoded(scenery().resize((2600, 2600)), "WEBP", method=0), "too_large"),
    "avif_large": (lambda: encoded(scenery().resize((2200, 2200)), "AVIF", speed=10, quality=20), "too_large"),
    "one_pixel": (lambda: encoded(scenery(1, 1), "PNG"), "too_small"),
    "nothing": (lambda: b"", "empty"),
    "too_long": (lambda: bytes(Limits().bytes + 1), "too_large"),
}


@pytest.fixture(scope="module")
def peaks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str | None, int]]:
    """Code and bytes of memory for each file, read one after the other in a process of their own."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, _) in FILES.items():
        (folder / name).write_bytes(make())
    paths = [str(folder / name) for name in FILES]
    command = [sys.executable, "-c", PROBE, str(LIMITS.memory), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: (code, peak) for name, code, peak in map(json.loads, done.stdout.splitlines())}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is read from Linux's /proc")
@pytest.mark.parametrize("name", FILES)
def test_each_file_has_its_code_and_stays_within_the_bound(name: str, peaks: dict[str, tuple[str | None, int]]) -> None:
    code, peak = peaks[name]
    assert code == FILES[name][1]
    twice_the_file = 2 * Limits().bytes + 2 * MEGABYTE  # as it came, and what of it the decoder gets
    assert peak < LIMITS.memory + twice_the_file


@pytest.mark.parametrize("name", FILES)
def test_no_file_takes_long(name: str) -> None:
    data = FILES[name][0]()
    began = time.monotonic()
    with contextlib.suppress(PhotoError):
        decode(data, LIMITS)
    assert time.monotonic() - began < 5


def test_an_appendix_is_not_kept() -> None:
    from vision.decoding import encode_jpeg

    assert b"PK\x03\x04" not in encode_jpeg(decode(JPEG + zipped(), LIMITS).rgb)


def test_when_the_time_is_up_the_decoder_gets_no_more_of_the_file() -> None:
    for kind in ("JPEG", "PNG", "GIF"):
        with pytest.raises(PhotoError) as caught:
            decode(encoded(scenery(), kind), Limits(seconds=-1.0))
        assert caught.value.reason.code == "too_complex"
