"""Recall against false boxes a photo over all thresholds (FROC: Bunch et al. 1978, J. Appl. Photogr. Eng. 4), and how
sure a finite number of photos can be of any figure on it.

Faces of one photo are alike, so whole photos are drawn anew (a cluster bootstrap), and the threshold is sought anew in
each draw.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models_store.training.detection.measure.answers import Answers, Faces
from models_store.training.metrics import Array, Better, Bools, Figure, Ints, interval, resampled_rows

RATE: Final = 0.1
"""False boxes a photo at which recall is compared."""

CURVE_POINTS: Final = 60


@dataclass(frozen=True)
class Draws:
    """`weights` (R + 1, P): how often each photo is in each draw; the first draw is the part itself."""

    weights: Array

    @classmethod
    def of(cls, photos: int) -> "Draws":
        """Always the same draws for so many photos."""
        drawn = np.stack([np.bincount(rows, minlength=photos) for rows in resampled_rows(photos)])
        return cls(np.concatenate([np.ones((1, photos)), drawn]).astype(np.float64))

    def counts(self, photo: Ints) -> Array:
        """Weights (R + 1, N) of things that lie on the photos (N,)."""
        return np.asarray(self.weights[:, photo], np.float64)

    def share(self, faces: Faces, thresholds: Array, kept: Bools | None = None) -> Array:
        """Share (R + 1,) of the faces, or of those `kept`, found from the thresholds (R + 1,) on; nan without faces."""
        some = np.ones(len(faces.hit), np.bool_) if kept is None else kept
        weights = self.counts(faces.photo[some])
        found = (weights * (faces.hit[None, some] >= thresholds[:, None])).sum(axis=1)
        return divided(found, weights.sum(axis=1))


def divided(one: Array, other: Array) -> Array:
    """`one` over `other`, nan where `other` is zero."""
    return np.asarray(np.divide(one, other, out=np.full(one.shape, np.nan), where=other > 0), np.float64)


def figure(draws: Array, count: int, better: Better) -> Figure | None:
    """A statistic (R + 1,) of the part and its draws as a figure over `count` faces or photos; None if undefined."""
    if not count or np.isnan(draws[0]):
        return None
    low, high = interval(draws[1:])
    return Figure(float(draws[0]), low, high, count, better)


def thresholds(answers: Answers, draws: Draws, rate: float = RATE) -> Array:
    """The lowest threshold (R + 1,) of each draw with at most `rate` false boxes a photo; `-inf` where all may stay.

    A score that stands on both sides of the limit is left out altogether.
    """
    false = np.flatnonzero(answers.false)
    false = false[np.argsort(-answers.score[false], kind="stable")]
    scores = answers.score[false]
    # one draw after the other: a network in training tells tens of thousands of doubtful boxes
    first = [  # index of the first one too many
        np.searchsorted(weights[answers.photo[false]].cumsum(), rate * weights.sum() + 1e-9, side="right")
        for weights in draws.weights
    ]
    return np.asarray(np.append(np.nextafter(scores, np.inf), -np.inf)[first], np.float64)


def threshold(answers: Answers) -> float:
    """The threshold of the part itself; `-inf` where all may stay."""
    return float(thresholds(answers, Draws(np.ones((1, len(answers.faceless)))))[0])


def false_rate(answers: Answers, draws: Draws, limits: Array, photos: Bools | None = None) -> Array:
    """False boxes a photo (R + 1,) from the thresholds `limits` (R + 1,) on, over all photos or those given."""
    some = np.ones(len(answers.faceless), np.bool_) if photos is None else photos
    false = answers.false & some[answers.photo]
    photo, score = answers.photo[false], answers.score[false]
    count = [weights[photo[score >= limit]].sum() for weights, limit in zip(draws.weights, limits, strict=True)]
    return divided(np.array(count, np.float64), draws.weights[:, some].sum(axis=1))


def curve(answers: Answers, limit: float) -> dict[str, Any]:
    """At most `CURVE_POINTS` points of the curve, false boxes ascending, and the point that serves from `limit` on."""
    alone = Draws(np.ones((1, len(answers.faceless))))
    count = int(answers.false.sum())
    rates = np.unique(np.round(np.geomspace(1, max(count, 1), CURVE_POINTS))) / len(answers.faceless)
    points = []
    for rate in [0.0, *rates]:
        limits = thresholds(answers, alone, float(rate))
        points.append((false_rate(answers, alone, limits)[0], alone.share(answers.wanted, limits)[0]))
    served = np.array([limit])
    return {
        "false": [float(false) for false, _ in points],
        "recall": [float(recall) for _, recall in points],
        "served": {
            "false": float(false_rate(answers, alone, served)[0]),
            "recall": float(alone.share(answers.wanted, served)[0]),
        },
    }
