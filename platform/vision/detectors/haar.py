"""OpenCV's Haar cascade (Viola & Jones 2001; trained by Lienhart), the detector of the original system.

`alt2` instead of that system's `default`: on the scenes' training photos it finds more of the faces with a third of the
false boxes, and its box puts the eyes where the canonical crop has them (`benchmarks/detection.py`).
"""

from pathlib import Path
from typing import Final

import cv2

from vision.detectors import Detection
from vision.errors import ModelMissingError
from vision.preprocessing import ImageU8, shrink, to_grey
from vision.types import Box

CASCADE: Final = "haarcascade_frontalface_alt2.xml"
WORKING_SIDE: Final = 640
"""The photo's longer side is shrunk to this many pixels before the search."""
SMALLEST_FACE: Final = 24
"""Pixels at the working size: the cascade's window is 20."""


class HaarDetector:
    """One loaded cascade."""

    name = "haar"

    def __init__(self, *, cascade: str = CASCADE, scale_factor: float = 1.1, min_neighbours: int = 3) -> None:
        """Load `cascade`, a file that OpenCV ships. Raises ModelMissingError."""
        path = Path(cv2.__file__).parent / "data" / cascade
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelMissingError(f"{path} is missing: reinstall opencv-python-headless 4.14.")
        self._scale_factor = scale_factor
        self._min_neighbours = min_neighbours

    def detect(self, rgb: ImageU8) -> list[Detection]:
        """See `Detector.detect`; no landmarks."""
        small = shrink(rgb, WORKING_SIDE)
        scale = max(small.shape) / max(rgb.shape)
        boxes, _, weights = self._cascade.detectMultiScale3(
            to_grey(small),
            scaleFactor=self._scale_factor,
            minNeighbors=self._min_neighbours,
            minSize=(SMALLEST_FACE, SMALLEST_FACE),
            outputRejectLevels=True,
        )
        found = [
            Detection(Box(*(float(value) / scale for value in box)), float(weight))
            for box, weight in zip(boxes, weights, strict=True)
        ]
        return sorted(found, key=lambda detection: detection.box.area, reverse=True)
