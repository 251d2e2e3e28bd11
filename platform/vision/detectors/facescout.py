"""Facet's own detector: a small int8 network on LiteRT that tells boxes and five points."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from vision.alignment import square_of
from vision.detectors import Detection
from vision.detectors.geometry import PACK, STRIDES, Floats, cells, decode, suppress
from vision.detectors.points import PointFinder
from vision.manifest import Manifest
from vision.preprocessing import ImageU8
from vision.types import Box

STEP: Final = STRIDES[-1]
"""Sides of the network's input are multiples of this."""
NARROWEST: Final = 384
"""Pixels of the shorter side: even a panorama gets this much, so that there are few shapes."""
SHAPES_KEPT: Final = 4
"""Interpreters kept, one for each shape of photo; upright and lying photos of two cameras are four shapes."""
ENLARGE_MOST: Final = 3.0
"""A picture of a few pixels shows no more when it is drawn larger than this."""
SMALLEST: Final = 20.0
"""Root of a face's area at the working size below which nothing can be said of it; earrings have faces, too."""
MOST: Final = 500
"""Cells that are looked at, the surest first: a bound on the time that a picture of nothing but faces takes."""
OVERLAP: Final = 0.4
"""Of two boxes that share more (IoU) only the surer one is a face."""


@dataclass(frozen=True)
class Plan:
    """An interpreter for one input shape: the input's index, and by level the indices of scores and geometry."""

    interpreter: Any
    source: int
    levels: tuple[tuple[int, int, int, Floats], ...]


class FaceScoutDetector:
    """One loaded network. One thread at a time: `Reader` holds the lock."""

    name = "facescout"

    def __init__(self, model: bytes, points: bytes | None, *, side: int, threshold: float) -> None:
        """`model` and `points` are the contents of the networks' files; without `points` the first look's stay.

        `side` is the longer side in pixels at which it searches, `threshold` the least score (0 to 1).
        """
        self._model = model
        self._points = PointFinder(points) if points is not None else None
        self._side = side
        self._logit = float(np.log(threshold / (1 - threshold)))
        self._plans: OrderedDict[tuple[int, int], Plan] = OrderedDict()

    @classmethod
    def load(cls, papers: Manifest, *, side: int | None = None, threshold: float | None = None) -> "FaceScoutDetector":
        """The released detector, at its chosen side and threshold unless others are given. Raises EngineError."""
        files = [papers.weights(kind).verified().read_bytes() for kind in ("litert", "points", "choice")]
        choice = json.loads(files[2])
        return cls(files[0], files[1], side=side or choice["side"], threshold=threshold or choice["threshold"])

    @property
    def shapes_kept(self) -> int:
        """For how many shapes of photo an interpreter is kept now."""
        return len(self._plans)

    def detect(self, rgb: ImageU8) -> list[Detection]:
        """See `Detector.detect`."""
        height, width = rgb.shape[:2]
        scale = min(self._side / max(height, width), ENLARGE_MOST)
        rows, columns = max(round(height * scale), 1), max(round(width * scale), 1)
        plan = self._plan((_stepped(rows), _stepped(columns)))
        _fill(plan, rgb, rows, columns)
        plan.interpreter.invoke()
        boxes, points, scores = self._candidates(plan)
        if not len(scores):
            return []
        size = np.array([width / columns, height / rows], np.float32)
        found = []
        for row in suppress(boxes, scores, OVERLAP):
            box, its = (boxes[row].reshape(2, 2) * size).ravel(), points[row] * size
            if not (box[:2] + box[2:] / 2 >= 0).all() or not (box[:2] + box[2:] / 2 < (width, height)).all():
                continue  # in the black margin: a face of which less than half is in the photo
            if self._points is not None:
                its = self._points.find(rgb, box, its)
            found.append(_detection(box, its, float(scores[row])))
        return sorted(found, key=lambda detection: detection.box.area, reverse=True)

    def _candidates(self, plan: Plan) -> tuple[Floats, Floats, Floats]:
        """Boxes (N, 4), points (N, 5, 2) and scores (N,) of the cells that reach the threshold, in input pixels."""
        boxes: list[Floats] = []
        points: list[Floats] = []
        scores: list[Floats] = []
        for score, geometry, stride, centres in plan.levels:
            logits = plan.interpreter.get_tensor(score).ravel()
            rows = np.flatnonzero(logits >= self._logit)
            if not rows.size and boxes:  # the first level is read all the same: there must be something to join
                continue
            told = plan.interpreter.get_tensor(geometry).reshape(-1, 14)[rows]
            box, point = decode(told, centres[rows], stride)
            large = box[:, 2] * box[:, 3] >= SMALLEST**2
            boxes.append(box[large])
            points.append(point[large])
            scores.append(1 / (1 + np.exp(-logits[rows][large])))
        best = np.argsort(-np.concatenate(scores), kind="stable")[:MOST]
        return np.concatenate(boxes)[best], np.concatenate(points)[best], np.concatenate(scores)[best]

    def _plan(self, shape: tuple[int, int]) -> Plan:
        if shape in self._plans:
            self._plans.move_to_end(shape)
            return self._plans[shape]
        if len(self._plans) >= SHAPES_KEPT:
            self._plans.popitem(last=False)
        plan = self._plans[shape] = _make_plan(self._model, *shape)
        return plan


