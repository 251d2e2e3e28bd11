"""How much there is to see of a face."""

import cv2

from vision.detectors import Detection
from vision.preprocessing import ImageU8
from vision.types import Quality


def assess(crop: ImageU8, detection: Detection) -> Quality:
    """Quality of the face in `crop`, grey uint8 (64, 64), that `detection` found."""
    return Quality(
        size=min(detection.box.width, detection.box.height),
        sharpness=float(cv2.Laplacian(crop, cv2.CV_32F).std()),
        brightness=float(crop.mean()) / 255.0,
        detector=detection.score,
    )
