"""UTKFace: aligned colour chips whose file names carry age and gender (Zhang et al. 2017; non-commercial research).

The names carry a race label too. `races` reads it for the two tables of groups (fairness, quality) and for nothing
else: it is neither an input nor an output of anything trained, and `load` does not return it.
"""

import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.errors import UserError
from vision.preprocessing import INPUT_SIZE, crop_square

Split = Literal["train", "valid", "test"]

RACES: Final = ("White", "Black", "Asian", "Indian", "Other")
"""The data set's own words for its labels 0 to 4."""

LEFT: Final = -0.025
TOP: Final = -0.11
SIDE: Final = 1.04
"""The canonical square in a chip, as shares of the chip's width: the median Haar box over 293 chips. It puts the
eyes where FER+ has them. One square for all chips: their landmarks spread by only 0.02 of the side."""


@dataclass(frozen=True)
class UtkFace:
    """One split. `chips` uint8 (N, W, W) grey; `ages` float32 (N,) years; `female` float32 (N,), 1 or 0."""

    names: tuple[str, ...]
    chips: npt.NDArray[np.uint8]
    ages: npt.NDArray[np.float32]
    female: npt.NDArray[np.float32]

    def take(self, keep: npt.NDArray[np.bool_]) -> "UtkFace":
        """The rows where `keep`, bool (N,), is true."""
        names = tuple(name for name, kept in zip(self.names, keep, strict=True) if kept)
        return UtkFace(names, self.chips[keep], self.ages[keep], self.female[keep])


def parse_name(name: str) -> tuple[int, int]:
    """Age in years and gender (1 female) from `age_gender_race_date...`. Raises `ValueError` on another form."""
    age, gender, _ = name.split("_", 2)
    if gender not in {"0", "1"}:
        raise ValueError(f"no gender in {name}")
    return int(age), int(gender)


def _archive(data: Path, split: Split) -> Path:
    path = data / "utkface" / f"{split}.tar"
    if not path.is_file():
        raise UserError(f"UTKFace needs {path}, which does not exist")
    return path


def load(data: Path, split: Split) -> UtkFace:
    """Read one split, sorted by name. Raises `UserError` when the archive is missing."""
    path = _archive(data, split)
    rows: list[tuple[str, npt.NDArray[np.uint8]]] = []
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                encoded = np.frombuffer(stream.read(), dtype=np.uint8)
                chip = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)
                rows.append((Path(member.name).name, np.asarray(chip, dtype=np.uint8)))
    rows.sort(key=lambda row: row[0])
    labels = np.array([parse_name(name) for name, _ in rows], dtype=np.float32)
    chips = np.stack([chip for _, chip in rows])
    return UtkFace(tuple(name for name, _ in rows), chips, labels[:, 0], labels[:, 1])


def races(data: Path, split: Split) -> tuple[str | None, ...]:
    """The race label of each face, in the order of `load`; None for the few names without one.

    For the tables of groups alone.

    Raises `UserError` when the archive is missing.
    """
    with tarfile.open(_archive(data, split)) as archive:
        names = sorted(Path(member.name).name for member in archive if member.isfile())
    return tuple(_race(name) for name in names)


def _race(name: str) -> str | None:
    parts = name.split("_")
    return RACES[int(parts[2])] if len(parts) > 3 and parts[2] in {"0", "1", "2", "3", "4"} else None


def reframe(chips: npt.NDArray[np.uint8], margin: float = 0.0, size: int = INPUT_SIZE) -> npt.NDArray[np.uint8]:
    """Chips (N, W, W) to canonical crops (N, size, size).

    With `margin` the square grows by that share of its side on each of the four sides, so that augmentation
    can shift without running out of picture.
    """
    width = chips.shape[1]
    side = SIDE * width
    left, top = LEFT * width - margin * side, TOP * width - margin * side
    return np.stack([crop_square(chip, left, top, side * (1 + 2 * margin), size) for chip in chips])
