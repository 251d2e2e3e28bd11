"""MTCNN from PyPI (Zhang et al. 2016, arXiv 1604.02878), for detection; TensorFlow keeps its own number of threads."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
from mtcnn import MTCNN  # type: ignore[import-untyped]

from vision.preprocessing import ImageU8


class Mtcnn:
    """The three networks with the package's own settings."""

    def __init__(self) -> None:
        """Load the weights that the package carries."""
        self._detector = MTCNN()

    def detect(self, rgb: ImageU8) -> int:
        """How many faces in uint8 (H, W, 3)."""
        return len(self._detector.detect_faces(rgb))
