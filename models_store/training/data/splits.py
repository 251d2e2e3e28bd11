"""Who may be learnt from, chosen by, calibrated on and tested with."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models_store.training.data import ferplus, utkface
from models_store.training.data.twins import has_twin

CALIBRATION_SHARE: Final = 0.068
"""Share of the UTKFace training names held out for calibration: about 1,200 faces."""


def held_for_calibration(name: str) -> bool:
    """Whether a UTKFace training face belongs to the calibration set: a fixed hash of its name decides."""
    digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return digest < CALIBRATION_SHARE * 2**64


def _calibration_mask(faces: utkface.UtkFace) -> npt.NDArray[np.bool_]:
    return np.array([held_for_calibration(name) for name in faces.names], dtype=np.bool_)


def ferplus_train(data: Path) -> ferplus.FerPlus:
    """FER+ train without the pixel twins of valid and test, and without rows where nobody named an emotion."""
    train, valid, test = (ferplus.load(data, split) for split in ("train", "valid", "test"))
    _, weights = ferplus.vote_distributions(train.votes)
    return train.take(~has_twin(train.images, valid.images, test.images) & (weights > 0))


def utkface_train(data: Path) -> utkface.UtkFace:
    """UTKFace train without the calibration faces."""
    faces = utkface.load(data, "train")
    return faces.take(~_calibration_mask(faces))


def utkface_calibration(data: Path) -> utkface.UtkFace:
    """The faces of UTKFace train that calibration alone may see."""
    faces = utkface.load(data, "train")
    return faces.take(_calibration_mask(faces))
