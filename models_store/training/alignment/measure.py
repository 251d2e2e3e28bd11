"""What each way to choose the square costs or gains, on validation faces, beside the box alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from tqdm import tqdm

from models_store.training.alignment.trials import Faces, Pictures, noisy
from models_store.training.alignment.ways import WAYS, Way, box_alone
from models_store.training.metrics import Array, Better, mean_figure
from vision.alignment import Square, crop_aligned
from vision.calibration import Calibration
from vision.cropping import centred_face
from vision.detectors import Detector
from vision.preprocessing import standardise
from vision.runtimes import Runtime
from vision.types import Points

TURNS: Final = (0, 15, 30, 45)
"""Degrees by which the whole picture is turned, half of the faces each way."""
ERRORS: Final = (0.0, 0.04, 0.06)
"""Mean error of the landmarks in eye distances."""
FINER: Final = (2, 1)
"""How much larger turned pictures are drawn, FER+ and UTKFace: FER+'s are coarse."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Marks:
    """Of each face: expression right (N,), gender right (K,) and years off (M,)."""

    emotion: Array
    gender: Array
    age: Array

    def figures(self, base: "Marks") -> Row:
        """The three figures, and their differences from `base` on the same faces."""
        result: Row = {}
        pairs: tuple[tuple[str, Array, Array, Better], ...] = (
            ("emotion_accuracy", self.emotion, base.emotion, "higher"),
            ("gender_accuracy", self.gender, base.gender, "higher"),
            ("age_mae", self.age, base.age, "lower"),
        )
        for name, own, other, better in pairs:
            result[name] = mean_figure(own, better)
            result[f"{name}, difference"] = mean_figure(own - other, better)
        return result


@dataclass(frozen=True)
class Trial:
    """Faces in pictures turned alike, FER+'s and UTKFace's, and the network that serves."""

    faces: Faces
    pictures: tuple[Pictures, Pictures]
    runtime: Runtime
    calibration: Calibration

    def by_landmarks(self, way: Way, error: float) -> Marks:
        """The marks when `way` chooses, landmarks being off by `error`."""
        split = len(self.faces.labels)
        squares = []
        for part, errors in zip(self.pictures, (self.faces.errors[:split], self.faces.errors[split:]), strict=True):
            points = noisy(part.points, errors, error).tolist()
            squares.append([way(cast("Points", tuple(map(tuple, face))), part.box) for face in points])
        return self._marks(squares)

    def by_detector(self, detector: Detector) -> tuple[Marks, dict[str, float]]:
        """The marks when `detector` finds the box in the picture, elsewhere the box known; and the shares found."""
        squares, found = [], []
        for part in self.pictures:
            places = [centred_face(image, detector) for image in part.images]
            found.append(np.array([place.score != 0 for place in places]))
            squares.append([Square.of_box(place.box) if place.score != 0 else part.box for place in places])
        return self._marks(squares), {"FER+": float(found[0].mean()), "UTKFace": float(found[1].mean())}

    def _marks(self, squares: Sequence[Sequence[Square]]) -> Marks:
        logits = []
        for part, places in zip(self.pictures, squares, strict=True):
            crops = [crop_aligned(image, square) for image, square in zip(part.images, places, strict=True)]
            logits.append(self.runtime.run(standardise(np.stack(crops))))
        right = logits[0]["emotion"].argmax(axis=1) == self.faces.labels
        years = np.array([age.years for age in self.calibration.ages(logits[1]["age"])])
        due = self.faces.ages >= self.calibration.gender_min_years
        gender = ((logits[1]["gender"][:, 0] > 0) == self.faces.female)[due]
        return Marks(right.astype(np.float64), gender.astype(np.float64), np.abs(years - self.faces.ages))


def trials(faces: Faces, detector: Detector, runtime: Runtime, calibration: Calibration) -> list[Row]:
    """One row for each turn, way and error, with figures; differences are from the box alone at the same turn."""
    rows: list[Row] = []
    split = len(faces.labels)
    told = (len(WAYS) - 1) * len(ERRORS)
    with tqdm(total=len(TURNS) * (2 + told), desc="alignment", unit="trial") as bar:
        for turn in TURNS:
            pictures = (
                faces.expressions.turned(turn, faces.clockwise[:split], FINER[0]),
                faces.portraits.turned(turn, faces.clockwise[split:], FINER[1]),
            )
            for row in _rows(Trial(faces, pictures, runtime, calibration), detector):
                rows.append({"turn": turn, **row})
                bar.update()
    return rows


def _rows(trial: Trial, detector: Detector) -> Iterator[Row]:
    base = trial.by_landmarks(box_alone, 0.0)
    yield {"way": "box", "error": None, **base.figures(base)}
    marks, found = trial.by_detector(detector)
    yield {"way": f"box of {detector.name}", "error": None, "found": found, **marks.figures(base)}
    for error in ERRORS:
        for name, way in WAYS.items():
            if way is not box_alone:
                yield {"way": name, "error": error, **trial.by_landmarks(way, error).figures(base)}
