"""Answers about faces beside the truth and beside the measure of quality that is looked into."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from models_store.training.measure.answers import AgeAnswers, GenderAnswers
from models_store.training.metrics import Array, Bools, Ints
from vision.calibration import Calibration, softmax
from vision.runtimes import Logits


@dataclass(frozen=True)
class Reads:
    """N readings, all fields (N,). `face` says of whom, so that one face's readings stay together in a resample.

    `value` is the measure; `part` tells the splits apart, whose usual errors differ; `changed` the spoilt ones.
    """

    face: Ints
    value: Array
    part: Ints
    changed: Bools

    def take(self, keep: Bools) -> Self:
        """Those where `keep` (N,) is true."""
        return type(self)(**{entry.name: getattr(self, entry.name)[keep] for entry in fields(self)})

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """One after the other."""
        columns: dict[str, Any] = {
            entry.name: np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(cls)
        }
        return cls(**columns)


@dataclass(frozen=True)
class ExpressionReads(Reads):
    """FER+ faces: `right` whether the likeliest class is the majority's, `confidence` its probability."""

    right: Bools
    confidence: Array

    @classmethod
    def of(cls, reads: Reads, logits: Logits, labels: Ints, calibration: Calibration) -> "ExpressionReads":
        """From the network's outputs."""
        p = softmax(logits["emotion"], calibration.emotion_temperature)
        return cls(
            reads.face,
            reads.value,
            reads.part,
            reads.changed,
            np.asarray(p.argmax(axis=1) == labels, dtype=np.bool_),
            np.asarray(p.max(axis=1), dtype=np.float64),
        )


@dataclass(frozen=True)
class PeopleReads(Reads):
    """UTKFace faces: age as in `AgeAnswers`; gender as in `GenderAnswers`."""

    truth: Array
    years: Array
    low: Array
    high: Array
    right: Bools
    confidence: Array
    due: Bools
    too_young: Bools

    @classmethod
    def of(cls, reads: Reads, age: AgeAnswers, gender: GenderAnswers) -> "PeopleReads":
        """From the answers that the calibration gives without looking at the quality."""
        return cls(
            reads.face,
            reads.value,
            reads.part,
            reads.changed,
            age.truth,
            age.years,
            age.low,
            age.high,
            gender.right,
            gender.confidence,
            gender.due,
            gender.too_young,
        )


@dataclass(frozen=True)
class Evidence:
    """What is known of one code."""

    expressions: ExpressionReads
    people: PeopleReads
