"""Nobody is both learnt from and tested with."""

import pathlib

import numpy as np
import pytest

from models_store.training.data import evaluation, ferplus, splits, utkface
from models_store.training.data.twins import has_twin


def test_twins_are_found_by_their_pixels() -> None:
    images = np.arange(3 * 16, dtype=np.uint8).reshape(3, 4, 4)
    assert has_twin(images, images[1:2].copy(), images[2:]).tolist() == [False, True, True]


def test_one_pixel_makes_no_twin() -> None:
    images = np.zeros((1, 4, 4), np.uint8)
    other = images.copy()
    other[0, 3, 3] = 1
    assert has_twin(images, other).tolist() == [False]


def test_the_calibration_set_is_a_fixed_share_of_names() -> None:
    chosen = [splits.held_for_calibration(f"{n}_0_0_2017.jpg.chip.jpg") for n in range(20_000)]
    assert np.mean(chosen) == pytest.approx(splits.CALIBRATION_SHARE, abs=0.006)
    # pinned, because another choice would mix calibration faces into a resumed training
    assert [n for n, held in enumerate(chosen[:60]) if held] == [0, 5, 9, 27, 48, 52]


@pytest.mark.shared
@pytest.mark.parametrize(("split", "twins"), [("valid", 245), ("test", 267)])
def test_the_known_leak_is_marked(shared: pathlib.Path, split: str, twins: int) -> None:
    faces = evaluation.expressions(shared / "data", split)  # type: ignore[arg-type]
    assert np.count_nonzero(faces.twin) == twins


@pytest.mark.shared
def test_no_training_picture_is_a_validation_or_test_picture(shared: pathlib.Path) -> None:
    data = shared / "data"
    train = splits.ferplus_train(data)
    assert len(train.votes) == 27_864
    held_out = [ferplus.load(data, split).images for split in ("valid", "test")]
    assert not has_twin(train.images, *held_out).any()


@pytest.mark.shared
def test_calibration_faces_are_not_trained_on(shared: pathlib.Path) -> None:
    data = shared / "data"
    train, calibration = splits.utkface_train(data), splits.utkface_calibration(data)
    assert (len(train.names), len(calibration.names)) == (16_495, 1_188)
    others = {name for split in ("valid", "test") for name in utkface.load(data, split).names}  # type: ignore[arg-type]
    assert not set(train.names) & (set(calibration.names) | others)
    assert not set(calibration.names) & others


@pytest.mark.shared
def test_the_test_pictures_clean_of_twins_are_2870(shared: pathlib.Path) -> None:
    faces = evaluation.expressions(shared / "data", "test")
    assert len(faces.labels) == 3_137
    assert np.count_nonzero(~faces.twin) == 2_870


@pytest.mark.shared
def test_no_chip_is_in_two_parts_of_utkface(shared: pathlib.Path) -> None:
    data = shared / "data"
    parts = {
        "train": splits.utkface_train(data).chips,
        "calibration": splits.utkface_calibration(data).chips,
        "valid": utkface.load(data, "valid").chips,
        "test": utkface.load(data, "test").chips,
    }
    assert len(parts["train"]) + len(parts["calibration"]) == 17_683
    assert (len(parts["valid"]), len(parts["test"])) == (1_379, 1_841)
    names = list(parts)
    for at, name in enumerate(names[1:], 1):
        assert not has_twin(parts[name], *(parts[other] for other in names[:at])).any(), name


@pytest.mark.shared
def test_twins_marked_by_evaluation_are_those_found_by_pixels(shared: pathlib.Path) -> None:
    data = shared / "data"
    valid, train = ferplus.load(data, "valid"), ferplus.load(data, "train")
    keep, _ = ferplus.official_labels(valid.votes)
    expected = has_twin(valid.images, train.images)[keep]
    assert (evaluation.expressions(data, "valid").twin == expected).all()