def _stepped(side: int) -> int:
    return max(-(-side // STEP) * STEP, NARROWEST)


def _make_plan(model: bytes, height: int, width: int) -> Plan:
    interpreter = Interpreter(model_content=model, num_threads=1)
    source = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(source, (1, height, width // PACK, 3 * PACK))
    interpreter.allocate_tensors()
    sizes = {tuple(detail["shape"][1:]): detail["index"] for detail in interpreter.get_output_details()}
    # the converter renames outputs: a map is told by its size and its depth
    ordered = [sizes[(height // stride, width // stride, depth)] for stride in STRIDES for depth in (1, 14)]
    return plan_of(interpreter, source, ordered, (height, width))


def plan_of(interpreter: Any, source: int, outputs: Sequence[int], shape: tuple[int, int]) -> Plan:
    """A plan from the indices of the `outputs`, score and geometry of each level, for an input of `shape`."""
    levels = []
    for number, stride in enumerate(STRIDES):
        score, geometry = outputs[2 * number : 2 * number + 2]
        levels.append((score, geometry, stride, cells(shape[0] // stride, shape[1] // stride, stride)))
    return Plan(interpreter, source, tuple(levels))


def _fill(plan: Plan, rgb: ImageU8, rows: int, columns: int) -> None:
    """Scale the photo straight into the network's input, which it leaves black to the right and below."""
    packed = plan.interpreter.tensor(plan.source)()
    canvas = packed.reshape(packed.shape[1], packed.shape[2] * PACK, 3)
    canvas[rows:] = 0
    canvas[:rows, columns:] = 0
    while rgb.shape[0] >= 2 * rows and rgb.shape[1] >= 2 * columns:
        # halves of averages and then one bilinear step, as in training: a fifth of the time of one step by areas
        half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
        rgb = np.asarray(cv2.resize(rgb, half, interpolation=cv2.INTER_AREA), np.uint8)
    if rgb.shape[:2] == (rows, columns):
        canvas[:rows, :columns] = rgb
    else:
        cv2.resize(rgb, (columns, rows), dst=canvas[:rows, :columns], interpolation=cv2.INTER_LINEAR)


def _detection(box: Floats, points: Floats, score: float) -> Detection:
    extent = Box(*(float(value) for value in box))
    right_eye, left_eye, nose, right_mouth, left_mouth = ((float(x), float(y)) for x, y in points)
    landmarks = (right_eye, left_eye, nose, right_mouth, left_mouth)
    return Detection(square_of(extent, landmarks).box, score, landmarks, extent)
