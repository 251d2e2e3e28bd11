"""One preprocessing for training and serving."""

import numpy as np
import pytest

from vision.preprocessing import crop_square, shrink, shrink_far, standardise, to_grey


def test_a_crop_outside_the_photo_repeats_its_border() -> None:
    image = np.zeros((50, 50), dtype=np.uint8)
    image[:, 0] = 200
    crop = crop_square(image, -29, 10, 30)
    assert crop.shape == (64, 64)
    assert crop.min() == 200  # one column of the photo, repeated


def test_a_square_that_misses_the_photo_is_an_error() -> None:
    with pytest.raises(ValueError, match="touch"):
        crop_square(np.zeros((50, 50), np.uint8), 60, 60, 20)


def test_standardised_crops_have_mean_zero_and_unit_deviation() -> None:
    crops = np.random.default_rng(1).integers(0, 256, (3, 64, 64), dtype=np.uint8)
    batch = standardise(crops)
    assert batch.shape == (3, 64, 64, 1)
    assert batch.dtype == np.float32
    assert np.abs(batch.mean(axis=(1, 2, 3))).max() < 1e-4
    assert batch.std(axis=(1, 2, 3)) == pytest.approx(np.ones(3), abs=1e-4)


def test_a_flat_crop_stays_flat() -> None:
    crops = np.full((1, 64, 64), 90, np.uint8)
    crops[0, 0, 0] = 91
    assert np.abs(standardise(crops)).max() < 0.05


def test_shrinking_keeps_the_shape_of_the_photo_and_never_enlarges() -> None:
    assert shrink(np.zeros((400, 1000, 3), np.uint8), 500).shape == (200, 500, 3)
    small = np.zeros((40, 30, 3), np.uint8)
    assert shrink(small, 500) is small


def test_nothing_changes_the_photo_it_is_given() -> None:
    image = np.random.default_rng(2).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    before = image.copy()
    crop_square(image, -5, -5, 60)
    to_grey(image)
    shrink(image, 40)
    assert (image == before).all()


@pytest.mark.parametrize(("height", "width"), [(4001, 3001), (1000, 1000), (641, 3), (320, 240), (200, 5000)])
def test_shrinking_far_ends_at_the_size_of_shrinking_once_and_looks_the_same(height: int, width: int) -> None:
    rows, columns = np.mgrid[0:height, 0:width]
    image = np.stack([rows * 255 // height, columns * 255 // width, rows * 0 + 90], axis=-1).astype(np.uint8)
    once, far = shrink(image, 320), shrink_far(image, 320)
    assert max(far.shape[:2]) == max(once.shape[:2])
    assert np.abs(np.subtract(far.shape, once.shape)).max() <= 1
    common = tuple(slice(min(sides)) for sides in zip(once.shape, far.shape, strict=True))
    assert np.abs(once[common].astype(int) - far[common].astype(int)).mean() < 2
