"""Faces that arrive cut out keep everything that the detector told of them."""

import numpy as np
import pytest

from vision.cropping import centred_face, moved
from vision.detectors import Detection
from vision.preprocessing import ImageU8
from vision.types import Box

POINTS = ((60.0, 60.0), (100.0, 60.0), (80.0, 80.0), (65.0, 100.0), (95.0, 100.0))


class Middle:
    """Finds the same face in the middle of every picture of 160 pixels."""

    name = "middle"

    def detect(self, rgb: ImageU8) -> list[Detection]:
        assert rgb.shape == (160, 160, 3)
        return [Detection(Box(40, 40, 80, 80), 0.9, POINTS, Box(45, 35, 70, 90))]


def test_box_landmarks_and_extent_come_in_pixels_of_the_crop() -> None:
    # 80 pixels and a quarter on each side are 120, drawn as 160: a scale of 4 / 3 and a margin of 20
    place = centred_face(np.zeros((80, 80), np.uint8), Middle())
    assert place.landmarks is not None
    assert place.extent is not None
    assert place.box == Box(10, 10, 60, 60)
    assert place.landmarks[0] == pytest.approx((25, 25))
    assert place.landmarks[4] == pytest.approx((51.25, 55))
    extent = (place.extent.x, place.extent.y, place.extent.width, place.extent.height)
    assert extent == pytest.approx((13.75, 6.25, 52.5, 67.5))


def test_what_a_detector_does_not_tell_stays_untold() -> None:
    place = moved(Detection(Box(1, 2, 3, 4), 0.5), 2, 1)
    assert place == Detection(Box(3, 5, 6, 8), 0.5, None, None)
