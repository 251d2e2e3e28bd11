"""Facet's own detector with its released weights, on a public-domain photo."""

import cv2
import numpy as np
import pytest
from skimage import data

from vision.detectors import Detection, Detector, load_detector
from vision.detectors.facescout import NARROWEST, SHAPES_KEPT, FaceScoutDetector
from vision.manifest import load_manifest

FACE = (223.0, 115.0)
"""The middle of the astronaut's face in pixels."""


@pytest.fixture(scope="module")
def scout() -> Detector:
    return load_detector("facescout")


def canvas(photo: np.ndarray, height: int, width: int, top: int, left: int) -> np.ndarray:
    """The photo on a grey ground."""
    ground = np.full((height, width, 3), 90, np.uint8)
    ground[top : top + photo.shape[0], left : left + photo.shape[1]] = photo
    return ground


def middle(found: Detection) -> np.ndarray:
    assert found.extent is not None
    return np.array([found.extent.x + found.extent.width / 2, found.extent.y + found.extent.height / 2])


def test_the_astronaut_has_one_face_with_its_points_in_order(scout: Detector, astronaut: np.ndarray) -> None:
    (found,) = scout.detect(astronaut)

    assert middle(found) == pytest.approx(FACE, abs=15)
    assert found.extent is not None
    assert 60 < found.extent.width < 130
    assert found.landmarks is not None
    right_eye, left_eye, nose, right_mouth, left_mouth = found.landmarks
    assert right_eye[0] < nose[0] < left_eye[0]
    assert right_mouth[0] < left_mouth[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < min(right_mouth[1], left_mouth[1])
    assert 0 < found.score <= 1


@pytest.mark.parametrize(("height", "width"), [(512, 512), (512, 1024), (1024, 512), (513, 1801), (900, 640)])
def test_a_face_is_found_at_its_place_in_every_shape_of_photo(
    scout: Detector, astronaut: np.ndarray, height: int, width: int
) -> None:
    top, left = height - 512, width - 512
    found = scout.detect(canvas(astronaut, height, width, top, left))
    nearest = min(np.abs(middle(one) - np.add(FACE, (left, top))).max() for one in found)
    assert nearest < 15


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.7, 4.0])
def test_box_and_points_grow_with_the_photo(scout: Detector, astronaut: np.ndarray, scale: float) -> None:
    (one,) = scout.detect(astronaut)
    (other,) = scout.detect(np.asarray(cv2.resize(astronaut, None, fx=scale, fy=scale), np.uint8))

    assert other.extent is not None
    assert one.extent is not None
    assert other.extent.width == pytest.approx(one.extent.width * scale, rel=0.15)
    eyes = abs(one.landmarks[0][0] - one.landmarks[1][0])  # type: ignore[index]
    off = np.array(other.landmarks) / scale - np.array(one.landmarks)
    assert np.abs(off).max() < 0.25 * eyes


def test_a_mirror_shows_the_same_face_mirrored(scout: Detector, astronaut: np.ndarray) -> None:
    (one,) = scout.detect(astronaut)
    (other,) = scout.detect(np.ascontiguousarray(astronaut[:, ::-1]))
    points = np.array(other.landmarks)[[1, 0, 2, 4, 3]] * (-1, 1) + (512, 0)
    assert np.abs(points - np.array(one.landmarks)).max() < 8


@pytest.mark.parametrize("degrees", [-30, 20, 30])
def test_a_leaning_face_is_found_with_its_points_turned(scout: Detector, astronaut: np.ndarray, degrees: float) -> None:
    matrix = cv2.getRotationMatrix2D(FACE, -degrees, 1.0)  # cv2 counts against the clock
    turned = np.asarray(cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    points = np.array(max(scout.detect(turned), key=lambda found: found.score).landmarks)
    across = points[1] - points[0]
    assert np.rad2deg(np.arctan2(across[1], across[0])) == pytest.approx(degrees, abs=9)


@pytest.mark.parametrize("name", ["coffee", "moon", "brick", "rocket"])
def test_there_is_no_face_where_nobody_is(scout: Detector, name: str) -> None:
    picture = np.asarray(getattr(data, name)(), np.uint8)
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    assert scout.detect(rgb) == []


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 900), (900, 1), (7, 13), (2, 5000)])
def test_odd_photos_give_no_error(scout: Detector, height: int, width: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    assert isinstance(scout.detect(noise), list)


def test_what_stood_in_the_margin_before_changes_nothing(astronaut: np.ndarray) -> None:
    """Two photos share an interpreter whose input keeps its bytes; the narrower one must not see the wider one's."""
    fresh, used = load_detector("facescout"), load_detector("facescout")
    narrow = astronaut[:300]
    used.detect(np.full((380, 512, 3), 255, np.uint8))
    assert used.detect(narrow) == fresh.detect(narrow)


def test_the_same_photo_gives_the_same_answer_whatever_came_between(scout: Detector, astronaut: np.ndarray) -> None:
    before = scout.detect(astronaut)
    for height in range(300, 700, 50):
        scout.detect(np.zeros((height, 640, 3), np.uint8))
    assert scout.detect(astronaut) == before


def test_few_interpreters_are_kept(astronaut: np.ndarray) -> None:
    scout = load_detector("facescout")
    assert isinstance(scout, FaceScoutDetector)
    for height in range(100, 2000, 200):
        scout.detect(np.zeros((height, 640, 3), np.uint8))
    assert scout.shapes_kept <= SHAPES_KEPT
    assert NARROWEST <= 640


def test_a_lower_threshold_finds_no_less(astronaut: np.ndarray) -> None:
    papers = load_manifest().detector
    assert papers is not None
    strict, lax = (FaceScoutDetector.load(papers, threshold=threshold) for threshold in (0.9, 0.1))
    assert len(strict.detect(astronaut)) <= len(lax.detect(astronaut))


def test_the_photo_is_left_as_it_was(scout: Detector, astronaut: np.ndarray) -> None:
    photo = astronaut.copy()
    scout.detect(photo)
    assert (photo == astronaut).all()
