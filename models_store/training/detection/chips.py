"""Single faces to put into pictures: UTKFace's coloured chips and FER+'s grey ones, with their landmarks."""

import csv
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.data import ferplus, splits
from models_store.training.data.twins import has_twin
from models_store.training.detection.faces import centred
from models_store.training.detection.scenes import POINTS
from models_store.training.errors import UserError

Floats = npt.NDArray[np.float32]
ImageU8 = npt.NDArray[np.uint8]

SURE: Final = 0.8
"""Score of the strong detector from which a chip's box and points are used."""


@dataclass(frozen=True)
class Chip:
    """One face. `rgb` uint8 (W, W, 3); `box` float32 (4,) as centre x, centre y, width, height; `points` float32
    (5, 2); all in pixels of the chip."""

    rgb: ImageU8
    box: Floats
    points: Floats


def utkface_chips(data: Path) -> list[Chip]:
    """UTKFace's training faces in colour, without those held for calibration. Raises `UserError` without the files."""
    places = _places(data / "utkface" / "landmarks.csv")
    chips = []
    with tarfile.open(data / "utkface" / "train.tar") as archive:
        for member in archive:
            name, stream = Path(member.name).name, archive.extractfile(member)
            if stream is None or name not in places or splits.held_for_calibration(name):
                continue
            rgb = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_COLOR_RGB)
            chips.append(Chip(np.asarray(rgb, np.uint8), *places[name]))
    return chips


def ferplus_chips(data: Path) -> list[Chip]:
    """FER+'s training faces without the pixel twins of valid and test. Raises `UserError` without the files."""
    train, valid, test = (ferplus.load(data, split) for split in ("train", "valid", "test"))
    twin = has_twin(train.images, valid.images, test.images)
    places = _places(data / "ferplus" / "train_landmarks.csv")
    with np.load(data / "ferplus" / "train_labels.npz") as labels:
        names = [str(name) for name in labels["names"]]
    rows = [row for row, name in enumerate(names) if name in places and not twin[row]]
    return [Chip(np.repeat(train.images[row][..., None], 3, axis=2), *places[names[row]]) for row in rows]


def _places(path: Path) -> dict[str, tuple[Floats, Floats]]:
    """Box and points by name, of the faces whose score is `SURE`."""
    if not path.is_file():
        raise UserError(f"the chips need {path}, which does not exist")
    with path.open(newline="", encoding="utf-8") as stream:
        return dict(_sure(csv.DictReader(stream)))


def _sure(rows: "csv.DictReader[str]") -> Iterator[tuple[str, tuple[Floats, Floats]]]:
    for row in rows:
        if float(row["score"]) >= SURE:
            box = np.array([[float(row[key]) for key in "xywh"]], np.float32)
            points = [[float(row[f"{point}_{axis}"]) for axis in "xy"] for point in POINTS]
            yield row["name"], (centred(box)[0], np.array(points, np.float32))
