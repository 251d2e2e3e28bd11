"""What "not sure" buys: the error among the answers kept, by the share of answers kept.

Risk-coverage curves after El-Yaniv & Wiener 2010 (JMLR 11), the area under them after Geifman, Uziel & El-Yaniv 2019
(arXiv 1805.08206). A loss is 0 or 1 for a wrong label, years for an age.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from models_store.training.metrics import Array, Bools, Figure, Ints, bootstrap

POINTS: Final = 40


def risks(confidence: Array, loss: npt.ArrayLike) -> Array:
    """Mean loss (N,) of the 1, 2, ... N most confident.

    Equal confidences cannot be told apart, so each carries the mean loss of its equals: what any order gives on
    average.
    """
    order = np.argsort(-confidence, kind="stable")
    _, equals = np.unique(confidence[order], return_inverse=True)
    sorted_loss = np.asarray(loss, dtype=np.float64)[order]
    shared = (np.bincount(equals, sorted_loss) / np.bincount(equals))[equals]
    return np.asarray(np.cumsum(shared) / np.arange(1, len(shared) + 1), dtype=np.float64)


def area(confidence: Array, loss: npt.ArrayLike) -> Figure:
    """AURC, the mean of `risks` over all shares kept; the smaller, the better errors are foreseen."""
    losses = np.asarray(loss, dtype=np.float64)

    def statistic(rows: Ints) -> float:
        return float(risks(confidence[rows], losses[rows]).mean())

    return bootstrap(statistic, len(losses), "lower")


def curve(confidence: Array, loss: npt.ArrayLike, answered: Bools | None = None) -> dict[str, Any]:
    """At most `POINTS` points of the risk-coverage curve, and the point served when it is known who is answered."""
    losses = np.asarray(loss, dtype=np.float64)
    count = len(losses)
    kept = np.unique(np.ceil(np.arange(1, POINTS + 1) * count / POINTS).astype(np.int64))
    risk = risks(confidence, losses)[kept - 1]
    served = None
    if answered is not None and answered.any():
        served = {"coverage": float(answered.mean()), "risk": float(losses[answered].mean())}
    return {"coverage": (kept / count).tolist(), "risk": risk.tolist(), "served": served}


def gender_rank(answers: GenderAnswers) -> Array:
    """Confidence as served (N,): faces read as too young for an answer come after all others."""
    return answers.confidence - answers.too_young


def curves(emotion: EmotionAnswers, age: AgeAnswers, gender: GenderAnswers) -> dict[str, Any]:
    """The three curves; ages are ranked by the width of their interval and are always given."""
    return {
        "emotion": curve(emotion.confidence, ~emotion.right, emotion.answered),
        "gender": curve(gender_rank(gender), ~gender.right, gender.answered),
        "age": curve(-age.width, abs(age.error)),
    }
