"""Known amounts of what goes wrong between a face and the network: a worse box, a worse picture.

Each change is made to the raw face, before the engine's own cropping and standardising. A box is moved, grown or
turned on the picture the data set has; nothing lies outside FER+ pictures and little outside UTKFace chips, so there
the border repeats, as it does at the edge of a photo. Blur and JPEG act on a face 64 pixels wide, so that an amount
means the same for both data sets. Corruption by kind and severity follows Hendrycks & Dietterich 2019
(arXiv 1903.12261).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vision.preprocessing import ImageU8, crop_square

Square = tuple[float, float, float]
"""Left, top and side of a box in pixels."""

Change = Callable[[ImageU8, Square, float, float], ImageU8]
"""Picture, box, amount and a direction in radians to the grey crop (S, S)."""


def shift(image: ImageU8, box: Square, amount: float, direction: float) -> ImageU8:
    """The box moved by `amount` per cent of its side."""
    left, top, side = box
    step = side * amount / 100
    return crop_square(image, left + step * np.cos(direction), top + step * np.sin(direction), side)


def scale(image: ImageU8, box: Square, amount: float, _direction: float) -> ImageU8:
    """The box `amount` times as large about its centre: a larger box shows a smaller face."""
    left, top, side = box
    grown = side * amount
    return crop_square(image, left + (side - grown) / 2, top + (side - grown) / 2, grown)


def rotation(image: ImageU8, box: Square, amount: float, direction: float) -> ImageU8:
    """The picture turned by `amount` degrees about the box's centre; half of all directions turn it the other way."""
    left, top, side = box
    centre = (left + side / 2 - 0.5, top + side / 2 - 0.5)
    matrix = cv2.getRotationMatrix2D(centre, amount if direction < np.pi else -amount, 1.0)
    size = (image.shape[1], image.shape[0])
    turned = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return crop_square(np.asarray(turned, dtype=np.uint8), left, top, side)


def blur(image: ImageU8, box: Square, amount: float, _direction: float) -> ImageU8:
    """Gaussian blur of `amount` pixels on a face 64 pixels wide."""
    crop = crop_square(image, *box)
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), amount), dtype=np.uint8) if amount > 0 else crop


def jpeg(image: ImageU8, box: Square, amount: float, _direction: float) -> ImageU8:
    """JPEG of quality `amount` on a face 64 pixels wide; 100 stands for not compressed."""
    crop = crop_square(image, *box)
    if amount >= 100:
        return crop
    _, encoded = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, round(amount)])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


@dataclass(frozen=True)
class Curve:
    """One kind of change: its unit, the amount that changes nothing, and the amounts measured besides."""

    change: Change
    unit: str
    neutral: float
    amounts: tuple[float, ...]


CURVES: Final = {
    "shift": Curve(shift, "% of the face's side", 0, (4, 8, 12, 16, 20, 25)),
    "scale": Curve(scale, "times", 1, (0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.5)),
    "rotation": Curve(rotation, "degrees", 0, (5, 10, 15, 20, 30, 45)),
    "blur": Curve(blur, "sigma, px", 0, (0.5, 1, 1.5, 2, 3)),
    "jpeg": Curve(jpeg, "quality", 100, (90, 70, 50, 30, 20, 10)),
}
