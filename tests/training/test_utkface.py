"""UTKFace: labels from names, and faces brought to the canonical crop."""

import csv
import pathlib
import tarfile

import numpy as np
import pytest

from models_store.training.data import utkface
from models_store.training.errors import UserError


def test_age_and_gender_come_from_the_name() -> None:
    assert utkface.parse_name("61_1_2_20170109150557335.jpg.chip.jpg") == (61, 1)


def test_names_without_a_race_field_are_read_too() -> None:
    assert utkface.parse_name("39_1_20170116174525125.jpg.chip.jpg") == (39, 1)


def test_a_name_without_gender_is_refused() -> None:
    with pytest.raises(ValueError, match="no gender"):
        utkface.parse_name("61_3_2_2017.jpg")


def test_missing_data_is_one_clear_sentence(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="UTKFace needs"):
        utkface.load(tmp_path, "test")


@pytest.mark.parametrize("margin", [0.0, 0.1])
def test_a_point_of_the_chip_lands_where_the_square_says(margin: float) -> None:
    chip = np.zeros((1, 144, 144), np.uint8)
    chip[0, 54:58, 42:46] = 255
    size = 128
    crop = utkface.reframe(chip, margin, size)[0].astype(float)
    y, x = (float((crop.sum(axis=axis) * (np.arange(size) + 0.5)).sum() / crop.sum() / size) for axis in (1, 0))
    side = utkface.SIDE * 144
    expected_x = ((44 - utkface.LEFT * 144) / side + margin) / (1 + 2 * margin)
    expected_y = ((56 - utkface.TOP * 144) / side + margin) / (1 + 2 * margin)
    assert (x, y) == (pytest.approx(expected_x, abs=0.01), pytest.approx(expected_y, abs=0.01))


@pytest.mark.shared
def test_reframed_eyes_and_mouths_are_where_the_canonical_crop_has_them(shared: pathlib.Path) -> None:
    names = set(utkface.load(shared / "data", "valid").names)
    with (shared / "data" / "utkface" / "landmarks.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["name"] in names]
    side, left, top = utkface.SIDE * 144, utkface.LEFT * 144, utkface.TOP * 144

    def mean(column: str, start: float) -> float:
        return float(np.mean([(float(row[column]) - start) / side for row in rows]))

    assert len(rows) > 1_300
    assert mean("right_eye_x", left) == pytest.approx(0.32, abs=0.03)
    assert mean("left_eye_x", left) == pytest.approx(0.68, abs=0.03)
    assert mean("right_eye_y", top) == pytest.approx(0.38, abs=0.02)
    assert mean("left_eye_y", top) == pytest.approx(0.38, abs=0.02)
    assert mean("mouth_left_y", top) == pytest.approx(0.78, abs=0.03)


def mean_eyes(path: pathlib.Path, names: set[str] | None, origin: tuple[float, float], side: float) -> list[float]:
    """Mean x and y of the right and the left eye as shares of a square with this upper left corner and side."""
    with path.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if names is None or row["name"] in names]
    columns = ("right_eye_x", "right_eye_y", "left_eye_x", "left_eye_y")
    return [
        float(np.mean([float(row[name]) - origin[at % 2] for row in rows])) / side for at, name in enumerate(columns)
    ]


@pytest.mark.shared
@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_reframed_eyes_are_at_the_documented_places_in_every_split(shared: pathlib.Path, split: str) -> None:
    with tarfile.open(shared / "data" / "utkface" / f"{split}.tar") as archive:
        names = {pathlib.PurePath(name).name for name in archive.getnames()}
    origin = utkface.LEFT * 144, utkface.TOP * 144
    eyes = mean_eyes(shared / "data" / "utkface" / "landmarks.csv", names, origin, utkface.SIDE * 144)
    assert eyes == pytest.approx([0.309, 0.380, 0.688, 0.380], abs=0.015)


@pytest.mark.shared
def test_reframed_eyes_are_where_ferplus_has_them(shared: pathlib.Path) -> None:
    origin = utkface.LEFT * 144, utkface.TOP * 144
    reframed = mean_eyes(shared / "data" / "utkface" / "landmarks.csv", None, origin, utkface.SIDE * 144)
    ferplus = mean_eyes(shared / "data" / "ferplus" / "train_landmarks.csv", None, (0.0, 0.0), 48.0)
    assert reframed == pytest.approx(ferplus, abs=0.015)
    as_they_come = mean_eyes(shared / "data" / "utkface" / "landmarks.csv", None, (0.0, 0.0), 144.0)
    assert as_they_come != pytest.approx(ferplus, abs=0.05)


@pytest.mark.shared
@pytest.mark.parametrize(("split", "count"), [("valid", 1_379), ("test", 1_841)])
def test_splits_have_their_known_sizes_and_labels(shared: pathlib.Path, split: utkface.Split, count: int) -> None:
    faces = utkface.load(shared / "data", split)
    assert len(faces.names) == len(set(faces.names)) == count
    assert faces.chips.shape == (count, 144, 144)
    assert 0 <= faces.ages.min() < faces.ages.max() <= 116
    assert set(faces.female.tolist()) == {0.0, 1.0}
