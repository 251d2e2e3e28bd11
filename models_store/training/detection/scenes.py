"""Whole photographs with the faces in them, and without any: `shared/data/scenes`.

Boxes and points come from a strong detector with its score, boxes in the photos of people with masks from people too.
"""

import csv
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.errors import UserError

Part = Literal["train", "valid", "test"]
Floats = npt.NDArray[np.float32]
ImageU8 = npt.NDArray[np.uint8]

VALID_SHARE: Final = 0.15
"""Share of the training photos that choose: the working size, the threshold, the epoch."""

POINTS: Final = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")


@dataclass(frozen=True)
class Scene:
    """One photo, `kind` "faces" or "no faces".

    `rgb` uint8 (H, W, 3); `boxes` float32 (N, 4) as x, y, width, height in pixels; `points` float32 (N, 5, 2) in the
    order of `POINTS`; `scores` float32 (N,) of the detector that made them; `human` float32 (M, 4) boxes drawn by
    people and `masks` bool (M,), whether that face wears a mask, well or badly.
    """

    name: str
    kind: str
    source: str
    rgb: ImageU8
    boxes: Floats
    points: Floats
    scores: Floats
    human: Floats
    masks: npt.NDArray[np.bool_]


def held_for_validation(name: str) -> bool:
    """Whether a training photo belongs to the validation part: a fixed hash of its name decides."""
    digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return digest < VALID_SHARE * 2**64


def read_scenes(data: Path, part: Part) -> list[Scene]:
    """The photos of one part, sorted by name. Raises `UserError` when a file is missing."""
    folder = data / "scenes"
    archive = "test" if part == "test" else "train"
    for name in (f"{archive}.tar", "boxes.csv", "human_boxes.csv", "sources.csv"):
        if not (folder / name).is_file():
            raise UserError(f"the scenes need {folder / name}, which does not exist")
    found, drawn = _rows(folder / "boxes.csv"), _rows(folder / "human_boxes.csv")
    sources = {name: rows[0] for name, rows in _rows(folder / "sources.csv").items()}
    scenes = []
    with tarfile.open(folder / f"{archive}.tar") as photos:
        for member in photos:
            name, stream = Path(member.name).name, photos.extractfile(member)
            if stream is None or (archive == "train" and held_for_validation(name) != (part == "valid")):
                continue
            rgb = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_COLOR_RGB)
            scenes.append(_scene(sources[name], np.asarray(rgb, np.uint8), found[name], drawn[name]))
    return sorted(scenes, key=lambda scene: scene.name)


def _rows(path: Path) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            rows[row["name"]].append(row)
    return rows


def _scene(about: dict[str, str], rgb: ImageU8, found: list[dict[str, str]], drawn: list[dict[str, str]]) -> Scene:
    columns = [f"{point}_{axis}" for point in POINTS for axis in "xy"]
    return Scene(
        name=about["name"],
        kind=about["kind"],
        source=about["repository"],
        rgb=rgb,
        boxes=_numbers(found, ["x", "y", "w", "h"]),
        points=_numbers(found, columns).reshape(-1, 5, 2),
        scores=_numbers(found, ["score"])[:, 0],
        human=_numbers(drawn, ["x", "y", "w", "h"]),
        masks=np.array([row["mask"] != "no" for row in drawn], np.bool_),
    )


def _numbers(rows: list[dict[str, str]], columns: Sequence[str]) -> Floats:
    table = [[float(row[column]) for column in columns] for row in rows]
    return np.array(table, np.float32).reshape(len(rows), len(columns))
