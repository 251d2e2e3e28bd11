"""This engine: the int8 network on one thread, with the detector named."""

import time
from typing import Any

from vision import Limits, Reader
from vision.decoding import decode
from vision.detectors import load_detector
from vision.manifest import load_manifest
from vision.preprocessing import ImageU8
from vision.reader import ENOUGH


class Engine:
    """`Reader` and, by itself, its detector."""

    def __init__(self, detector: str) -> None:
        """Load both. `Reader.load` sets OpenCV to one thread."""
        self._reader = Reader.load(detector=detector, runtime="litert")
        self._detector = load_detector(detector, load_manifest())

    def read(self, photo: bytes) -> dict[str, Any]:
        """How many faces, and milliseconds by stage."""
        reading = self._reader.read([photo])[0]
        return {"faces": len(reading.faces), "stages": reading.timings_ms}

    def detect(self, rgb: ImageU8) -> int:
        """How many faces in uint8 (H, W, 3)."""
        return len(self._detector.detect(rgb))

    def decode(self, photo: bytes) -> tuple[int, ...]:
        """The shape of the pixels that the reader would see."""
        return decode(photo, Limits(), enough=ENOUGH).rgb.shape

    def read_for(self, photo: bytes, seconds: float) -> float:
        """Photos a second when `photo` is read again and again."""
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            self._reader.read([photo])
            count += 1
        return count / (time.perf_counter() - began)
