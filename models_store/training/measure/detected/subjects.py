"""The labelled faces of a split as pictures to lay into photos, and the photos."""

import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from models_store.training.data import ferplus, utkface
from models_store.training.detection.scenes import read_scenes
from models_store.training.measure.detected.finding import in_colour
from vision.alignment import Square
from vision.preprocessing import ImageU8, to_grey

Split = Literal["valid", "test"]


@dataclass(frozen=True)
class Subjects:
    """Pictures uint8 (N, W, W, 3) with their canonical `square`, and the photos without faces that they go into."""

    pictures: ImageU8
    square: Square
    photos: list[ImageU8]


def empty_photos(data: Path, split: Split) -> list[ImageU8]:
    """Photos of the split on which neither the strong detector nor a person saw a face."""
    scenes = read_scenes(data, split)
    return [scene.rgb for scene in scenes if scene.kind == "no faces" and not len(scene.boxes) and not len(scene.human)]


def of_ferplus(data: Path, split: Split, photos: list[ImageU8]) -> Subjects:
    """FER+ pictures under the official filter, in the order of `evaluation.expressions`."""
    faces = ferplus.load(data, split)
    keep, _ = ferplus.official_labels(faces.votes)
    side = float(faces.images.shape[1])
    grey = [in_colour(to_grey(photo)) for photo in photos]
    return Subjects(in_colour(faces.images[keep]), Square(side / 2, side / 2, side), grey)


def of_utkface(data: Path, split: Split, photos: list[ImageU8]) -> Subjects:
    """UTKFace chips in colour, in the order of `evaluation.portraits`."""
    chips: list[tuple[str, ImageU8]] = []
    with tarfile.open(data / "utkface" / f"{split}.tar") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                rgb = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_COLOR_RGB)
                chips.append((Path(member.name).name, np.asarray(rgb, np.uint8)))
    pictures = np.stack([chip for _, chip in sorted(chips, key=lambda chip: chip[0])])
    width = pictures.shape[1]
    side = utkface.SIDE * width
    return Subjects(pictures, Square(utkface.LEFT * width + side / 2, utkface.TOP * width + side / 2, side), photos)
