"""Photos leave nothing behind, and threads do not meet."""

import contextlib
import gc
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from tests.vision.crafting import VARIANTS, encoded, scenery
from vision import Reader, Reading, heap
from vision.decoding import Limits, PhotoError, decode
from vision.types import Box

MEGABYTE = 1024 * 1024


def mixed(count: int) -> Iterator[tuple[bytes, int | None]]:
    """Photos of every kind and of many sizes, each tenth damaged, and how much of them is wanted."""
    chance = random.Random(3)
    sizes = [(chance.randrange(40, 320), chance.randrange(40, 320)) for _ in range(3)]
    files = [make(scenery(*size)) for make in VARIANTS.values() for size in sizes]
    for index in range(count):
        data = files[chance.randrange(len(files))]
        yield data[: len(data) // 2] if index % 10 == 0 else data, chance.choice((None, 64))


def resident() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def growth(count: int, take: Callable[[bytes, int | None], object]) -> int:
    """Bytes that the process holds more after `count` photos than after the first of them."""
    for data, enough in mixed(300):
        take(data, enough)
    before = resident()
    for data, enough in mixed(count):
        take(data, enough)
    return resident() - before


def decode_or_refuse(data: bytes, enough: int | None) -> None:
    with contextlib.suppress(PhotoError):
        decode(data, Limits(), enough=enough)


def test_memory_does_not_grow_over_a_thousand_mixed_photos() -> None:
    assert growth(1000, decode_or_refuse) < 8 * MEGABYTE


@pytest.mark.slow
def test_memory_does_not_grow_over_five_thousand_photos_that_are_read(real_reader: Reader) -> None:
    assert growth(5000, lambda data, _: real_reader.read([data])) < 12 * MEGABYTE


KEEP = """
import io, psutil
from PIL import Image
from vision import heap
from vision.decoding import Limits, decode
{keep}
def photo(width, height):
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((width, height)).save(file, "JPEG", progressive=True)
    return file.getvalue()
small, large = photo(640, 480), photo(2304, 1728)
decode(small, Limits())
before = psutil.Process().memory_info().rss
for _ in range(3):
    decode(large, Limits())
print(psutil.Process().memory_info().rss - before)
"""


def kept_after_a_large_photo(keep: str) -> int:
    """Bytes that a process of its own holds more after photos of 4 megapixels, which take 28 MB, than before."""
    done = subprocess.run([sys.executable, "-c", KEEP.format(keep=keep)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_large_photo_leaves_no_more_than_the_next_one_needs() -> None:
    assert kept_after_a_large_photo("assert heap.keep_little()") < heap.MOST + 4 * MEGABYTE
    assert kept_after_a_large_photo("") > 24 * MEGABYTE  # or there would be nothing to set


def test_a_large_photo_is_read_at_less_and_told_in_its_own_pixels(make_reader: Callable[..., Reader]) -> None:
    """The stand-in's box is in pixels of what it is shown; the reading's is in those of the photo."""
    (reading,) = make_reader(Box(10, 20, 40, 40)).read([encoded(scenery(4000, 3000), "JPEG")])
    assert (reading.width, reading.height) == (4000, 3000)
    assert reading.faces[0].box == Box(20, 40, 80, 80)
    assert reading.faces[0].quality.size == 80


def test_a_face_reads_the_same_whether_its_photo_is_decoded_whole_or_at_less(
    real_reader: Reader, astronaut: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = np.asarray(Image.fromarray(astronaut).resize((2048, 2048), Image.Resampling.LANCZOS))
    data = encoded(Image.fromarray(large), "JPEG", quality=92)
    readings: list[Reading] = []
    for enough in (4096, 1024, 512):
        monkeypatch.setattr("vision.reader.ENOUGH", enough)
        readings += real_reader.read([data])
    whole, *others = (reading.faces[0] for reading in readings)
    for face in others:
        assert abs(face.box.x - whole.box.x) < 0.05 * whole.box.width
        assert abs(face.box.width - whole.box.width) < 0.05 * whole.box.width
        assert abs(face.age.years - whole.age.years) < 4
        assert face.gender.label == whole.gender.label
        assert face.emotion.label == whole.emotion.label


def test_threads_read_photos_of_every_kind_as_one_thread_does(real_reader: Reader, astronaut: np.ndarray) -> None:
    small = Image.fromarray(astronaut).resize((256, 256))
    photos = [make(small) for make in VARIANTS.values()] + [b"", b"GIF89a"]
    alone = [real_reader.read([photo])[0] for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda photo: real_reader.read([photo])[0], photos * 2))
    for one, other in zip(alone * 2, together, strict=True):
        assert (one.width, one.height, one.faces, one.error) == (other.width, other.height, other.faces, other.error)
    assert sum(len(reading.faces) > 0 for reading in alone) >= 16


def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = psutil.Process().num_fds()
    for data, enough in mixed(50):
        decode_or_refuse(data, enough)
    assert psutil.Process().num_fds() == before
