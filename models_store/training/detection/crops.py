"""Training crops: a part of a photo at a random scale, turned, with faces of its own, exchanged ones or pasted ones."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.detection import faces as faces_of
from models_store.training.detection.changes import change
from models_store.training.detection.chips import Chip
from models_store.training.detection.config import CropConfig
from models_store.training.detection.faces import Faces
from models_store.training.detection.paste import exchange, paste
from models_store.training.detection.scenes import Scene

ImageU8 = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
Random = np.random.Generator

LARGEST: Final = 0.95
"""Largest face in a crop, in shares of its side."""
FEWEST: Final = 0.7
"""Least share of the crop's side that the photo's longer side takes."""
FILLING: Final = 0.8
"""How often a photo covers as much of the crop as it can."""


@dataclass(frozen=True)
class Photo:
    """`levels`: the photo uint8 (H, W, 3), its half, its quarter, for shrinking without aliases; `faces` in pixels of
    the first."""

    levels: tuple[ImageU8, ...]
    faces: Faces


def photo_of(scene: Scene) -> Photo:
    """A scene made ready to be cut."""
    levels = [scene.rgb]
    while min(levels[-1].shape[:2]) > 64 and len(levels) < 4:
        levels.append(np.asarray(cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8))
    return Photo(tuple(levels), faces_of.of_scene(scene))


@dataclass(frozen=True)
class Material:
    """What crops are made of."""

    peopled: tuple[Photo, ...]
    faceless: tuple[Photo, ...]
    coloured: tuple[Chip, ...]
    grey: tuple[Chip, ...]


def crop(material: Material, rng: Random, side: int, config: CropConfig) -> tuple[ImageU8, Faces]:
    """One crop uint8 (side, side, 3) and its faces: one view, or a mosaic of four of half the side."""
    if rng.random() < config.mosaic:
        rgb, faces = _mosaic(material, rng, side, config)
    else:
        rgb, faces = _view(material, rng, side, config)
    faces = faces_of.seen(faces, side, config.smallest)
    return change(rgb, faces, rng, config), faces


def _mosaic(material: Material, rng: Random, side: int, config: CropConfig) -> tuple[ImageU8, Faces]:
    half = side // 2
    rgb, faces = np.empty((side, side, 3), np.uint8), faces_of.none()
    for top, left in ((0, 0), (0, half), (half, 0), (half, half)):
        part, its = _view(material, rng, half, config)
        rgb[top : top + half, left : left + half] = part
        its = faces_of.seen(its, half, config.smallest)
        faces = faces.and_(faces_of.moved(its, np.array([[1.0, 0.0, left], [0.0, 1.0, top]])))
    return rgb, faces


def _view(material: Material, rng: Random, side: int, config: CropConfig) -> tuple[ImageU8, Faces]:
    draw = rng.random()
    if draw < config.faceless + config.pasted:
        photo = material.faceless[rng.integers(len(material.faceless))]
        rgb, faces = _cut(photo, _anywhere(photo, rng, side), rng, side, config)
        if draw < config.pasted:
            rgb, faces = paste(rgb, material.coloured, material.grey, rng)
    else:
        photo = material.peopled[rng.integers(len(material.peopled))]
        wanted = np.flatnonzero(photo.faces.wanted)
        look = len(wanted) and rng.random() < 0.85
        place = _at_face(photo, int(rng.choice(wanted)), rng, side, config) if look else _anywhere(photo, rng, side)
        rgb, faces = _cut(photo, place, rng, side, config)
        rgb, faces = exchange(rgb, faces, material.coloured, rng, config.swapped)
    return rgb, faces


Place = tuple[npt.NDArray[np.float64], float, npt.NDArray[np.float64]]
"""A point of the photo, the scale, and where the point comes to lie in the crop."""


def _at_face(photo: Photo, row: int, rng: Random, side: int, config: CropConfig) -> Place:
    box = photo.faces.boxes[row]
    size = float(np.sqrt(box[2] * box[3]))
    wished = np.exp(rng.uniform(np.log(config.smallest), np.log(LARGEST * side)))
    scale = max(min(wished / size, config.enlarge_most), FEWEST * _fitting(photo, side))
    margin = min(scale * size / 2, side * 0.45)
    place = (box[:2].astype(float), scale, rng.uniform(margin * 0.7, side - margin * 0.7, 2))
    return _filling(photo, place, side) if rng.random() < FILLING else place


def _anywhere(photo: Photo, rng: Random, side: int) -> Place:
    height, width = photo.levels[0].shape[:2]
    scale = float(_fitting(photo, side) * np.exp(rng.uniform(np.log(FEWEST), np.log(3.0))))
    point = rng.uniform(0, 1, 2) * (width, height)
    place = (point, scale, rng.uniform(0, side, 2))
    return _filling(photo, place, side) if rng.random() < FILLING else place


def _fitting(photo: Photo, side: int) -> float:
    """The scale at which the photo's longer side is the crop's."""
    return float(side / max(photo.levels[0].shape[:2]))


def _filling(photo: Photo, place: Place, side: int) -> Place:
    """`place` moved so that the photo covers as much of the crop as it can."""
    point, scale, target = place
    extent = scale * np.array(photo.levels[0].shape[1::-1])
    first = target - scale * point
    last = np.clip(first, np.minimum(side - extent, 0), np.maximum(side - extent, 0))
    return point, scale, target + last - first


def _cut(photo: Photo, place: Place, rng: Random, side: int, config: CropConfig) -> tuple[ImageU8, Faces]:
    point, scale, target = place
    turn = rng.random()
    angle = 0.0
    if turn < config.rotation_wild:
        angle = rng.uniform(-config.rotation_most, config.rotation_most)
    elif turn < 0.8:
        angle = rng.normal(0, config.rotation)
    angle, stretch = np.deg2rad(angle), np.exp(rng.uniform(-config.aspect, config.aspect) / 2)
    mirror = rng.choice([-1.0, 1.0])
    cos, sin = np.cos(angle), np.sin(angle)
    linear = scale * np.array([[cos, -sin], [sin, cos]]) @ np.diag([mirror * stretch, 1 / stretch])
    matrix = np.column_stack([linear, target - linear @ point])
    faces = faces_of.moved(photo.faces, matrix)
    return _warp(photo, matrix, scale, rng, side), faces


def _warp(photo: Photo, matrix: Matrix, scale: float, rng: Random, side: int) -> ImageU8:
    level = min(max(int(np.floor(-np.log2(scale) + 0.25)), 0), len(photo.levels) - 1)
    source, ratio = photo.levels[level], 2.0**level
    moved = matrix.copy()
    # pixel centres lie at halves in boxes and at whole numbers in cv2
    moved[:, :2] *= ratio
    moved[:, 2] += 0.5 * moved[:, :2].sum(axis=1) - 0.5
    border = cv2.BORDER_REPLICATE if rng.random() < 0.3 else cv2.BORDER_CONSTANT
    colour = [int(value) for value in rng.integers(0, 256, 3)]
    if rng.random() < 0.5:
        colour = [0, 0, 0]
    warped = cv2.warpAffine(source, moved, (side, side), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=colour)
    return np.asarray(warped, np.uint8)
