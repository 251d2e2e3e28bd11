"""What the calibrated network answers, beside the truth: computed once, then measured, drawn and compared."""

from dataclasses import dataclass

import numpy as np

from models_store.training.data.evaluation import Expressions, Portraits
from models_store.training.data.ferplus import vote_distributions
from models_store.training.metrics import Array, Bools, Ints, cross_entropy, one_hot
from vision.calibration import Calibration, softmax
from vision.labels import AGE_BINS, EMOTIONS
from vision.runtimes import Logits


@dataclass(frozen=True)
class EmotionAnswers:
    """FER+ faces: `probabilities` and `votes` (N, 8) shares; `labels`, the majority class, `twin`, `answered` (N,)."""

    probabilities: Array
    votes: Array
    labels: Ints
    twin: Bools
    answered: Bools

    @classmethod
    def of(cls, logits: Logits, faces: Expressions, calibration: Calibration) -> "EmotionAnswers":
        """From the network's outputs for `faces`."""
        p = softmax(logits["emotion"], calibration.emotion_temperature)
        votes = vote_distributions(faces.votes)[0].astype(np.float64)
        return cls(p, votes, faces.labels, faces.twin, p.max(axis=1) >= calibration.emotion_threshold)

    @property
    def predicted(self) -> Ints:
        """The likeliest class (N,), given or not."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.int64)

    @property
    def right(self) -> Bools:
        """Whether that is the majority class, (N,)."""
        return np.asarray(self.predicted == self.labels, dtype=np.bool_)

    @property
    def confidence(self) -> Array:
        """Its probability (N,)."""
        return np.asarray(self.probabilities.max(axis=1), dtype=np.float64)

    @property
    def agreed(self) -> Array:
        """The share of the votes for it (N,)."""
        return np.asarray(self.votes[np.arange(len(self.votes)), self.predicted], dtype=np.float64)

    @property
    def truth(self) -> Array:
        """The majority class as a distribution (N, 8)."""
        return one_hot(self.labels, len(EMOTIONS))


@dataclass(frozen=True)
class AgeAnswers:
    """UTKFace faces: true age, answer and 90 % interval in years, negative log-likelihood in nats; all (N,)."""

    truth: Array
    years: Array
    low: Array
    high: Array
    nll: Array

    @classmethod
    def of(cls, logits: Logits, people: Portraits, calibration: Calibration) -> "AgeAnswers":
        """From the network's outputs for `people`."""
        ages, truth = calibration.ages(logits["age"]), people.ages.astype(np.float64)
        bins = np.minimum(truth, AGE_BINS - 1).astype(np.int64)
        nll = cross_entropy(softmax(logits["age"], calibration.age_temperature), one_hot(bins, AGE_BINS))
        low, high = np.array([age.low for age in ages]), np.array([age.high for age in ages])
        return cls(truth, np.array([age.years for age in ages]), low, high, nll)

    @property
    def error(self) -> Array:
        """Years too old (N,)."""
        return self.years - self.truth

    @property
    def inside(self) -> Bools:
        """Whether the interval holds the true age (N,)."""
        return np.asarray((self.low <= self.truth) & (self.truth <= self.high), dtype=np.bool_)

    @property
    def width(self) -> Array:
        """Of the interval, years (N,)."""
        return self.high - self.low


@dataclass(frozen=True)
class GenderAnswers:
    """UTKFace faces, all (N,): `ages` true years, `female` truth, `probability` of female, `answered` as served.

    `due` marks the faces old enough for the label to mean something, `too_young` those whose predicted age forbids
    an answer.
    """

    ages: Array
    female: Bools
    probability: Array
    answered: Bools
    due: Bools
    too_young: Bools

    @classmethod
    def of(cls, logits: Logits, people: Portraits, calibration: Calibration) -> "GenderAnswers":
        """From the network's outputs for `people`."""
        ages = calibration.ages(logits["age"])
        z = logits["gender"][:, 0].astype(np.float64) / calibration.gender_temperature
        served = calibration.genders(logits["gender"], ages)
        truth = people.ages.astype(np.float64)
        return cls(
            truth,
            people.female,
            1.0 / (1.0 + np.exp(-z)),
            np.array([gender.label is not None for gender in served]),
            truth >= calibration.gender_min_years,
            np.array([age.years < calibration.gender_min_years for age in ages]),
        )

    @property
    def right(self) -> Bools:
        """Whether the likelier gender is the label (N,)."""
        return np.asarray((self.probability >= 0.5) == self.female, dtype=np.bool_)

    @property
    def distribution(self) -> Array:
        """Probabilities of male and female (N, 2)."""
        return np.stack([1 - self.probability, self.probability], axis=1)

    @property
    def confidence(self) -> Array:
        """Probability of the likelier gender (N,)."""
        return np.asarray(self.distribution.max(axis=1), dtype=np.float64)

    @property
    def truth(self) -> Array:
        """The label as a distribution (N, 2)."""
        return one_hot(self.female.astype(np.int64), 2)
