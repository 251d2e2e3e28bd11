"""Putting other people's faces into a picture: on a background, or over a face that is there."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.detection import faces as faces_of
from models_store.training.detection.chips import Chip
from models_store.training.detection.faces import MIRRORED, Faces
from vision.detectors.geometry import overlaps

EXCHANGED: Final = (20, 200)
"""Heights in pixels of faces that a chip of 144 pixels can stand for."""
MOST_EXCHANGED: Final = 4
"""In one picture: each costs about a millisecond."""

ImageU8 = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
Random = np.random.Generator


def paste(rgb: ImageU8, coloured: Sequence[Chip], grey: Sequence[Chip], rng: Random) -> tuple[ImageU8, Faces]:
    """One to five chips at random places, sizes and angles in `rgb` uint8 (S, S, 3), which shows no face."""
    side, faces = rgb.shape[0], faces_of.none()
    for _ in range(int(rng.integers(1, 6))):
        small = rng.random() < 0.3
        chips = grey if small else coloured
        chip = chips[int(rng.integers(len(chips)))]
        height = np.exp(rng.uniform(np.log(14), np.log(70 if small else side * 0.9)))
        scale = height / chip.box[3]
        angle = np.deg2rad(rng.normal(0, 10) if rng.random() < 0.8 else rng.uniform(-40, 40))
        linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        linear = linear @ np.diag([rng.choice([-1.0, 1.0]), 1.0])
        margin = min(height / 2, side * 0.4)
        target = rng.uniform(margin, side - margin, 2)
        matrix = np.column_stack([linear, target - linear @ chip.box[:2]])
        face = _face(chip, matrix)
        if len(faces.boxes) and overlaps(_corner(face.boxes), _corners(faces.boxes)).max() > 0.02:
            continue
        rgb = _blend(rgb, chip, matrix, hard=rng.random() < 0.35)
        faces = faces.and_(face)
    return rgb, faces


def exchange(rgb: ImageU8, faces: Faces, chips: Sequence[Chip], rng: Random, share: float) -> tuple[ImageU8, Faces]:
    """Lay another face over some of those in `rgb`, its points on their points: new people in real places."""
    boxes, points = faces.boxes.copy(), faces.points.copy()
    right_size = (boxes[:, 3] >= EXCHANGED[0]) & (boxes[:, 3] <= EXCHANGED[1])
    rows = np.flatnonzero(faces.pointed & faces.wanted & right_size & (rng.random(len(boxes)) < share))
    for row in rows[:MOST_EXCHANGED]:
        chip = chips[int(rng.integers(len(chips)))]
        matrix = _onto(chip.points, points[row])
        if rng.random() < 0.5:
            flip = np.array([[-1.0, 0.0, chip.rgb.shape[1]], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
            mirrored = (chip.points * (-1, 1) + (chip.rgb.shape[1], 0))[list(MIRRORED)]
            matrix = _onto(mirrored.astype(np.float32), points[row]) @ flip
        new = _face(chip, matrix)
        if overlaps(_corner(new.boxes), _corners(boxes[row : row + 1])).max() < 0.5:
            continue  # a turned face: a frontal one does not fit over it
        rgb = _blend(rgb, chip, matrix, hard=False)
        boxes[row], points[row] = new.boxes[0], new.points[0]
    return rgb, Faces(boxes, points, faces.pointed, faces.wanted)


def _onto(source: npt.NDArray[np.float32], target: npt.NDArray[np.float32]) -> Matrix:
    """The similarity (2, 3) that takes points `source` (5, 2) nearest to `target` (Umeyama 1991)."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.array([1.0, np.sign(np.linalg.det(u @ vt))])
    linear = (s * flip).sum() / float((a**2).sum()) * (u * flip) @ vt
    return np.column_stack([linear, target.mean(axis=0) - linear @ source.mean(axis=0)])


def _face(chip: Chip, matrix: Matrix) -> Faces:
    yes = np.ones(1, np.bool_)
    return faces_of.moved(Faces(chip.box[None], chip.points[None], yes, yes), matrix)


def _blend(rgb: ImageU8, chip: Chip, matrix: Matrix, *, hard: bool) -> ImageU8:
    side, source = rgb.shape[0], chip.rgb
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.7:
        size = max(round(source.shape[0] * scale * 1.2), 8)
        shrunk = np.asarray(cv2.resize(source, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
        ratio, source = source.shape[0] / size, shrunk
        matrix = matrix @ np.diag([ratio, ratio, 1.0])
    matrix = matrix.copy()
    matrix[:, 2] += 0.5 * matrix[:, :2].sum(axis=1) - 0.5
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * source.shape[0] @ matrix[:, :2].T + matrix[:, 2]
    low = np.clip(np.floor(corners.min(axis=0)), 0, side).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, side).astype(int)
    if (high <= low).any():
        return rgb
    matrix[:, 2] -= low
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    face = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(_mask(source.shape[0], hard), matrix, size, flags=cv2.INTER_LINEAR)[..., None]
    window = (slice(low[1], high[1]), slice(low[0], high[0]))
    result = rgb.copy()
    result[window] = (rgb[window] * (1 - mask) + face * mask).round().astype(np.uint8)
    return result


@lru_cache(maxsize=512)
def _mask(size: int, hard: bool) -> npt.NDArray[np.float32]:
    """How much of the chip shows, float32 (size, size): all of it, or fading towards its rim."""
    if hard:
        return np.ones((size, size), np.float32)
    axis = np.abs(np.linspace(-1, 1, size))
    distance = (axis[:, None] ** 4 + axis[None] ** 4) ** 0.25
    return np.asarray(np.clip((1.0 - distance) / 0.2, 0, 1), np.float32)


def _corners(boxes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, 2:]], axis=1)


def _corner(boxes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(_corners(boxes)[0], np.float32)
