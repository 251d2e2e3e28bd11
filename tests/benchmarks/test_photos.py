"""The made photos: sizes, faces that are there, and the same ones every time."""

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.photos import GRIDS, SIDES, jpeg, photo, scene
from vision.detectors.haar import HaarDetector


@pytest.mark.parametrize("megapixels", SIDES)
def test_sides_multiply_to_the_megapixels(megapixels: float) -> None:
    width, height = SIDES[megapixels]
    assert width * height / 1e6 == pytest.approx(megapixels, rel=0.03)


@pytest.mark.parametrize("faces", GRIDS)
def test_a_face_is_found_in_every_cell_of_the_grid(faces: int) -> None:
    columns, rows = GRIDS[faces]
    found = HaarDetector().detect(scene(640, 480, faces, seed=faces))
    middles = [(place.box.x + place.box.width / 2, place.box.y + place.box.height / 2) for place in found]
    cells = {(int(x * columns / 640), int(y * rows / 480)) for x, y in middles}
    assert len(cells) == columns * rows == faces


def test_a_scene_is_the_same_every_time_and_another_with_another_seed() -> None:
    first = scene(160, 120, 4, seed=1)
    assert first.shape == (120, 160, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, scene(160, 120, 4, seed=1))
    assert not np.array_equal(first, scene(160, 120, 4, seed=2))


def test_a_photo_is_a_jpeg_of_its_size() -> None:
    with Image.open(io.BytesIO(photo(0.3, 1))) as image:
        assert (image.format, image.size) == ("JPEG", SIDES[0.3])


def test_a_photo_can_be_progressive() -> None:
    with Image.open(io.BytesIO(jpeg(scene(160, 120, 1), progressive=True))) as image:
        assert image.info["progressive"] == 1
