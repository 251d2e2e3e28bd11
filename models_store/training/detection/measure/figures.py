"""Which figures of a detector are published."""

from typing import Final

import numpy as np

from models_store.training.detection.measure.answers import Answers, Faces
from models_store.training.detection.measure.froc import RATE, Draws, divided, false_rate, figure, thresholds
from models_store.training.detection.measure.matching import LEAST_HEIGHT, SMALL_HEIGHT
from models_store.training.metrics import Array, Bools, Figure

Figures = dict[str, Figure]
Draft = dict[str, Figure | None]

AT: Final = f"at {RATE:g} false boxes a photo"
BANDS: Final = {"32-48": (LEAST_HEIGHT, 48.0), "48-96": (48.0, 96.0), "96+": (96.0, float("inf"))}
"""Heights of demanded faces in pixels, the upper end excluded."""

LANDMARKS: Final = ("right eye", "left eye", "nose", "right mouth corner", "left mouth corner")
"""In the order of `scenes.POINTS`."""

TURNED: Final = 0.25
"""Eyes nearer to each other than this share of the face's size show a face turned far to the side."""


def figures(answers: Answers, shipped: float) -> Figures:
    """All figures of one part; `shipped` is the least score that serves. What nothing was measured for is left out."""
    draws = Draws.of(len(answers.faceless))
    at, served = thresholds(answers, draws), np.full(len(draws.weights), shipped)
    draft = {
        **_main(answers, draws, at, served),
        **_recalls(answers, draws, at),
        **_landmarks(answers, draws, at),
    }
    return {name: value for name, value in draft.items() if value is not None}


def _main(answers: Answers, draws: Draws, at: Array, served: Array) -> Draft:
    faceless, photos = answers.faceless, len(answers.faceless)
    bare = int(faceless.sum())
    return {
        f"recall {AT}": _found(answers.wanted, draws, at),
        f"recall of hand-drawn boxes {AT}": _found(answers.drawn, draws, at),
        f"false boxes on photos without faces {AT}": figure(false_rate(answers, draws, at, faceless), bare, "lower"),
        "recall as shipped": _found(answers.wanted, draws, served),
        "recall of hand-drawn boxes as shipped": _found(answers.drawn, draws, served),
        "false boxes a photo as shipped": figure(false_rate(answers, draws, served), photos, "lower"),
        "false boxes on photos without faces as shipped": figure(
            false_rate(answers, draws, served, faceless), bare, "lower"
        ),
    }


def _found(faces: Faces, draws: Draws, limits: Array, kept: Bools | None = None) -> Figure | None:
    count = len(faces.hit) if kept is None else int(kept.sum())
    return figure(draws.share(faces, limits, kept), count, "higher")


def _recalls(answers: Answers, draws: Draws, at: Array) -> Draft:
    """By size, mask and source, at the same point."""
    height, wanted = answers.wanted.height, answers.wanted
    rows: Draft = {f"recall, height {SMALL_HEIGHT:g}-{LEAST_HEIGHT:g}": _found(answers.small, draws, at)}
    for name, (low, high) in BANDS.items():
        rows[f"recall, height {name}"] = _found(wanted, draws, at, (height >= low) & (height < high))
    rows["recall of hand-drawn boxes, with a mask"] = _found(answers.drawn, draws, at, answers.masked)
    rows["recall of hand-drawn boxes, without a mask"] = _found(answers.drawn, draws, at, ~answers.masked)
    sources = np.array(answers.source)
    for source in sorted(set(answers.source)):
        rows[f"recall, photos of {source}"] = _found(wanted, draws, at, sources[wanted.photo] == source)
    return rows


def _landmarks(answers: Answers, draws: Draws, at: Array) -> Draft:
    """Errors of the faces found at the point, in shares of the eyes' distance, and once of the face's size."""
    shares = answers.points / answers.eyes[:, None]
    height, facing = answers.wanted.height, answers.eyes >= TURNED * answers.side
    rows: Draft = {
        "landmark error": _error(answers, shares.mean(axis=1), draws, at),
        "landmark error, not turned far": _error(answers, shares.mean(axis=1), draws, at, facing),
        "landmark error in shares of the face's size": _error(
            answers, answers.points.mean(axis=1) / answers.side, draws, at
        ),
    }
    for name, (low, high) in BANDS.items():
        band = (height >= low) & (height < high)
        rows[f"landmark error, height {name}"] = _error(answers, shares.mean(axis=1), draws, at, band)
    for name, column in zip(LANDMARKS, shares.T, strict=True):
        rows[f"landmark error of the {name}"] = _error(answers, column, draws, at)
    return rows


def _error(answers: Answers, errors: Array, draws: Draws, at: Array, kept: Bools | None = None) -> Figure | None:
    """The mean of `errors` (N,) over the faces found from the thresholds on; nan where a detector tells no points."""
    some = ~np.isnan(errors) if kept is None else kept & ~np.isnan(errors)
    if not some.any():
        return None
    found = answers.wanted.hit[None, some] >= at[:, None]
    weights = draws.counts(answers.wanted.photo[some]) * found
    return figure(divided((weights * errors[some]).sum(axis=1), weights.sum(axis=1)), int(found[0].sum()), "lower")
