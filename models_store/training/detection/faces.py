"""The faces of a picture, and what an affine map makes of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models_store.training.detection.scenes import Scene
from vision.detectors.geometry import overlaps

Floats = npt.NDArray[np.float32]

SURE: Final = 0.6
"""Score of the strong detector from which its box is a face to learn; below it is neither face nor background."""
MIRRORED: Final = (1, 0, 2, 4, 3)
"""The person's right is the other side in a mirror."""


@dataclass(frozen=True)
class Faces:
    """`boxes` float32 (N, 4) as centre x, centre y, width, height in pixels; `points` float32 (N, 5, 2) where
    `pointed` bool (N,); `wanted` bool (N,) false for what is neither face nor background."""

    boxes: Floats
    points: Floats
    pointed: npt.NDArray[np.bool_]
    wanted: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.bool_]) -> "Faces":
        """The faces where `rows`, bool (N,), is true."""
        return Faces(self.boxes[rows], self.points[rows], self.pointed[rows], self.wanted[rows])

    def and_(self, more: "Faces") -> "Faces":
        """These faces and `more`."""
        return Faces(
            np.concatenate([self.boxes, more.boxes]),
            np.concatenate([self.points, more.points]),
            np.concatenate([self.pointed, more.pointed]),
            np.concatenate([self.wanted, more.wanted]),
        )


def none() -> Faces:
    """No face."""
    empty = np.zeros(0, np.bool_)
    return Faces(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), empty, empty)


def centred(corners: Floats) -> Floats:
    """Boxes (N, 4) from upper left corner and size to centre and size."""
    return np.concatenate([corners[:, :2] + corners[:, 2:] / 2, corners[:, 2:]], axis=1)


def of_scene(scene: Scene) -> Faces:
    """The faces of a photo: the strong detector's, and those that only a person saw, which have no points."""
    alone = [box for box in scene.human if not len(scene.boxes) or overlaps(box, scene.boxes).max() < 0.3]
    drawn = np.array(alone, np.float32).reshape(-1, 4)
    found, more = len(scene.boxes), len(drawn)
    return Faces(
        centred(np.concatenate([scene.boxes, drawn])),
        np.concatenate([scene.points, np.zeros((more, 5, 2), np.float32)]),
        np.array([True] * found + [False] * more, np.bool_),
        np.concatenate([scene.scores >= SURE, np.ones(more, np.bool_)]),
    )


def moved(faces: Faces, matrix: npt.NDArray[np.float64]) -> Faces:
    """`faces` after the affine `matrix` (2, 3). A box becomes the box around the moved ellipse that filled it."""
    linear = matrix[:, :2]
    centres = faces.boxes[:, :2] @ linear.T + matrix[:, 2]
    sizes = np.sqrt((faces.boxes[:, 2:] ** 2) @ (linear**2).T)
    points = faces.points @ linear.T + matrix[:, 2]
    if np.linalg.det(linear) < 0:
        points = points[:, MIRRORED]
    boxes = np.concatenate([centres, sizes], axis=1).astype(np.float32)
    return Faces(boxes, points.astype(np.float32), faces.pointed, faces.wanted)


def seen(faces: Faces, side: int, smallest: float) -> Faces:
    """The faces that a crop of `side` pixels shows; those cut by half or below `smallest` pixels are not wanted."""
    low = np.maximum(faces.boxes[:, :2] - faces.boxes[:, 2:] / 2, 0)
    high = np.minimum(faces.boxes[:, :2] + faces.boxes[:, 2:] / 2, side)
    shown = np.prod(np.maximum(high - low, 0), axis=1) / np.maximum(np.prod(faces.boxes[:, 2:], axis=1), 1e-6)
    inside = ((faces.boxes[:, :2] > 0) & (faces.boxes[:, :2] < side)).all(axis=1)
    size = np.sqrt(np.prod(faces.boxes[:, 2:], axis=1))
    wanted = faces.wanted & inside & (shown > 0.5) & (size >= smallest)
    return Faces(faces.boxes, faces.points, faces.pointed, wanted).take(shown > 0.05)
