"""What a detector says of all photos of a part, beside the truth: computed once, then measured and drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from models_store.training.detection.measure.matching import Outcome, demanded, hand_drawn, outcome, smaller
from models_store.training.detection.scenes import Scene
from models_store.training.metrics import Array, Bools, Ints
from vision.detectors import Detector

NEVER = np.nan
"""The score of what was not found: at no threshold is it found."""


@dataclass(frozen=True)
class Faces:
    """Faces of one kind: `photo` (N,) the index of their photo, `hit` (N,) the score of the detection that found each
    (`NEVER` where none did), `height` (N,) in pixels."""

    photo: Ints
    hit: Array
    height: Array


@dataclass(frozen=True)
class Answers:
    """One part. `faceless` (P,) bool and `source` (P,) str by photo; `photo`, `score`, `false` (D,) by detection.

    `wanted` are the faces to be found, with the distance of each of five `points` from the truth in pixels, (N, 5), nan
    where missed or not told, and their `eyes` distance and `side` (square root of the area) in pixels, (N,). `small`
    are faces of 20 to 32 pixels, `drawn` those that people drew, `masked` (M,) whether they wear a mask.
    """

    faceless: Bools
    source: tuple[str, ...]
    photo: Ints
    score: Array
    false: Bools
    wanted: Faces
    points: Array
    eyes: Array
    side: Array
    small: Faces
    drawn: Faces
    masked: Bools

    @classmethod
    def of(cls, scenes: Sequence[Scene], outcomes: Sequence[Outcome]) -> "Answers":
        """From the outcome of each scene."""
        pairs = list(zip(scenes, outcomes, strict=True))
        boxes = _joined([scene.boxes[demanded(scene)] for scene in scenes]).astype(np.float64)
        truth = _joined([scene.points[demanded(scene)] for scene in scenes]).astype(np.float64)
        return cls(
            faceless=np.array([scene.kind == "no faces" for scene in scenes], np.bool_),
            source=tuple(scene.source for scene in scenes),
            photo=_photos([len(result.score) for result in outcomes]),
            score=_joined([result.score for result in outcomes]),
            false=_joined([result.false for result in outcomes]),
            wanted=_faces(pairs, lambda scene: scene.boxes[demanded(scene)], lambda result: result.found),
            points=np.linalg.norm(_joined([_points(result) for result in outcomes]) - truth, axis=2),
            eyes=np.linalg.norm(truth[:, 0] - truth[:, 1], axis=1),
            side=np.sqrt(boxes[:, 2] * boxes[:, 3]),
            small=_faces(pairs, lambda scene: scene.boxes[smaller(scene)], lambda result: result.small),
            drawn=_faces(pairs, lambda scene: scene.human[hand_drawn(scene)], lambda result: result.drawn),
            masked=_joined([scene.masks[hand_drawn(scene)] for scene in scenes]),
        )


def ask(scenes: Sequence[Scene], detector: Detector, title: str = "detecting") -> Answers:
    """Let the detector see every photo, with a progress bar."""
    bar = tqdm(scenes, desc=title, unit="photo", leave=False)
    return Answers.of(scenes, [outcome(scene, detector.detect(scene.rgb)) for scene in bar])


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts)


def _photos(counts: Sequence[int]) -> Ints:
    return np.repeat(np.arange(len(counts)), counts)


def _points(result: Outcome) -> Array:
    """Where the detection that found each demanded face puts its landmarks (N, 5, 2)."""
    points = np.concatenate([result.points, np.full((1, 5, 2), np.nan)])
    return np.asarray(points[result.found], np.float64)  # MISSED, -1, is the row of nan


def _faces(
    pairs: Sequence[tuple[Scene, Outcome]],
    boxes: Callable[[Scene], np.ndarray],
    taker: Callable[[Outcome], Ints],
) -> Faces:
    hits = [np.append(result.score, NEVER)[taker(result)] for _, result in pairs]
    heights = _joined([boxes(scene)[:, 3] for scene, _ in pairs]).astype(np.float64)
    return Faces(_photos([len(hit) for hit in hits]), _joined(hits), heights)
