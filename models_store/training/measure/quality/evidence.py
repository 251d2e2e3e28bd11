"""Readings for each code: validation faces spoilt by known amounts, and faces that are turned.

No test split is read. Turned faces are few in the validation splits and cannot be made from others, so the training
faces are looked at as well; as the network has seen them, their errors are only compared with one another.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import numpy as np

from models_store.training.data import ferplus, landmarks, utkface
from models_store.training.data.evaluation import Portraits
from models_store.training.measure.answers import AgeAnswers, GenderAnswers
from models_store.training.measure.changes import Change, Square
from models_store.training.measure.quality.reads import Evidence, ExpressionReads, PeopleReads, Reads
from models_store.training.measure.quality.spoiling import TRIALS, Trial
from models_store.training.measure.tolerance import Sample
from models_store.training.metrics import Array, Bools
from vision.calibration import Calibration
from vision.preprocessing import INPUT_SIZE, ImageU8, crop_square, standardise
from vision.quality import measures
from vision.quality.rules import Code
from vision.runtimes import Logits, Runtime

PORTION: Final = 2048
"""Crops that are standardised at once."""

Split = Literal["train", "valid"]
PARTS: Final[tuple[Split, ...]] = ("train", "valid")
APART: Final = 10**6
"""Other splits hold other people: their numbers are so far apart."""


def changed_crops(images: ImageU8, box: Square, directions: Array, change: Change, amount: float) -> ImageU8:
    """Every image changed by `amount`, uint8 (N, S, S)."""
    pairs = zip(images, directions, strict=False)
    return np.stack([change(image, box, amount, direction) for image, direction in pairs])


def run(crops: ImageU8, runtime: Runtime) -> Logits:
    """The network's outputs for crops (N, S, S), a portion at a time."""
    parts = [runtime.run(standardise(crops[at : at + PORTION])) for at in range(0, len(crops), PORTION)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def boxes(faces: Sample) -> tuple[Square, Square]:
    """The canonical squares in the pictures of FER+ and of UTKFace."""
    width = float(faces.chips.shape[1])
    chip = (utkface.LEFT * width, utkface.TOP * width, utkface.SIDE * width)
    return (0.0, 0.0, float(faces.expressions.shape[1])), chip


def read_people(reads: Reads, logits: Logits, ages: Array, female: Bools, calibration: Calibration) -> PeopleReads:
    """Answers without any regard for quality."""
    nothing = np.empty((0, INPUT_SIZE, INPUT_SIZE, 1), np.float32)
    people = Portraits(nothing, ages.astype(np.float32), female)
    return PeopleReads.of(
        reads, AgeAnswers.of(logits, people, calibration), GenderAnswers.of(logits, people, calibration)
    )


def spoilt(faces: Sample, trial: Trial, amount: float, runtime: Runtime, calibration: Calibration) -> Evidence:
    """All faces changed by one amount."""
    first, second = boxes(faces)
    both: list[tuple[Reads, Logits]] = []
    for images, box in ((faces.expressions, first), (faces.chips, second)):
        crops = changed_crops(images, box, faces.directions, trial.change, amount)
        values = np.array([trial.value(crop, amount) for crop in crops])
        count = len(images)
        changed = np.full(count, amount != trial.unchanged)
        both.append((Reads(np.arange(count), values, np.zeros(count, np.int64), changed), run(crops, runtime)))
    (shown, shown_logits), (people, people_logits) = both
    return Evidence(
        ExpressionReads.of(shown, shown_logits, faces.labels, calibration),
        read_people(people, people_logits, faces.ages.astype(np.float64), faces.female, calibration),
    )


def trials(faces: Sample, runtime: Runtime, calibration: Calibration) -> Iterator[tuple[Code, Evidence]]:
    """The evidence for every code that can be tried by spoiling faces; the unchanged faces belong to each."""
    for code, trial in TRIALS.items():
        every = [spoilt(faces, trial, amount, runtime, calibration) for amount in (trial.unchanged, *trial.amounts)]
        yield code, joined(every)


def joined(parts: list[Evidence]) -> Evidence:
    """One after the other."""
    return Evidence(
        ExpressionReads.joined([part.expressions for part in parts]),
        PeopleReads.joined([part.people for part in parts]),
    )


def turns(points: landmarks.Floats) -> Array:
    """|turn| (N,) from points (N, 5, 2); nan for pictures in which no points were found."""
    known = landmarks.known(points)
    return np.array([abs(measures.turn(row)) if found else np.nan for row, found in zip(points, known, strict=True)])


def turned(data: Path, runtime: Runtime, calibration: Calibration) -> Evidence:
    """Faces as they are, of the training and validation splits, by how far they are turned."""
    shown = [_turned_expressions(data, split, runtime, calibration) for split in PARTS]
    people = [_turned_people(data, split, runtime, calibration) for split in PARTS]
    return Evidence(ExpressionReads.joined(shown), PeopleReads.joined(people))


def _reads(values: Array, split: Split) -> tuple[Reads, Bools]:
    """Of the faces whose points are known, and which these are."""
    known = ~np.isnan(values)
    count = int(known.sum())
    part = PARTS.index(split)
    faces = np.arange(count) + part * APART
    return Reads(faces, values[known], np.full(count, part), np.zeros(count, np.bool_)), known


def _turned_expressions(data: Path, split: Split, runtime: Runtime, calibration: Calibration) -> ExpressionReads:
    faces = ferplus.load(data, split)
    kept, labels = ferplus.official_labels(faces.votes)
    reads, known = _reads(turns(landmarks.of_ferplus(data, split)[kept]), split)
    images = faces.images[kept][known]
    side = float(images.shape[1])
    crops = np.stack([crop_square(image, 0.0, 0.0, side) for image in images])
    return ExpressionReads.of(reads, run(crops, runtime), labels[kept][known], calibration)


def _turned_people(data: Path, split: Split, runtime: Runtime, calibration: Calibration) -> PeopleReads:
    people = utkface.load(data, split)
    reads, known = _reads(turns(landmarks.of_utkface(data, people)), split)
    people = people.take(known)
    logits = run(utkface.reframe(people.chips), runtime)
    return read_people(reads, logits, people.ages.astype(np.float64), people.female > 0.5, calibration)
