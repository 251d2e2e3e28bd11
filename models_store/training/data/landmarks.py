"""The five points that a strong detector found in the faces of UTKFace and FER+, in pixels of their pictures."""

import csv
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models_store.training.data import utkface
from models_store.training.errors import UserError

Split = Literal["train", "valid", "test"]
Floats = npt.NDArray[np.float64]

POINTS: Final = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")
"""The order of `vision.types.Points`; right and left are the person's."""


def of_ferplus(data: Path, split: Split) -> Floats:
    """Points float64 (N, 5, 2) of all faces of a FER+ split, in its order; nan where the detector found no face.

    Raises `UserError` when a file is missing.
    """
    labels = data / "ferplus" / f"{split}_labels.npz"
    if not labels.is_file():
        raise UserError(f"FER+ needs {labels}, which does not exist")
    with np.load(labels) as table:
        names = [str(name) for name in table["names"]]
    return _ordered(data / "ferplus" / f"{split}_landmarks.csv", names)


def of_utkface(data: Path, faces: utkface.UtkFace) -> Floats:
    """Points float64 (N, 5, 2) of `faces`, nan where the detector found none. Raises `UserError` without the file."""
    return _ordered(data / "utkface" / "landmarks.csv", list(faces.names))


def known(points: Floats) -> npt.NDArray[np.bool_]:
    """Which faces (N,) have points."""
    return np.asarray(~np.isnan(points).any(axis=(1, 2)), dtype=np.bool_)


def _ordered(path: Path, names: list[str]) -> Floats:
    if not path.is_file():
        raise UserError(f"the landmarks need {path}, which does not exist")
    columns = [f"{point}_{axis}" for point in POINTS for axis in "xy"]
    with path.open(newline="", encoding="utf-8") as stream:
        found = {row["name"]: [float(row[column]) for column in columns] for row in csv.DictReader(stream)}
    table = [found.get(name, [np.nan] * len(columns)) for name in names]
    return np.array(table, dtype=np.float64).reshape(-1, len(POINTS), 2)
