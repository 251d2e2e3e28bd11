"""What a worse picture or a worse box costs: answers on validation faces changed by known amounts, see `changes`.

The chosen faces and directions are fixed. The test splits are not read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from models_store.training.data import ferplus, utkface
from models_store.training.data.evaluation import Portraits
from models_store.training.measure.answers import AgeAnswers, GenderAnswers
from models_store.training.measure.changes import CURVES, Curve, Square
from models_store.training.metrics import Bools, Ints, mean_figure
from vision.calibration import Calibration
from vision.preprocessing import INPUT_SIZE, ImageU8, standardise
from vision.runtimes import Logits, Runtime

FACES: Final = 640
"""Faces of each data set."""


@dataclass(frozen=True)
class Sample:
    """Raw validation faces. FER+: `expressions` (N, 48, 48) and `labels` (N,); UTKFace: `chips` (M, W, W) grey,
    `ages` (M,) years and `female` (M,); `directions` (max(N, M),) radians."""

    expressions: ImageU8
    labels: Ints
    chips: ImageU8
    ages: npt.NDArray[np.float32]
    female: Bools
    directions: npt.NDArray[np.float64]


def sample(data: Path, count: int = FACES) -> Sample:
    """The fixed faces, at most `count` of each validation split. Raises `UserError` when one is missing."""
    faces, people = ferplus.load(data, "valid"), utkface.load(data, "valid")
    keep, labels = ferplus.official_labels(faces.votes)
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.permutation(np.flatnonzero(keep))[:count])
    some = np.sort(rng.permutation(len(people.ages))[:count])
    return Sample(
        faces.images[chosen],
        labels[chosen],
        people.chips[some],
        people.ages[some],
        people.female[some] > 0.5,
        rng.uniform(0, 2 * np.pi, count),
    )


def point(faces: Sample, curve: Curve, amount: float, runtime: Runtime, calibration: Calibration) -> dict[str, Any]:
    """The figures at one amount: expression and gender by the likeliest class, age by mean error in years."""
    side = float(faces.expressions.shape[1])
    width = float(faces.chips.shape[1])
    chip_box = (utkface.LEFT * width, utkface.TOP * width, utkface.SIDE * width)

    def logits(images: ImageU8, box: Square) -> Logits:
        pairs = zip(images, faces.directions, strict=False)
        return runtime.run(standardise(np.stack([curve.change(image, box, amount, turn) for image, turn in pairs])))

    emotion = logits(faces.expressions, (0.0, 0.0, side))["emotion"]
    outputs = logits(faces.chips, chip_box)
    people = Portraits(np.empty((0, INPUT_SIZE, INPUT_SIZE, 1), np.float32), faces.ages, faces.female)
    gender = GenderAnswers.of(outputs, people, calibration)
    return {
        "amount": float(amount),
        "emotion_accuracy": mean_figure(emotion.argmax(axis=1) == faces.labels, "higher"),
        "gender_accuracy": mean_figure(gender.right[gender.due], "higher"),
        "age_mae": mean_figure(abs(AgeAnswers.of(outputs, people, calibration).error), "lower"),
    }


def curves(faces: Sample, runtime: Runtime, calibration: Calibration) -> dict[str, Any]:
    """All curves, amounts ascending, with a progress bar. What changes nothing is measured once."""
    every = [(name, amount) for name, curve in CURVES.items() for amount in curve.amounts]
    first = next(iter(CURVES.values()))
    unchanged = point(faces, first, first.neutral, runtime, calibration)
    points = {name: [{**unchanged, "amount": float(curve.neutral)}] for name, curve in CURVES.items()}
    for name, amount in tqdm(every, desc="tolerance", unit="point", leave=False):
        points[name].append(point(faces, CURVES[name], amount, runtime, calibration))
    return {
        name: {
            "unit": curve.unit,
            "neutral": float(curve.neutral),
            "points": sorted(points[name], key=lambda entry: entry["amount"]),
        }
        for name, curve in CURVES.items()
    }
