"""The numbers behind the pictures, from the answers on the test splits; see `record` for their form in the file."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models_store.training.data.ferplus import CLASSES
from models_store.training.measure.age_groups import BANDS, DECADES, within
from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from models_store.training.measure.selective import curves
from models_store.training.metrics import Array, Figure, confusion, mean_figure, wilson
from vision.labels import EMOTIONS


def reliability(confidence: Array, truth: npt.ArrayLike, bins: int = 15) -> list[dict[str, float | int]]:
    """What was claimed and what came true in bins of equally many faces, ascending confidence.

    A reliability diagram (Niculescu-Mizil & Caruana 2005) over the bins of `metrics.calibration_error`; `truth` (N,)
    is 0/1 or a share of votes. Wilson's interval treats a share of votes as so many whole faces.
    """
    order = np.argsort(confidence, kind="stable")
    claimed = np.array_split(confidence[order], bins)
    came_true = np.array_split(np.asarray(truth, dtype=np.float64)[order], bins)
    rows: list[dict[str, float | int]] = []
    for said, found in zip(claimed, came_true, strict=True):
        if len(said):
            right, count = float(found.mean()), len(said)
            low, high = wilson(right, count)
            rows.append({"confidence": float(said.mean()), "right": right, "low": low, "high": high, "n": count})
    return rows


def age_groups(answers: AgeAnswers) -> list[dict[str, str | int | Figure]]:
    """Error and interval by age band."""
    rows: list[dict[str, str | int | Figure]] = []
    for name, group in BANDS.items():
        inside = within(answers.truth, group)
        if inside.any():
            figures = {
                "mae": mean_figure(abs(answers.error[inside]), "lower"),
                "bias": mean_figure(answers.error[inside], "neither"),
            }
            rows.append({"band": name, "n": int(inside.sum()), **figures, **_interval(answers, inside)})
    return rows


def age_decades(answers: AgeAnswers) -> list[dict[str, str | int | Figure]]:
    """The age interval by decade of true age; decades without a face are left out."""
    masks = {name: within(answers.truth, group) for name, group in DECADES.items()}
    return [
        {"decade": name, "n": int(mask.sum()), **_interval(answers, mask)} for name, mask in masks.items() if mask.any()
    ]


def _interval(answers: AgeAnswers, rows: npt.NDArray[np.bool_]) -> dict[str, Figure]:
    return {
        "coverage": mean_figure(answers.inside[rows], "neither"),
        "width": mean_figure(answers.width[rows], "lower"),
    }


def plots(emotion: EmotionAnswers, age: AgeAnswers, gender: GenderAnswers) -> dict[str, Any]:
    """All of them but the tolerance curves. Gender is checked on the faces whose label means something."""
    due = gender.due
    return {
        "confusion": {
            "labels": list(EMOTIONS),
            "counts": confusion(emotion.labels, emotion.predicted, CLASSES).tolist(),
        },
        "reliability": {
            "emotion": reliability(emotion.confidence, emotion.right),
            "emotion_votes": reliability(emotion.confidence, emotion.agreed),
            "gender": reliability(gender.confidence[due], gender.right[due]),
        },
        "risk_coverage": curves(emotion, age, gender),
        "age_error": age_groups(age),
        "age_decades": age_decades(age),
    }
