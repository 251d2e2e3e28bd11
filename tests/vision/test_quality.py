"""Measures of a face's quality, and the codes that follow from them."""

import math

import cv2
import numpy as np
import pytest

from vision.detectors import Detection
from vision.preprocessing import ImageU8
from vision.quality import assess, measures
from vision.quality.rules import CODES, MEASURED_BY, Rule, read_rules, reasons
from vision.types import Box, Points, Quality


def texture(seed: int = 0) -> ImageU8:
    """A grey crop with detail of every size, as pictures have it."""
    rng = np.random.default_rng(seed)
    layers = [
        cv2.resize(rng.normal(0, side**-0.5, (side, side)), (64, 64), interpolation=cv2.INTER_CUBIC)
        for side in (4, 8, 16, 32, 64)
    ]
    mixed = np.sum(layers, axis=0)
    return np.asarray(np.clip(128 + 40 * mixed / mixed.std(), 0, 255), dtype=np.uint8)


def softened(sigma: float) -> ImageU8:
    """The texture blurred."""
    return np.asarray(cv2.GaussianBlur(texture(), (0, 0), sigma), dtype=np.uint8)


def points(turn: float = 0.0, roll: float = 0.0) -> Points:
    """Eyes 20 pixels apart, the nose `turn` of that off the middle, all turned by `roll` degrees about (50, 40)."""
    flat = [(-10.0, 0.0), (10.0, 0.0), (20.0 * turn, 12.0), (-8.0, 24.0), (8.0, 24.0)]
    cos, sin = math.cos(math.radians(roll)), math.sin(math.radians(roll))
    right_eye, left_eye, nose, right, left = ((50 + x * cos - y * sin, 40 + x * sin + y * cos) for x, y in flat)
    return right_eye, left_eye, nose, right, left


def quality(**changes: object) -> Quality:
    values = {"size": 80.0, "sharpness": 0.36, "brightness": 0.5, "highlights": 0.0, "cut": 0.0, "detector": 1.0}
    return Quality(**({"turn": 0.0, "roll": 0.0} | values | changes))  # type: ignore[arg-type]


RULES = {
    "too_small": Rule(24),
    "too_dark": Rule(0.1),
    "too_bright": Rule(0.3),
    "blurred": Rule(0.2),
    "turned": Rule(0.5),
    "cut_off": Rule(0.25),
}


def test_more_blur_is_less_sharp() -> None:
    found = [measures.sharpness(texture())]
    found += [measures.sharpness(softened(sigma)) for sigma in (0.75, 1.5, 3)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0] / 2


def test_sharpness_depends_neither_on_contrast_nor_on_light() -> None:
    crop = texture()
    sharp = measures.sharpness(crop)
    for factor, offset in ((0.5, 0), (0.5, 100), (0.25, 30)):
        dimmer: ImageU8 = np.asarray(np.add(crop * factor, offset), dtype=np.uint8)
        assert measures.sharpness(dimmer) == pytest.approx(sharp, rel=0.06)


def test_a_flat_crop_has_no_detail() -> None:
    assert measures.sharpness(np.full((64, 64), 90, np.uint8)) == 0


def test_brightness_and_highlights_are_shares() -> None:
    crop = np.zeros((64, 64), np.uint8)
    crop[:16] = 255
    assert measures.brightness(crop) == pytest.approx(0.25)
    assert measures.highlights(crop) == pytest.approx(0.25)
    assert measures.highlights(np.full((64, 64), 250, np.uint8)) == 0


@pytest.mark.parametrize("roll", [0.0, 30.0, -75.0, 170.0])
@pytest.mark.parametrize("turn", [0.0, 0.2, -0.5])
def test_turn_is_told_from_the_nose_whatever_the_roll(turn: float, roll: float) -> None:
    assert measures.turn(points(turn, roll)) == pytest.approx(turn)
    assert measures.roll(points(turn, roll)) == pytest.approx(roll)


def test_a_profile_is_turned_all_the_way() -> None:
    eye = (10.0, 10.0)
    assert measures.turn((eye, eye, (20.0, 15.0), eye, eye)) == 1
    assert measures.turn(points(3.0)) == 1
    assert measures.turn(points(-3.0)) == -1


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(10, 10, 20, 20), 0.0),
        (Box(-5, 10, 20, 20), 0.25),
        (Box(90, 70, 20, 20), 0.75),
        (Box(-30, 0, 20, 20), 1.0),
        (Box(0, 0, 100, 80), 0.0),
    ],
)
def test_cut_is_the_share_of_the_box_outside_the_photo(box: Box, share: float) -> None:
    assert measures.cut(box, height=80, width=100) == pytest.approx(share)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 23.9}, "too_small"),
        ({"brightness": 0.09}, "too_dark"),
        ({"highlights": 0.3}, "too_bright"),
        ({"sharpness": 0.19}, "blurred"),
        ({"turn": -0.5}, "turned"),
        ({"cut": 0.25}, "cut_off"),
    ],
)
def test_each_code_goes_by_its_measure(changes: dict[str, float], code: str) -> None:
    assert reasons(quality(), RULES) == ()
    assert reasons(quality(**changes), RULES) == (code,)
    assert reasons(quality(**changes), {}) == ()


def test_codes_come_in_their_order_and_a_small_face_is_not_called_blurred() -> None:
    bad = quality(size=10.0, sharpness=0.1, cut=0.5, brightness=0.0)
    assert reasons(bad, dict(reversed(RULES.items()))) == ("too_small", "too_dark", "cut_off")


def test_without_landmarks_nobody_is_turned() -> None:
    assert reasons(quality(turn=None, roll=None), RULES) == ()


def test_every_code_has_a_measure_that_quality_holds() -> None:
    assert all(hasattr(quality(), MEASURED_BY[code][0]) for code in CODES)


def test_rules_are_read_and_strange_ones_refused() -> None:
    assert read_rules({"blurred": {"limit": 0.2, "age_widening": 1.3}}) == {"blurred": Rule(0.2, 1.3)}
    with pytest.raises(KeyError):
        read_rules({"ugly": {"limit": 1}})
    with pytest.raises(TypeError):
        read_rules({"blurred": {"at": 1}})


def test_a_face_is_measured_in_pixels_of_the_photo_and_cut_by_the_picture_that_was_read() -> None:
    place = Detection(Box(-10, 0, 20, 20), 0.8, points(0.6, 5.0))
    found = assess(texture(), place, (40, 40, 3), RULES, scale=2)
    assert found.size == 40
    assert found.cut == pytest.approx(0.5)
    assert found.turn == pytest.approx(0.6)
    assert found.roll == pytest.approx(5)
    assert found.detector == 0.8
    assert found.reasons == ("turned", "cut_off")


def test_without_landmarks_turn_and_roll_are_unknown() -> None:
    found = assess(texture(), Detection(Box(0, 0, 30, 30), 1.0), (40, 40), RULES)
    assert (found.turn, found.roll, found.reasons) == (None, None, ())
