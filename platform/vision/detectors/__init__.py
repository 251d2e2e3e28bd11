"""Finding faces. A detector takes the whole photo and gives square boxes in the canonical geometry."""

from dataclasses import dataclass
from typing import Final, Protocol

from vision.errors import EngineError, ModelMissingError
from vision.manifest import Manifest, load_manifest
from vision.preprocessing import ImageU8
from vision.types import Box, Point

NAMES: Final = ("facescout", "haar")
"""What FACET_DETECTOR may say, the default first."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face's place in pixels of the photo; `score` grows with certainty.

    `box` is the canonical square, which the attribute network sees; `extent` the rectangle that a person would draw
    around the face, where the detector tells it; `landmarks` right eye, left eye, nose, right and left mouth corner.
    """

    box: Box
    score: float
    landmarks: tuple[Point, Point, Point, Point, Point] | None = None
    extent: Box | None = None


class Detector(Protocol):
    """Finds faces in one photo at a time; not safe for several threads at once unless it says so."""

    name: str

    def detect(self, rgb: ImageU8) -> list[Detection]:
        """Faces in `rgb` uint8 (H, W, 3), largest first; an empty list when there are none."""
        ...


def load_detector(name: str, papers: Manifest | None = None) -> Detector:
    """The detector called `name`, one of `NAMES`; `papers` are the released ones by default. Raises EngineError."""
    if name == "facescout":
        from vision.detectors.facescout import FaceScoutDetector

        detector = (papers or load_manifest()).detector
        if detector is None:
            raise ModelMissingError("The manifest names no detector: restore models_store/ from the release.")
        return FaceScoutDetector.load(detector)
    if name == "haar":
        from vision.detectors.haar import HaarDetector

        return HaarDetector()
    raise EngineError(f"FACET_DETECTOR is {name!r}; known are {' and '.join(NAMES)}.")
