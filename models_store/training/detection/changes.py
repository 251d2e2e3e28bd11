"""Random changes of light and quality to a crop, and things held before a face."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.detection.config import CropConfig
from models_store.training.detection.faces import Faces

ImageU8 = npt.NDArray[np.uint8]
Random = np.random.Generator


def change(rgb: ImageU8, faces: Faces, rng: Random, config: CropConfig) -> ImageU8:
    """Cover, tone, coarsen, blur, add noise and compress `rgb` uint8 (S, S, 3), each with its probability."""
    rgb = _cover(rgb, faces, rng, config.covered)
    if rng.random() < config.tone:
        rgb = np.asarray(cv2.LUT(rgb, _tones(rng)), np.uint8)
    if rng.random() < config.grey:
        rgb = np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)
    if rng.random() < config.coarse:
        side = rgb.shape[0]
        small = round(side * rng.uniform(0.35, 0.9))
        rgb = np.asarray(
            cv2.resize(cv2.resize(rgb, (small, small), interpolation=cv2.INTER_AREA), (side, side)), np.uint8
        )
    if rng.random() < config.blur:
        rgb = _blur(rgb, rng)
    if rng.random() < config.noise:
        rgb = _noise(rgb, rng)
    if rng.random() < config.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 92))]
        rgb = np.asarray(cv2.imdecode(cv2.imencode(".jpg", rgb, quality)[1], cv2.IMREAD_COLOR), np.uint8)
    return rgb


def _tones(rng: Random) -> ImageU8:
    """A look-up table (1, 256, 3): gamma, contrast, brightness, and the tint of a lamp."""
    ramp = np.linspace(0, 1, 256)[:, None]
    gamma = np.exp(rng.normal(0, 0.4)) * np.exp(rng.normal(0, 0.06, 3))
    contrast, light = rng.uniform(0.5, 1.4), rng.uniform(-0.2, 0.2)
    table = ((ramp**gamma - 0.5) * contrast + 0.5 + light) * np.exp(rng.normal(0, 0.08, 3))
    return np.asarray(np.clip(table * 255, 0, 255).round()[None], np.uint8)


def _blur(rgb: ImageU8, rng: Random) -> ImageU8:
    if rng.random() < 0.6:
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.5, 2.2)), np.uint8)
    length, angle = int(rng.integers(3, 12)), rng.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    middle, reach = (length - 1) / 2, length / 2
    step = np.array([np.cos(angle), np.sin(angle)]) * reach
    start, end = np.round(middle - step).astype(int), np.round(middle + step).astype(int)
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return np.asarray(cv2.filter2D(rgb, -1, kernel / max(float(kernel.sum()), 1.0)), np.uint8)


@lru_cache(maxsize=1)
def _grain() -> npt.NDArray[np.int8]:
    """One large field of noise with a deviation of 24, cut anew each time: drawing it would cost more than the warp."""
    return np.asarray(np.random.default_rng(0).normal(0, 24, (1200, 1200, 3)).clip(-127, 127), np.int8)


def _noise(rgb: ImageU8, rng: Random) -> ImageU8:
    side = rgb.shape[0]
    top, left = rng.integers(0, 1200 - side, 2)
    grain = _grain()[top : top + side, left : left + side]
    strength = rng.uniform(0.04, 0.6)
    return np.asarray(
        cv2.addWeighted(rgb.astype(np.int16), 1.0, grain.astype(np.int16), strength, 0).clip(0, 255), np.uint8
    )


def _cover(rgb: ImageU8, faces: Faces, rng: Random, share: float) -> ImageU8:
    """Hold something flat before some faces: over the mouth like a mask, or anywhere over up to 40 % of the face."""
    covered = rgb.copy()
    for row in np.flatnonzero(faces.wanted & (rng.random(len(faces.wanted)) < share)):
        x, y, width, height = (float(value) for value in faces.boxes[row])
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        if rng.random() < 0.5:
            low, high = (x - width * 0.45, y + height * rng.uniform(0.02, 0.15)), (x + width * 0.45, y + height * 0.5)
        else:
            half = rng.uniform(0.15, 0.32, 2) * (width, height)
            at = (x, y) + rng.uniform(-0.4, 0.4, 2) * (width, height)
            low, high = tuple(at - half), tuple(at + half)
        cv2.rectangle(covered, (int(low[0]), int(low[1])), (int(high[0]), int(high[1])), colour, cv2.FILLED)
    return covered
