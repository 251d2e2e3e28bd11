"""The square for the second look: upright, centred, not aliased."""

import numpy as np
import pytest

from vision.detectors.upright import ROOM, SIDE, lean, upright, upright_map

FACE = np.array([[-20, -15], [20, -15], [0, 5], [-15, 25], [15, 25]], np.float32)


def turned(degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    clockwise = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(FACE @ clockwise.T, np.float32)


@pytest.mark.parametrize("degrees", [0.0, 30.0, -40.0, 90.0, 170.0])
def test_the_lean_of_a_turned_face_is_its_turn(degrees: float) -> None:
    assert np.rad2deg(lean(turned(degrees))) == pytest.approx(degrees, abs=1e-3)


def test_a_profile_has_a_lean_though_its_eyes_fall_together() -> None:
    profile = turned(20) * np.float32(1)
    profile[:2] = profile[:2].mean(axis=0)
    profile[3:] = profile[3:].mean(axis=0)
    assert np.rad2deg(lean(profile)) == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("degrees", [0.0, 35.0, -120.0])
def test_the_map_sets_a_face_upright_in_the_middle(degrees: float) -> None:
    matrix = upright_map(np.array([300.0, 200.0]), 60.0, np.deg2rad(degrees))
    points = np.add(turned(degrees), (300, 200)) @ matrix[:, :2].T + matrix[:, 2]

    scale = SIDE / (ROOM * 60)
    assert points == pytest.approx(FACE * scale + SIDE / 2, abs=1e-3)


def test_a_bright_spot_comes_to_lie_where_the_map_says() -> None:
    grey = np.zeros((400, 600), np.uint8)
    grey[196:205, 316:325] = 255  # its middle is at (320.5, 200.5)
    matrix = upright_map(np.array([300.0, 210.0]), 80.0, 0.4)

    square = upright(grey, matrix).astype(float)

    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    middle = np.array([(x * square).sum(), (y * square).sum()]) / square.sum()
    assert middle == pytest.approx(matrix[:, :2] @ (320.5, 200.5) + matrix[:, 2], abs=0.15)


def test_a_large_face_is_averaged_and_not_sampled() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (960, 480))
    square = upright(stripes, upright_map(np.array([480.0, 480.0]), 700.0, 0.0))
    assert square.std() < 10


def test_a_face_at_the_corner_repeats_the_border() -> None:
    grey = np.full((50, 50), 90, np.uint8)
    assert (upright(grey, upright_map(np.array([0.0, 0.0]), 60.0, 0.3)) == 90).all()


def test_the_photo_is_left_as_it_was() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)
    before = grey.copy()
    upright(grey, upright_map(np.array([40.0, 40.0]), 60.0, 0.3))
    assert (grey == before).all()
