"""Faces as the first look will hand them over: roughly centred, roughly upright, sometimes of poor quality."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models_store.training.augment import degrade, tones
from models_store.training.config import AugmentConfig
from models_store.training.detection import faces as faces_of
from models_store.training.detection.chips import Chip, ferplus_chips, utkface_chips
from models_store.training.detection.faces import MIRRORED
from models_store.training.detection.scenes import Scene, read_scenes
from vision.detectors.upright import SIDE, lean, upright, upright_map
from vision.preprocessing import ImageU8, standardise, to_grey

Floats = npt.NDArray[np.float32]
Random = np.random.Generator

SURE: Final = 0.7
SMALLEST: Final = 18
"""Pixels of a face in a photo below which its points are guesses."""
CUT_ROOM: Final = 1.8
"""Sizes of the face that are kept around it: what shifts, turns and shrinks can reach."""


@dataclass(frozen=True)
class Known:
    """One face: `grey` uint8 (H, W), `box` float32 (4,) as centre and size, `points` float32 (5, 2), in its pixels."""

    grey: ImageU8
    box: Floats
    points: Floats


def of_scenes(scenes: Sequence[Scene]) -> list[Known]:
    """The surely found faces of photos, each cut out with room around it."""
    known = []
    for scene in scenes:
        grey = to_grey(scene.rgb)
        boxes = faces_of.centred(scene.boxes)
        for box, points, score in zip(boxes, scene.points, scene.scores, strict=True):
            size = float(np.sqrt(box[2] * box[3]))
            if score < SURE or size < SMALLEST:
                continue
            half = CUT_ROOM * size
            low = np.maximum(np.floor(box[:2] - half), 0).astype(int)
            high = np.ceil(box[:2] + half).astype(int)
            moved = np.concatenate([box[:2] - low, box[2:]]).astype(np.float32)
            known.append(
                Known(grey[low[1] : high[1], low[0] : high[0]].copy(), moved, (points - low).astype(np.float32))
            )
    return known


def of_chips(chips: Sequence[Chip]) -> list[Known]:
    """Chips as they are."""
    return [Known(to_grey(chip.rgb), chip.box, chip.points) for chip in chips]


@dataclass(frozen=True)
class PointSource:
    """Known faces by origin, and how many of each are in a batch."""

    origins: tuple[tuple[tuple[Known, ...], int], ...]
    augment: AugmentConfig
    seed: int

    def batch(self, step: int) -> tuple[Floats, Floats]:
        """Squares float32 (N, SIDE, SIDE, 1), standardised, and points (N, 10) in shares of the square; of a step
        always the same."""
        rng = np.random.default_rng([self.seed, step])
        faces = [known[rng.integers(len(known))] for known, count in self.origins for _ in range(count)]
        made = [disturbed(face, rng) for face in faces]
        look_up = tones(rng, len(made), self.augment)
        squares = [
            degrade(look_up[row][square], rng.random(10), self.augment, self.augment.low_resolution_utkface)
            for row, (square, _) in enumerate(made)
        ]
        return standardise(np.stack(squares)), np.stack([points for _, points in made])


def disturbed(face: Known, rng: Random) -> tuple[ImageU8, Floats]:
    """The square around a face as an imprecise first look would cut it, and its points (10,)."""
    size = float(np.sqrt(face.box[2] * face.box[3]) * np.exp(np.clip(rng.normal(0, 0.08), -0.25, 0.25)))
    centre = face.box[:2] + np.clip(rng.normal(0, 0.04, 2), -0.12, 0.12) * size
    angle = lean(face.points) + float(np.clip(rng.normal(0, 0.12), -0.5, 0.5))
    matrix = upright_map(centre, size, angle)
    square, points = upright(face.grey, matrix), face.points @ matrix[:, :2].T + matrix[:, 2]
    if rng.random() < 0.5:
        square, points = square[:, ::-1], (points * (-1, 1) + (SIDE, 0))[list(MIRRORED)]
    return np.ascontiguousarray(square), (points / SIDE - 0.5).astype(np.float32).ravel()


def point_source(data: Path, augment: AugmentConfig, seed: int, counts: tuple[int, int, int]) -> PointSource:
    """Training faces of photos, UTKFace and FER+, `counts` of each in a batch. Raises `UserError` without a set."""
    origins = (of_scenes(read_scenes(data, "train")), of_chips(utkface_chips(data)), of_chips(ferplus_chips(data)))
    return PointSource(
        tuple((tuple(known), count) for known, count in zip(origins, counts, strict=True)), augment, seed
    )


def eye_shares(points: Floats, truth: Floats) -> npt.NDArray[np.float64]:
    """Mean distance of the five points (N, 10) from the `truth` (N, 10), in shares of its eyes' distance, (N,)."""
    one, other = (np.asarray(part, np.float64).reshape(-1, 5, 2) for part in (points, truth))
    eyes = np.linalg.norm(other[:, 0] - other[:, 1], axis=1)
    return np.asarray(np.linalg.norm(one - other, axis=2).mean(axis=1) / eyes)
