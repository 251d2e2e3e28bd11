"""Batches that are a pure function of the step, so that a resumed run sees what an unbroken one would have."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.ahead import made_ahead
from models_store.training.augment import degrade, draw, warp
from models_store.training.config import PhaseConfig, RunConfig
from models_store.training.data import ferplus, splits, utkface
from vision.labels import EMOTIONS
from vision.preprocessing import INPUT_SIZE, standardise

Floats = npt.NDArray[np.float32]
Batch = dict[str, Floats]
"""`image` (N, S, S, 1) standardised; `votes` (N, 8); `years`, `female` (N,); `emotion_weight`, `age_weight`,
`gender_weight` (N,), 0 where a row has no such label."""

MARGIN: Final = 0.1
CANVAS: Final = round(INPUT_SIZE * (1 + 2 * MARGIN))


@dataclass(frozen=True)
class Domain:
    """Faces of one data set: `canvases` uint8 (N, C, C) showing the face with `margin`; labels as in `Batch`."""

    canvases: npt.NDArray[np.uint8]
    margin: float
    low_resolution: float
    labels: Batch


def ferplus_domain(faces: ferplus.FerPlus, config: RunConfig) -> Domain:
    """FER+ as it is: its pictures are the canonical crop. It carries no age and no gender."""
    votes, weights = ferplus.vote_distributions(faces.votes)
    none = np.zeros_like(weights)
    labels = {"votes": votes, "emotion_weight": weights, "years": none, "female": none}
    labels |= {"age_weight": none, "gender_weight": none}
    return Domain(faces.images, 0.0, config.augment.low_resolution_ferplus, labels)


def utkface_domain(faces: utkface.UtkFace, config: RunConfig) -> Domain:
    """UTKFace re-framed to the canonical crop. It carries no emotion; infants carry no gender."""
    none = np.zeros_like(faces.ages)
    labels = {
        "votes": np.full((len(none), len(EMOTIONS)), 1 / len(EMOTIONS), np.float32),
        "emotion_weight": none,
        "years": faces.ages,
        "female": faces.female,
        "age_weight": age_weights(faces.ages, config.loss.age_balance),
        "gender_weight": (faces.ages >= config.loss.gender_min_years).astype(np.float32),
    }
    canvases = utkface.reframe(faces.chips, MARGIN, CANVAS)
    return Domain(canvases, MARGIN, config.augment.low_resolution_utkface, labels)


def age_weights(ages: Floats, power: float) -> Floats:
    """Weights (N,) with mean 1: frequency of the age's decade to the -`power`, clipped to 0.5..3.

    Half of UTKFace is between 20 and 40; unweighted, the old would be drawn towards them.
    """
    decade = np.minimum(ages // 10, 9).astype(np.int64)
    frequency = np.bincount(decade, minlength=10)[decade] / len(ages)
    weights = frequency**-power
    weights = np.clip(weights / weights.mean(), 0.5, 3.0)
    return np.asarray(weights / weights.mean(), dtype=np.float32)


@lru_cache(maxsize=8)
def _order(seed: int, domain: int, turn: int, count: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng([seed, domain, turn]).permutation(count)


def rows_at(start: int, size: int, count: int, seed: int, domain: int) -> npt.NDArray[np.int64]:
    """Indices (size,) after `start` faces have been shown: every row once a turn, each turn in a new order."""
    places = range(start, start + size)
    return np.array([_order(seed, domain, at // count, count)[at % count] for at in places])


@dataclass(frozen=True)
class BatchSource:
    """Both data sets, mixed in every batch so that batch statistics do not belong to one of them."""

    domains: tuple[Domain, Domain]
    config: RunConfig

    def phase_at(self, step: int) -> PhaseConfig:
        """The phase of a step."""
        return self.config.phase_at(step // self.config.schedule.steps_per_epoch)

    def shown(self, step: int) -> tuple[int, int]:
        """How many faces of each domain were shown before a step."""
        config = self.config
        starts = [phase.from_epoch * config.schedule.steps_per_epoch for phase in config.phases]
        spans = [max(min(step, end) - start, 0) for start, end in zip(starts, [*starts[1:], step], strict=True)]
        ferplus = sum(span * phase.batch_ferplus for span, phase in zip(spans, config.phases, strict=True))
        utkface = sum(span * phase.batch_utkface for span, phase in zip(spans, config.phases, strict=True))
        return ferplus, utkface

    def batch(self, step: int) -> Batch:
        """The batch of a step, always the same one."""
        phase, seed = self.phase_at(step), self.config.seed
        size = phase.size
        parts: list[Batch] = []
        for number, count in enumerate((phase.batch_ferplus, phase.batch_utkface)):
            domain = self.domains[number]
            rows = rows_at(self.shown(step)[number], count, len(domain.canvases), seed, number)
            rng = np.random.default_rng([seed, step, number])
            draws = draw(rng, count, self.config.augment)
            images = np.empty((count, size, size), np.uint8)
            for at, row in enumerate(rows):
                face = warp(domain.canvases[row], draws.maps[at], domain.margin, size)
                face = np.asarray(cv2.LUT(face, draws.tones[at]), np.uint8)
                images[at] = degrade(face, draws.dice[at], self.config.augment, domain.low_resolution)
            labels = {name: values[rows] for name, values in domain.labels.items()}
            parts.append({"image": standardise(images), **labels})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def stream(self, start: int, stop: int) -> Iterator[Batch]:
        """Batches `start` to `stop` - 1 in order, made ahead on one background thread."""
        return made_ahead(self.batch, start, stop)


def training_source(data: Path, config: RunConfig) -> BatchSource:
    """Read both training sets. Raises `UserError` when one is missing."""
    return BatchSource(
        (
            ferplus_domain(splits.ferplus_train(data), config),
            utkface_domain(splits.utkface_train(data), config),
        ),
        config,
    )
