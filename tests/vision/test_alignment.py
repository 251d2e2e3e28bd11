"""From landmarks to the square that the network was trained on."""

import math

import cv2
import numpy as np
import pytest

from vision.alignment import Square, canonical_square, crop_aligned, square_of
from vision.preprocessing import ImageU8, crop_square, crop_turned
from vision.types import Box, Points

FACE = np.array([(0.314, 0.382), (0.686, 0.382), (0.5, 0.583), (0.347, 0.756), (0.653, 0.756)])
"""The mean face of the training crops, as shares of the crop."""


def points(places: np.ndarray) -> Points:
    return tuple((float(x), float(y)) for x, y in places)  # type: ignore[return-value]


def square(places: np.ndarray) -> Square:
    found = canonical_square(points(places))
    assert found is not None
    return found


def scene(side: int = 400) -> ImageU8:
    """A smooth picture with no symmetry."""
    noise = np.random.default_rng(3).normal(size=(side, side)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), side / 40)
    low, high = smooth.min(), smooth.max()
    return np.asarray((smooth - low) / (high - low) * 255, dtype=np.uint8)


def test_the_mean_face_of_the_training_crops_gives_the_whole_crop() -> None:
    found = square(FACE * 200 + 30)
    assert (found.x, found.y) == pytest.approx((130, 130), abs=3)
    assert found.side == pytest.approx(200, rel=0.04)
    assert found.angle == pytest.approx(0)


@pytest.mark.parametrize("degrees", [-170, -60, -10, 5, 45, 90, 135])
def test_the_square_moves_turns_and_grows_with_the_face(degrees: float) -> None:
    angle, scale, shift = math.radians(degrees), 1.7, np.array([250.0, 90.0])
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    still, moved = square(FACE * 100), square(FACE * 100 @ turn.T + shift)
    assert (moved.x, moved.y) == pytest.approx(turn @ (still.x, still.y) + shift)
    assert moved.side == pytest.approx(scale * still.side)
    assert math.remainder(moved.angle - angle, math.tau) == pytest.approx(0, abs=1e-9)


def test_a_mirrored_face_has_the_mirrored_square() -> None:
    turned = FACE * 100 + (np.array([[0, 2], [3, -1], [12, 4], [2, 2], [4, 0]]))
    mirrored = turned[[1, 0, 2, 4, 3]] * (-1, 1)
    one, other = square(turned), square(mirrored)
    assert (other.x, other.y, other.side, other.angle) == pytest.approx((-one.x, one.y, one.side, -one.angle))


def test_eyes_close_together_in_profile_do_not_shrink_the_square() -> None:
    narrow = FACE * 100
    narrow[:, 0] = 50 + (narrow[:, 0] - 50) * 0.2
    assert square(narrow).side == pytest.approx(square(FACE * 100).side, rel=0.02)


def test_a_nose_to_one_side_moves_the_centre_back_to_the_other() -> None:
    turned = FACE * 100
    turned[2, 0] += 12
    straight, back = square(FACE * 100), square(turned)
    assert straight.x - back.x == pytest.approx(12 * 0.81)
    assert (back.y, back.side) == pytest.approx((straight.y, straight.side))


@pytest.mark.parametrize("places", [np.full((5, 2), 40.0), FACE * 0.5, np.full((5, 2), np.nan)])
def test_points_that_coincide_leave_the_box(places: np.ndarray) -> None:
    box = Box(10, 20, 30, 30)
    assert canonical_square(points(places)) is None
    assert square_of(box, points(places)) == Square(25, 35, 30, 0)


def test_without_landmarks_the_box_is_cut_as_it_is() -> None:
    image, box = scene(), Box(33.25, 51.75, 120, 120)
    assert square_of(box, None).box == box
    assert (crop_aligned(image, square_of(box, None)) == crop_square(image, 33.25, 51.75, 120)).all()


def test_the_box_shown_has_the_same_centre_and_side_and_stands_upright() -> None:
    assert Square(100, 80, 40, 0.7).box == Box(80, 60, 40, 40)


@pytest.mark.parametrize("side", [40, 64, 100, 128, 200])
def test_a_hardly_turned_crop_is_the_plain_crop(side: int) -> None:
    image = scene()
    plain = crop_square(image, 150, 120, side).astype(int)
    turned = crop_turned(image, (150 + side / 2, 120 + side / 2), side, 1e-9).astype(int)
    assert np.abs(plain - turned).max() <= 2


@pytest.mark.parametrize("degrees", [-120, -30, 15, 45, 90])
@pytest.mark.parametrize("side", [50, 90, 180])
def test_a_leaning_face_is_set_upright(degrees: float, side: int) -> None:
    image = scene()
    # positive angles of OpenCV turn the picture anticlockwise as seen
    matrix = cv2.getRotationMatrix2D((199.5, 199.5), -degrees, 1.0)
    leaning = np.asarray(cv2.warpAffine(image, matrix, (400, 400), flags=cv2.INTER_CUBIC), np.uint8)
    upright = crop_square(image, 200 - side / 2, 200 - side / 2, side).astype(int)
    crop = crop_aligned(leaning, Square(200, 200, side, math.radians(degrees))).astype(int)
    assert np.abs(crop - upright).mean() < 1
    other = crop_aligned(leaning, Square(200, 200, side, math.radians(-degrees))).astype(int)
    assert np.abs(other - upright).mean() > 5


def test_a_large_leaning_face_is_averaged_and_not_sampled() -> None:
    chess = np.indices((900, 900)).sum(axis=0) % 2 * 255
    crop = crop_turned(chess.astype(np.uint8), (450, 450), 700, 0.4)
    assert crop.mean() == pytest.approx(127.5, abs=2)
    assert crop.std() < 12  # nearest pixels of a chess board would have 127


def test_colour_and_grey_are_cut_alike_and_the_photo_is_left_alone() -> None:
    grey = scene()
    before, colour = grey.copy(), np.repeat(grey[..., None], 3, axis=2)
    place = Square(180, 210, 90, 0.3)
    crops = crop_aligned(grey, place), crop_aligned(colour, place)
    assert crops[0].shape == (64, 64)
    assert crops[1].shape == (64, 64, 3)
    assert (crops[1] == crops[0][..., None]).all()
    assert (grey == before).all()


def test_what_lies_outside_the_photo_repeats_its_border() -> None:
    image = np.zeros((60, 60), np.uint8)
    image[:, :3] = 200
    crop = crop_aligned(image, Square(-10, 30, 16, 0.2))
    assert crop.min() == 200


def test_a_square_that_misses_the_photo_is_an_error() -> None:
    with pytest.raises(ValueError, match="touch"):
        crop_aligned(np.zeros((50, 50), np.uint8), Square(200, 200, 40, 0.5))
