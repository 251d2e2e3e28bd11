"""Which detection found which face, photo by photo.

Greedy, the surest detection first, as in the PASCAL VOC challenge (Everingham et al. 2010, Int. J. Comput. Vis. 88) but
with an overlap (intersection over union) of 0.35: the boxes of detectors and of people differ in how much forehead and
hair they hold. Only overlap of both boxes excuses: a box on a mouth inside a large face that nobody demands is false.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models_store.training.detection.scenes import Scene
from models_store.training.metrics import Array, Bools, Ints
from vision.detectors import Detection

LEAST_OVERLAP: Final = 0.35
LEAST_SCORE: Final = 0.7
"""From which score on a box of the strong detector is demanded; below, it and the eye disagree too often."""

LEAST_HEIGHT: Final = 32.0
"""Pixels of a face's height from which on it is demanded."""

SMALL_HEIGHT: Final = 20.0
"""From here to `LEAST_HEIGHT` faces are counted, but not demanded."""

MISSED: Final = -1


@dataclass(frozen=True)
class Outcome:
    """What became of one photo's detections, the surest first: `score` and `false` (D,), `points` (D, 5, 2) or nan.

    `found`, `small`, `drawn`: the index of the detection that found it, or `MISSED`, for each face of the masks
    `demanded(scene)`, `smaller(scene)` and `hand_drawn(scene)`.
    """

    score: Array
    false: Bools
    points: Array
    found: Ints
    small: Ints
    drawn: Ints


def demanded(scene: Scene) -> Bools:
    """Which of the scene's boxes (N,) must be found."""
    return np.asarray((scene.scores >= LEAST_SCORE) & (scene.boxes[:, 3] >= LEAST_HEIGHT), np.bool_)


def smaller(scene: Scene) -> Bools:
    """Which of the scene's boxes (N,) are counted as small faces."""
    height = scene.boxes[:, 3]
    return np.asarray((scene.scores >= LEAST_SCORE) & (height >= SMALL_HEIGHT) & (height < LEAST_HEIGHT), np.bool_)


def hand_drawn(scene: Scene) -> Bools:
    """Which of the boxes drawn by people (M,) must be found."""
    return np.asarray(scene.human[:, 3] >= LEAST_HEIGHT, np.bool_)


def overlaps(one: Array, other: Array) -> Array:
    """Intersection over union (N, M) of boxes (N, 4) and (M, 4) as x, y, width, height."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, :2] + one[:, None, 2:], other[None, :, :2] + other[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    union = one[:, 2:].prod(axis=1)[:, None] + other[:, 2:].prod(axis=1)[None] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float64)


def assign(overlap: Array) -> Ints:
    """The detection (T,) that takes each face, or `MISSED`, from overlaps (D, T), rows by descending score.

    Each detection takes the face that it overlaps most among those not yet taken.
    """
    taken = np.full(overlap.shape[1], MISSED, np.int64)
    for at, row in enumerate(overlap):
        free = np.where(taken == MISSED, row, 0.0)
        if len(free) and free.max() >= LEAST_OVERLAP:
            taken[free.argmax()] = at
    return taken


def evaluated(detections: Sequence[Detection]) -> Array:
    """The boxes (D, 4) that are compared: the face's extent where the detector tells it, else its square."""
    boxes = [detection.extent or detection.box for detection in detections]
    return np.array([(box.x, box.y, box.width, box.height) for box in boxes], np.float64).reshape(-1, 4)


def hit_scores(boxes: Array, detections: Sequence[Detection]) -> Array:
    """The score (T,) of the detection that found each face of `boxes` (T, 4), nan where none did."""
    found = by_score(detections)
    scores = np.array([*(detection.score for detection in found), np.nan], np.float64)
    return np.asarray(scores[assign(overlaps(evaluated(found), boxes))], np.float64)


def by_score(detections: Sequence[Detection]) -> list[Detection]:
    """The surest first."""
    return sorted(detections, key=lambda detection: detection.score, reverse=True)


def outcome(scene: Scene, detections: Sequence[Detection]) -> Outcome:
    """Match one photo's detections, in any order, with its faces.

    A detection that finds no demanded face but overlaps any other box, of the strong detector or of a person, is
    neither a hit nor false; a second one on a demanded face is false.
    """
    found = by_score(detections)
    boxes, must = evaluated(found), demanded(scene)
    overlap = overlaps(boxes, scene.boxes.astype(np.float64))
    drawn = overlaps(boxes, scene.human.astype(np.float64))
    hits = assign(overlap[:, must])
    used = np.isin(np.arange(len(found)), hits)
    rest = np.concatenate([overlap[:, ~must], drawn], axis=1)
    excused = (rest >= LEAST_OVERLAP).any(axis=1)
    unknown = ((np.nan, np.nan),) * 5
    points = [detection.landmarks or unknown for detection in found]
    return Outcome(
        score=np.array([detection.score for detection in found], np.float64),
        false=~used & ~excused,
        points=np.array(points, np.float64).reshape(-1, 5, 2),
        found=hits,
        small=assign(np.where(used[:, None], 0.0, overlap[:, smaller(scene)])),
        drawn=assign(drawn[:, hand_drawn(scene)]),
    )
