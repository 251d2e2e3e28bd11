"""Other libraries' ways from bytes to pixels, each on one thread."""

import io

import cv2
import numpy as np
from PIL import Image


class Files:
    """Whole and at half size."""

    def __init__(self) -> None:
        """OpenCV on one thread, as in the engine."""
        cv2.setNumThreads(1)

    def pillow(self, photo: bytes) -> tuple[int, ...]:
        """What most programs do."""
        with Image.open(io.BytesIO(photo)) as image:
            return tuple(np.array(image.convert("RGB")).shape)

    def opencv(self, photo: bytes) -> tuple[int, ...]:
        """All pixels."""
        return self._decoded(photo, cv2.IMREAD_COLOR_RGB)

    def opencv_half(self, photo: bytes) -> tuple[int, ...]:
        """Half of each side, by the JPEG's own reduction."""
        return self._decoded(photo, cv2.IMREAD_REDUCED_COLOR_2)

    @staticmethod
    def _decoded(photo: bytes, how: int) -> tuple[int, ...]:
        pixels = cv2.imdecode(np.frombuffer(photo, np.uint8), how)
        if pixels is None:
            raise ValueError("OpenCV does not read this photo")
        return tuple(pixels.shape)
