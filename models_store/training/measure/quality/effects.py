"""What is done about faces beyond a limit, so that what is promised of a good face holds for them too."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_store.training.measure.quality.limits import LEAST, mean_of
from models_store.training.measure.quality.reads import ExpressionReads, PeopleReads, Reads
from models_store.training.metrics import Array, Bools, Figure
from vision.calibration import Calibration, widened
from vision.quality.rules import MEASURED_BY, Code

WANTED: Final = 0.90
TOLERATED: Final = 0.88
"""Coverage of the age interval: below the second it is widened until it reaches the first."""

FACTORS: Final = tuple(round(1 + 0.05 * step, 2) for step in range(1, 41))

KEPT: Final = 0.01
"""By how much the accuracy of the answers given may lie below that of good faces before more is asked of them."""

STEP: Final = 0.005
NEVER: Final = 1.0
"""The threshold where none would do."""


@dataclass(frozen=True)
class Answers:
    """Answers that may be withheld: `reads` and, (N,), whether right, how confident, whether one is allowed at all."""

    reads: Reads
    right: Bools
    confidence: Array
    allowed: Bools

    def given(self, threshold: float) -> Bools:
        """Which are given."""
        return np.asarray(self.allowed & (self.confidence >= threshold), dtype=np.bool_)


def expressions(shown: ExpressionReads) -> Answers:
    """Every face may get one."""
    return Answers(shown, shown.right, shown.confidence, np.ones(len(shown.face), dtype=np.bool_))


def genders(people: PeopleReads) -> Answers:
    """Not those read as very young."""
    return Answers(people, people.right, people.confidence, ~people.too_young)


def beyond(reads: Reads, code: Code, limit: float) -> Bools:
    """Which readings earn the code."""
    below = MEASURED_BY[code][1] == "below"
    return np.asarray(reads.value < limit if below else reads.value >= limit, dtype=np.bool_)


def inside(people: PeopleReads, factor: float = 1.0) -> Bools:
    """Whether the interval, widened by `factor`, holds the true age, (N,)."""
    factors = np.full(len(people.years), factor)
    low, high = widened(people.years, people.low, people.high, factors)
    return np.asarray((low <= people.truth) & (people.truth <= high), dtype=np.bool_)


def width(people: PeopleReads, factor: float = 1.0) -> Array:
    """Years of the interval widened by `factor`, (N,)."""
    low, high = widened(people.years, people.low, people.high, np.full(len(people.years), factor))
    return high - low


def fit_widening(people: PeopleReads, bad: Bools) -> float | None:
    """The least factor with which the interval holds as often as it says; None where too few faces tell."""
    if np.count_nonzero(bad) < LEAST:
        return None
    some = people.take(bad)
    if inside(some).mean() >= TOLERATED:
        return 1.0
    return next((factor for factor in FACTORS if inside(some, factor).mean() >= WANTED), FACTORS[-1])


def fit_threshold(answers: Answers, bad: Bools, usual: float) -> float | None:
    """The least threshold that keeps the accuracy of the answers given; None where too few faces tell.

    `usual` where it is kept already.
    """
    given = answers.given(usual)
    if np.count_nonzero(bad & given) < LEAST:
        return None
    good = given & ~bad & ~answers.reads.changed
    wanted = answers.right[good].mean() - KEPT
    for threshold in np.arange(usual, NEVER, STEP):
        kept = bad & answers.given(float(threshold))
        if np.count_nonzero(kept) < LEAST:
            break
        if answers.right[kept].mean() >= wanted:
            return round(float(threshold), 3)
    return NEVER


def standing(answers: Answers, who: Bools, threshold: float) -> dict[str, Figure | None]:
    """Accuracy among the answers given, and the share not sure, of the faces `who`."""
    given = answers.given(threshold)
    return {
        "accuracy_when_sure": mean_of(answers.right, answers.reads, who & given),
        "not_sure": mean_of(~given, answers.reads, who),
    }


def thresholds(calibration: Calibration) -> tuple[float, float]:
    """The usual ones of gender and expression."""
    return calibration.gender_threshold, calibration.emotion_threshold
