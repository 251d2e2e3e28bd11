"""The same faces read from their chips and from where a detector found them, side by side."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models_store.training.data import evaluation
from models_store.training.data.ferplus import CLASSES
from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from models_store.training.measure.detected import subjects
from models_store.training.measure.detected.finding import Found, find
from models_store.training.measure.detected.placing import sheets
from models_store.training.measure.detected.subjects import Split, Subjects
from models_store.training.metrics import Better, Ints, bootstrap, confusion, macro_f1, mean_figure
from vision.calibration import Calibration
from vision.detectors import Detector
from vision.preprocessing import standardise
from vision.runtimes import Runtime

Pair = dict[str, Any]
"""One figure three times: "chip", "detected" and "difference", detected less chip on the same faces."""


def of_split(
    data: Path, split: Split, detector: Detector, runtime: Runtime, calibration: Calibration, *, aligned: bool = True
) -> dict[str, Any]:
    """The figures of one split by head: share found, and the pairs over the faces found.

    `aligned` says whether landmarks may move the crop. Raises `UserError` when a data set is missing.
    """
    photos = subjects.empty_photos(data, split)
    faces, people = evaluation.expressions(data, split), evaluation.portraits(data, split)
    seen = _found(subjects.of_ferplus(data, split, photos), detector, aligned)
    result = {"emotion": {"found": mean_figure(seen.found, "higher"), **_emotion(faces, seen, runtime, calibration)}}
    seen = _found(subjects.of_utkface(data, split, photos), detector, aligned)
    share = mean_figure(seen.found, "higher")
    age, gender = _people(people, seen, runtime, calibration)
    return {**result, "age": {"found": share, **age}, "gender": {"found": share, **gender}}


def _found(subject: Subjects, detector: Detector, aligned: bool) -> Found:
    laid = sheets(subject.pictures, subject.square, subject.photos)
    return find(laid, len(subject.pictures), detector, aligned=aligned)


def _emotion(faces: evaluation.Expressions, seen: Found, runtime: Runtime, calibration: Calibration) -> dict[str, Pair]:
    rows = seen.found
    shown = evaluation.Expressions(faces.images[rows], faces.votes[rows], faces.labels[rows], faces.twin[rows])
    chip, crop = (
        EmotionAnswers.of(runtime.run(images), shown, calibration)
        for images in (shown.images, standardise(seen.crops[rows]))
    )
    return {
        "accuracy": _pair(chip.right, crop.right, "higher"),
        "macro F1": _f1(chip, crop),
        "accuracy when sure": _alone(chip.right[chip.answered], crop.right[crop.answered], "higher"),
        "not sure": _pair(~chip.answered, ~crop.answered, "lower"),
    }


def _people(
    people: evaluation.Portraits, seen: Found, runtime: Runtime, calibration: Calibration
) -> tuple[dict[str, Pair], dict[str, Pair]]:
    rows = seen.found
    shown = replace(people, images=people.images[rows], ages=people.ages[rows], female=people.female[rows])
    logits = [runtime.run(images) for images in (shown.images, standardise(seen.crops[rows]))]
    old, new = (AgeAnswers.of(told, shown, calibration) for told in logits)
    age = {
        "MAE": _pair(abs(old.error), abs(new.error), "lower"),
        "bias": _pair(old.error, new.error, "neither"),
        "within 5 years": _pair(abs(old.error) <= 5, abs(new.error) <= 5, "higher"),
        "interval coverage": _pair(old.inside, new.inside, "neither"),
        "interval width": _pair(old.width, new.width, "lower"),
    }
    chip, crop = (GenderAnswers.of(told, shown, calibration) for told in logits)
    due = chip.due
    gender = {
        "accuracy, all ages": _pair(chip.right, crop.right, "higher"),
        "accuracy, age 3+": _pair(chip.right[due], crop.right[due], "higher"),
        "accuracy when sure": _alone(chip.right[chip.answered], crop.right[crop.answered], "higher"),
        "not sure": _pair(~chip.answered, ~crop.answered, "lower"),
    }
    return age, gender


def _pair(chip: npt.ArrayLike, detected: npt.ArrayLike, better: Better) -> Pair:
    old, new = np.asarray(chip, dtype=np.float64), np.asarray(detected, dtype=np.float64)
    return {**_alone(old, new, better), "difference": mean_figure(new - old, better)}


def _alone(chip: npt.ArrayLike, detected: npt.ArrayLike, better: Better) -> Pair:
    """Without a difference, where the two are not of the same faces."""
    return {"chip": mean_figure(chip, better), "detected": mean_figure(detected, better)}


def _f1(chip: EmotionAnswers, crop: EmotionAnswers) -> Pair:
    def score(answers: EmotionAnswers) -> Callable[[Ints], float]:
        return lambda rows: macro_f1(confusion(answers.labels[rows], answers.predicted[rows], CLASSES))

    old, new = score(chip), score(crop)
    count = len(chip.labels)
    return {
        "chip": bootstrap(old, count, "higher"),
        "detected": bootstrap(new, count, "higher"),
        "difference": bootstrap(lambda rows: new(rows) - old(rows), count, "higher"),
    }
