"""Random changes to a face: the error model of a detector, and what hides which data set a face came from.

UTKFace is sharp and aligned, FER+ is coarse and is not. A network could tell the two apart and answer each with its
own data set's habits; so the same changes hit both, and UTKFace is often brought down to FER+'s resolution.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.config import AugmentConfig

ImageU8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Draws:
    """Random choices for a batch of N: `maps` float64 (N, 2, 3) from output to face shares (0..1, y down),
    `tones` uint8 (N, 256) look-up tables, `dice` float64 (N, 10) uniform in 0..1 for the rest."""

    maps: npt.NDArray[np.float64]
    tones: npt.NDArray[np.uint8]
    dice: npt.NDArray[np.float64]


def draw(rng: np.random.Generator, count: int, config: AugmentConfig) -> Draws:
    """Draw the changes for `count` faces at once."""
    return Draws(_maps(rng, count, config), tones(rng, count, config), rng.random((count, 10)))


def _maps(rng: np.random.Generator, count: int, config: AugmentConfig) -> npt.NDArray[np.float64]:
    """Affine maps around the centre: mirror, aspect, scale, rotation, shift."""
    angle = np.deg2rad(np.clip(rng.normal(0, config.rotation, count), -config.rotation_max, config.rotation_max))
    scale = np.clip(np.exp(rng.normal(0, config.log_scale, count)), config.scale_min, config.scale_max)
    aspect = np.exp(rng.uniform(-config.aspect, config.aspect, count) / 2)
    shift = np.clip(rng.normal(0, config.shift, (count, 2)), -config.shift_max, config.shift_max)
    mirror = rng.choice([-1.0, 1.0], count)
    maps = np.empty((count, 2, 3))
    maps[:, 0, 0] = np.cos(angle) * scale * aspect * mirror
    maps[:, 0, 1] = -np.sin(angle) * scale / aspect
    maps[:, 1, 0] = np.sin(angle) * scale * aspect * mirror
    maps[:, 1, 1] = np.cos(angle) * scale / aspect
    maps[:, :, 2] = 0.5 + shift - 0.5 * maps[:, :, :2].sum(axis=2)
    return maps


def tones(rng: np.random.Generator, count: int, config: AugmentConfig) -> npt.NDArray[np.uint8]:
    """Gamma, contrast and brightness as tables; brightness and contrast matter through clipping alone."""
    active = rng.random((count, 1)) < config.tone
    gamma = np.where(active, np.exp(rng.normal(0, 0.3, (count, 1))), 1.0)
    contrast = np.where(active, rng.uniform(0.6, 1.5, (count, 1)), 1.0)
    light = np.where(active, rng.uniform(-0.2, 0.2, (count, 1)), 0.0)
    ramp = np.linspace(0, 1, 256)[np.newaxis]
    table = (ramp**gamma - 0.5) * contrast + 0.5 + light
    return np.asarray(np.clip(table * 255, 0, 255).round(), dtype=np.uint8)


def warp(canvas: ImageU8, face_map: npt.NDArray[np.float64], margin: float, size: int) -> ImageU8:
    """Cut the face out of a square canvas (C, C) that shows it with `margin` (share of its side) around it.

    `face_map` (2, 3) takes shares of the output to shares of the face. One bilinear pass; pixel centres are at
    half coordinates as in `cv2.resize`, so the identity map equals the plain crop; borders repeat.
    """
    face = canvas.shape[0] / (1 + 2 * margin)
    linear = face_map[:, :2] * (face / size)
    offset = face * (face_map[:, 2] + margin) + linear.sum(axis=1) * 0.5 - 0.5
    matrix = np.column_stack([linear, offset])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(canvas, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def degrade(image: ImageU8, dice: npt.NDArray[np.float64], config: AugmentConfig, low_resolution: float) -> ImageU8:
    """Lower the resolution, blur, add noise, compress and erase, each with its probability. (S, S) in and out."""
    size = image.shape[0]
    if dice[0] < low_resolution:
        small = round(size * (0.4 + 0.6 * dice[0] / low_resolution))
        image = np.asarray(cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA), np.uint8)
        image = np.asarray(cv2.resize(image, (size, size)), np.uint8)
    if dice[1] < config.blur:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.3 + 0.9 * dice[2]), np.uint8)
    if dice[3] < config.noise:
        seed = int(dice[4] * 2**31)
        grain = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
        image = np.clip(image + grain * np.float32(1 + 7 * dice[4]), 0, 255).astype(np.uint8)
    if dice[5] < config.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, round(40 + 55 * dice[5] / config.jpeg)]
        _, encoded = cv2.imencode(".jpg", image, quality)
        image = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)
    if dice[6] < config.erase:
        image = _erase(image, dice[6] / config.erase, dice[7], dice[8], dice[9])
    return image


def _erase(image: ImageU8, grey: float, area: float, x: float, y: float) -> ImageU8:
    """Cover one square of a sixth to a third of the side with flat grey (Zhong et al. 2017, arXiv 1708.04896)."""
    size = image.shape[0]
    side = round(size * (1 + area) / 6)
    left, top = round(x * (size - side)), round(y * (size - side))
    covered = image.copy()
    covered[top : top + side, left : left + side] = round(255 * grey)
    return covered
