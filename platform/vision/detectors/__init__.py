"""Finding faces. A detector takes the whole photo and gives square boxes in the canonical geometry."""

from dataclasses import dataclass
from typing import Protocol

from vision.errors import EngineError
from vision.preprocessing import ImageU8
from vision.types import Box, Point


@dataclass(frozen=True, slots=True)
class Detection:
    """A face's place: `box` is the canonical square in pixels of the photo, `score` grows with certainty."""

    box: Box
    score: float
    landmarks: tuple[Point, Point, Point, Point, Point] | None = None


class Detector(Protocol):
    """Finds faces in one photo at a time; not safe for several threads at once unless it says so."""

    name: str

    def detect(self, rgb: ImageU8) -> list[Detection]:
        """Faces in `rgb` uint8 (H, W, 3), largest first; an empty list when there are none."""
        ...


def load_detector(name: str) -> Detector:
    """The detector called `name`. Raises EngineError for an unknown one."""
    if name == "haar":
        from vision.detectors.haar import HaarDetector

        return HaarDetector()
    raise EngineError(f"FACET_DETECTOR is {name!r}; known is haar.")
