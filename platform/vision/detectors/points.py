"""The second look: the five points of a face, seen upright and large."""

from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from vision.detectors.geometry import Floats
from vision.detectors.upright import SIDE, lean, upright, upright_map
from vision.preprocessing import ImageU8, standardise

INSIDE: Final = 0.75
"""Points farther from the middle than this share of the square are no answer; the first look's stay."""


class PointFinder:
    """One loaded network; one thread at a time."""

    def __init__(self, model: bytes) -> None:
        """`model` is the content of the network's file."""
        self._interpreter: Any = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._source = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def find(self, image: ImageU8, box: Floats, points: Floats) -> Floats:
        """The points float32 (5, 2) of the face in `box` (4,), x, y, width, height, whose first look told `points`.

        All in pixels of `image` uint8 (H, W, 3) or (H, W).
        """
        size = float(np.sqrt(box[2] * box[3]))
        matrix = upright_map(box[:2] + box[2:] / 2, size, lean(points))
        self._interpreter.set_tensor(self._source, standardise(upright(image, matrix)[np.newaxis]))
        self._interpreter.invoke()
        told = self._interpreter.get_tensor(self._output).reshape(5, 2)
        if not np.all(np.abs(told) < INSIDE):
            return points
        square = (told + 0.5) * SIDE
        return np.asarray((square - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T, np.float32)
