"""Labelled faces as the network sees them while serving: the inputs of validation, calibration and tests."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from models_store.training.data import ferplus, splits, utkface
from models_store.training.data.twins import fingerprints
from vision.preprocessing import INPUT_SIZE, Batch, crop_square, standardise

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Expressions:
    """FER+ faces under the official filter.

    `images` float32 (N, S, S, 1); `votes` uint8 (N, 10); `labels` int64 (N,) majority class; `twin` bool (N,)
    marks pictures that are also in the train or valid split, pixel for pixel.
    """

    images: Batch
    votes: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    twin: Bools


@dataclass(frozen=True)
class Portraits:
    """UTKFace faces. `images` float32 (N, S, S, 1); `ages` float32 (N,) years; `female` bool (N,)."""

    images: Batch
    ages: npt.NDArray[np.float32]
    female: Bools


def expressions(data: Path, split: Literal["valid", "test"]) -> Expressions:
    """Read a FER+ split. Raises `UserError` when it is missing."""
    faces = ferplus.load(data, split)
    earlier: tuple[ferplus.Split, ...] = ("train",) if split == "valid" else ("train", "valid")
    known = frozenset[bytes]().union(*(_fingerprints(data, other) for other in earlier))
    twin = np.array([digest in known for digest in fingerprints(faces.images)], dtype=np.bool_)
    keep, labels = ferplus.official_labels(faces.votes)
    side = float(faces.images.shape[1])
    crops = np.stack([crop_square(image, 0, 0, side, INPUT_SIZE) for image in faces.images[keep]])
    return Expressions(standardise(crops), faces.votes[keep], labels[keep], twin[keep])


@lru_cache(maxsize=3)
def _fingerprints(data: Path, split: ferplus.Split) -> frozenset[bytes]:
    """Of all pictures of a split, kept: unpacking the training pictures takes seconds and both other splits ask."""
    return frozenset(fingerprints(ferplus.load(data, split).images))


def portraits(data: Path, split: Literal["calibration", "valid", "test"]) -> Portraits:
    """Read a UTKFace split, "calibration" being cut from train. Raises `UserError` when it is missing."""
    faces = splits.utkface_calibration(data) if split == "calibration" else utkface.load(data, split)
    return Portraits(standardise(utkface.reframe(faces.chips)), faces.ages, faces.female > 0.5)
