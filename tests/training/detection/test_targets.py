"""Which cells learn which face."""

from itertools import pairwise

import numpy as np
import pytest

from models_store.training.detection.faces import Faces, none
from models_store.training.detection.targets import RANGES, assign, level_of_cells
from vision.detectors.geometry import STRIDES

SIDE = 320


def face(x: float, y: float, size: float, *, wanted: bool = True, pointed: bool = True) -> Faces:
    box = np.array([[x, y, size, size]], np.float32)
    points = np.full((1, 5, 2), (x, y), np.float32)
    return Faces(box, points, np.array([pointed]), np.array([wanted]))


def strides_that_learn(faces: Faces) -> set[float]:
    _, strides = level_of_cells(SIDE)
    return set(strides[assign(faces, SIDE).kind == 1].tolist())


def test_there_is_a_target_for_every_cell_of_every_level() -> None:
    targets = assign(none(), SIDE)
    count = sum((SIDE // stride) ** 2 for stride in STRIDES)
    assert targets.kind.shape == (count,)
    assert targets.box.shape == (count, 4)
    assert not targets.kind.any()


@pytest.mark.parametrize(
    ("size", "strides"),
    [(20, {8}), (40, {8, 16}), (60, {16}), (80, {16, 32}), (120, {32}), (160, {32, 64}), (300, {64})],
)
def test_a_face_is_learnt_by_the_levels_of_its_size(size: float, strides: set[int]) -> None:
    assert strides_that_learn(face(160, 160, size)) == strides


@pytest.mark.parametrize("size", [12, 20, 45, 90, 150, 300])
@pytest.mark.parametrize("x", [3.0, 100.0, 101.7, 104.0, 317.0])
def test_every_face_in_the_frame_has_a_cell(size: float, x: float) -> None:
    assert (assign(face(x, 150, size), SIDE).kind == 1).any()


def test_cells_that_learn_carry_the_box_and_lie_near_its_middle() -> None:
    targets = assign(face(100, 150, 60), SIDE)
    centres, _ = level_of_cells(SIDE)
    learns = targets.kind == 1

    assert (targets.box[learns] == (100, 150, 60, 60)).all()
    assert (np.abs(centres[learns] - (100, 150)) <= 0.2 * 60).all()
    assert targets.pointed[learns].all()
    assert not targets.pointed[~learns].any()


def test_around_the_middle_cells_learn_nothing_and_outside_they_are_background() -> None:
    targets = assign(face(160, 160, 120), SIDE)
    centres, strides = level_of_cells(SIDE)
    distance = np.abs(centres - 160).max(axis=1)
    fine = strides == 32

    assert set(targets.kind[fine & (distance < 40)].tolist()) <= {1, 2}
    assert set(targets.kind[fine & (distance > 60)].tolist()) == {0}


def test_an_unsure_face_is_neither_at_any_level() -> None:
    targets = assign(face(160, 160, 100, wanted=False), SIDE)
    centres, _ = level_of_cells(SIDE)
    inside = np.abs(centres - 160).max(axis=1) < 50

    assert set(targets.kind[inside].tolist()) == {2}
    assert not targets.kind[~inside].any()


def test_a_sure_face_beside_an_unsure_one_is_still_learnt() -> None:
    both = face(160, 160, 60).and_(face(165, 160, 60, wanted=False))
    assert (assign(both, SIDE).kind == 1).any()


def test_of_two_faces_on_a_cell_the_smaller_is_learnt() -> None:
    both = face(160, 160, 60).and_(face(160, 160, 50))
    targets = assign(both, SIDE)
    centres, strides = level_of_cells(SIDE)
    nearest = np.abs(centres - 160).max(axis=1) + 1e6 * (strides != 16)
    assert targets.box[nearest.argmin()].tolist() == [160, 160, 50, 50]


def test_a_face_without_points_teaches_its_box_alone() -> None:
    targets = assign(face(160, 160, 60, pointed=False), SIDE)
    assert (targets.kind == 1).any()
    assert not targets.pointed.any()


def test_ranges_leave_no_gap() -> None:
    assert all(lower[1] > upper[0] for lower, upper in pairwise(RANGES))
