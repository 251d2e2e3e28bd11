"""Which detection found which face, and which is false."""

from collections.abc import Callable

import numpy as np
import pytest

from models_store.training.detection.measure import matching
from models_store.training.detection.scenes import Scene
from vision.detectors import Detection
from vision.types import Box

MakeScene = Callable[..., Scene]
Find = Callable[..., list[Detection]]
FACE = (50.0, 50.0, 40.0, 50.0)


def shifted(by: float) -> tuple[float, float, float, float]:
    return (FACE[0] + by, *FACE[1:])


def test_overlap_is_intersection_over_union() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 0, 10, 10], [20, 20, 5, 5]], float)
    expected = [[1, 50 / 150, 0], [50 / 150, 1, 0], [0, 0, 1]]
    assert matching.overlaps(boxes, boxes) == pytest.approx(np.array(expected))
    assert matching.overlaps(boxes[:0], boxes).shape == (0, 3)


@pytest.mark.parametrize(("by", "found"), [(0.0, True), (19.0, True), (20.0, False)])
def test_a_face_is_found_from_an_overlap_of_035_on(scene: MakeScene, detections: Find, by: float, found: bool) -> None:
    # moved by 19 of 40 pixels it is 21 / 59 = 0.356, by 20 it is 20 / 60 = 0.333
    result = matching.outcome(scene(FACE), detections((0.9, shifted(by))))
    assert bool(result.found[0] == 0) is found
    assert result.false[0] != found


def test_the_surest_takes_the_face_and_a_second_box_on_it_is_false(scene: MakeScene, detections: Find) -> None:
    result = matching.outcome(scene(FACE), detections((0.4, FACE), (0.8, shifted(4))))
    assert result.score.tolist() == [0.8, 0.4]
    assert result.found.tolist() == [0]
    assert result.false.tolist() == [False, True]


def test_each_box_takes_the_face_it_overlaps_most(scene: MakeScene, detections: Find) -> None:
    beside = shifted(15)
    result = matching.outcome(scene(FACE, beside), detections((0.9, beside), (0.8, FACE)))
    assert result.found.tolist() == [1, 0]
    assert not result.false.any()


@pytest.mark.parametrize(
    ("faces", "scores", "human"),
    [
        ([FACE], [0.69], []),
        ([(50.0, 50.0, 30.0, 31.0)], [0.9], []),
        ([], [], [FACE]),
    ],
    ids=["less certain", "small", "drawn by a person only"],
)
def test_what_is_not_demanded_is_neither_found_nor_false(
    scene: MakeScene, detections: Find, faces: list[tuple[float, ...]], scores: list[float], human: list[object]
) -> None:
    photo = scene(*faces, scores=scores, human=human)
    box = (faces or human)[0]
    result = matching.outcome(photo, detections((0.9, box)))
    assert len(result.found) == 0
    assert not result.false.any()
    assert matching.outcome(photo, detections((0.9, (120.0, 120.0, 40.0, 50.0)))).false.all()


def test_a_box_inside_a_large_face_that_is_not_demanded_is_false(scene: MakeScene, detections: Find) -> None:
    result = matching.outcome(
        scene((20.0, 20.0, 100.0, 120.0), scores=[0.5]), detections((0.9, (50.0, 90.0, 40.0, 40.0)))
    )
    assert result.false.all()


def test_small_and_hand_drawn_faces_are_counted_on_their_own(scene: MakeScene, detections: Find) -> None:
    small, drawn = (120.0, 20.0, 22.0, 26.0), (20.0, 130.0, 40.0, 40.0)
    photo = scene(FACE, small, human=[drawn, FACE, (150.0, 150.0, 20.0, 20.0)])
    result = matching.outcome(photo, detections((0.9, FACE), (0.8, small), (0.7, drawn)))
    assert result.found.tolist() == [0]
    assert result.small.tolist() == [1]
    assert result.drawn.tolist() == [2, 0]  # the third is too small to be demanded


def test_the_extent_is_compared_where_a_detector_tells_it(scene: MakeScene) -> None:
    told = Detection(Box(150, 150, 20, 20), 0.9, None, Box(*FACE))
    assert matching.outcome(scene(FACE), [told]).found.tolist() == [0]


def test_a_photo_without_detections_has_only_misses(scene: MakeScene) -> None:
    result = matching.outcome(scene(FACE), [])
    assert result.found.tolist() == [matching.MISSED]
    assert len(result.score) == 0


def test_scores_of_hits_are_nan_where_there_is_none(scene: MakeScene, detections: Find) -> None:
    boxes = np.array([FACE, (150, 150, 30, 30)], float)
    assert matching.hit_scores(boxes, detections((0.6, FACE), (0.3, FACE))).tolist() == pytest.approx(
        [0.6, float("nan")], nan_ok=True
    )
