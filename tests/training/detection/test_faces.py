"""Faces under affine maps, and which of them a crop shows."""

import numpy as np
import pytest

from models_store.training.detection.faces import Faces, moved, none, of_scene, seen
from models_store.training.detection.scenes import Scene

POINTS = np.array([[[90, 90], [110, 90], [100, 100], [92, 112], [108, 112]]], np.float32)


def one(box: tuple[float, float, float, float] = (100, 100, 40, 60), *, wanted: bool = True) -> Faces:
    return Faces(np.array([box], np.float32), POINTS, np.array([True]), np.array([wanted]))


def scene(boxes: list[list[float]], scores: list[float], human: list[list[float]]) -> Scene:
    return Scene(
        name="a.jpg",
        kind="faces",
        source="somewhere",
        rgb=np.zeros((200, 200, 3), np.uint8),
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        points=np.zeros((len(boxes), 5, 2), np.float32),
        scores=np.array(scores, np.float32),
        human=np.array(human, np.float32).reshape(-1, 4),
        masks=np.zeros(len(human), np.bool_),
    )


def test_a_shift_and_a_scale_move_boxes_and_points_alike() -> None:
    result = moved(one(), np.array([[2.0, 0.0, 10.0], [0.0, 2.0, -5.0]]))
    assert result.boxes.tolist() == [[210, 195, 80, 120]]
    assert result.points[0, 2].tolist() == [210, 195]


def test_a_quarter_turn_swaps_width_and_height() -> None:
    result = moved(one(), np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]))
    assert result.boxes[0] == pytest.approx([-100, 100, 60, 40])


def test_an_eighth_turn_gives_the_box_around_the_ellipse() -> None:
    half = np.sqrt(0.5)
    result = moved(one((0, 0, 40, 60)), np.array([[half, -half, 0.0], [half, half, 0.0]]))
    side = np.sqrt((40**2 + 60**2) / 2)
    assert result.boxes[0] == pytest.approx([0, 0, side, side], abs=1e-4)


def test_a_mirror_exchanges_the_sides_of_the_person() -> None:
    result = moved(one(), np.array([[-1.0, 0.0, 200.0], [0.0, 1.0, 0.0]]))
    assert result.points[0].tolist() == [[90, 90], [110, 90], [100, 100], [92, 112], [108, 112]]


@pytest.mark.parametrize(
    ("box", "kept", "wanted"),
    [
        ((100, 100, 40, 60), 1, True),
        ((100, 310, 40, 60), 1, True),  # 40 of 60 pixels show
        ((100, 325, 40, 60), 1, False),  # its centre is outside
        ((100, 348, 40, 60), 0, False),  # two of sixty pixels show
        ((100, 100, 8, 9), 1, False),  # too small to learn
    ],
)
def test_a_crop_wants_what_it_shows_well(box: tuple[float, float, float, float], kept: int, wanted: bool) -> None:
    shown = seen(one(box), 320, 12)
    assert len(shown.boxes) == kept
    assert shown.wanted.any() == wanted


def test_a_low_score_is_neither_face_nor_background() -> None:
    faces = of_scene(scene([[10, 10, 20, 20], [50, 50, 20, 20]], [0.9, 0.5], []))
    assert faces.wanted.tolist() == [True, False]


def test_what_only_a_person_saw_is_a_face_without_points() -> None:
    faces = of_scene(scene([[10, 10, 20, 20]], [0.9], [[11, 10, 20, 20], [100, 100, 30, 40]]))
    assert faces.boxes.tolist() == [[20, 20, 20, 20], [115, 120, 30, 40]]
    assert faces.pointed.tolist() == [True, False]
    assert faces.wanted.all()


def test_no_faces_stay_no_faces() -> None:
    assert len(seen(moved(none(), np.eye(3)[:2]), 320, 12).boxes) == 0
