"""Known amounts of what makes a face hard to find, done to whole photos; the truth moves with them.

Amounts are of the photo, not of the face: a photo of 400 to 640 pixels with faces of 32 pixels and more.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from models_store.training.detection.faces import Faces, centred, moved
from models_store.training.detection.scenes import ImageU8, Scene

Change = Callable[[Scene, float, int], Scene]
"""A photo, an amount and a side, 1 or -1, to the changed photo."""

GREY: Final = 128


def rotation(scene: Scene, amount: float, side: int) -> Scene:
    """The whole photo turned by `amount` degrees, half of the photos to each side, on a canvas that holds all of it.

    A face's box becomes the box around the turned ellipse that filled it. The corners that come in are grey.
    """
    height, width = scene.rgb.shape[:2]
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, amount * side, 1.0), np.float64)
    across, along = abs(matrix[0, 0]), abs(matrix[0, 1])
    new = (round(height * along + width * across), round(height * across + width * along))
    matrix[:, 2] += (new[0] - width) / 2, (new[1] - height) / 2
    turned = cv2.warpAffine(scene.rgb, matrix, new, flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)
    every = np.ones(len(scene.boxes), np.bool_)
    faces = moved(Faces(centred(scene.boxes), scene.points, every, every), matrix)
    corners = np.concatenate([faces.boxes[:, :2] - faces.boxes[:, 2:] / 2, faces.boxes[:, 2:]], axis=1)
    return replace(scene, rgb=_bytes(turned), boxes=corners, points=faces.points)


def darkness(scene: Scene, amount: float, _side: int) -> Scene:
    """The light halved `amount` times: stops, on linear light (sRGB's curve taken as a power of 2.2)."""
    table = 255 * ((np.arange(256) / 255) ** 2.2 / 2**amount) ** (1 / 2.2)
    return replace(scene, rgb=np.round(table).astype(np.uint8)[scene.rgb])


def blur(scene: Scene, amount: float, _side: int) -> Scene:
    """Gaussian blur of `amount` pixels of the photo."""
    return replace(scene, rgb=_bytes(cv2.GaussianBlur(scene.rgb, (0, 0), amount))) if amount > 0 else scene


def jpeg(scene: Scene, amount: float, _side: int) -> Scene:
    """Compressed once more, with quality `amount`; 100 stands for not at all."""
    if amount >= 100:
        return scene
    _, encoded = cv2.imencode(".jpg", scene.rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, round(amount)])
    return replace(scene, rgb=_bytes(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB)))


def cover(scene: Scene, amount: float, _side: int) -> Scene:
    """The lower `amount` per cent of every known face hidden by grey, as by a mask, a scarf or a hand."""
    rgb = scene.rgb.copy()
    for x, y, width, height in scene.boxes:
        left, top, bottom = (max(round(float(at)), 0) for at in (x, y + height * (1 - amount / 100), y + height))
        rgb[top:bottom, left : max(round(float(x + width)), 0)] = GREY
    return replace(scene, rgb=rgb)


def _bytes(image: object) -> ImageU8:
    return np.asarray(image, dtype=np.uint8)


@dataclass(frozen=True)
class Curve:
    """One kind of change: its unit, the amount that changes nothing, and the amounts measured besides."""

    change: Change
    unit: str
    neutral: float
    amounts: tuple[float, ...]


CURVES: Final = {
    "rotation": Curve(rotation, "degrees", 0, (15, 30, 45, 60)),
    "darkness": Curve(darkness, "stops", 0, (1, 2, 3, 4, 5)),
    "blur": Curve(blur, "sigma, px", 0, (1, 2, 3, 4)),
    "jpeg": Curve(jpeg, "quality", 100, (50, 30, 20, 10, 5)),
    "cover": Curve(cover, "% of the face, from below", 0, (20, 30, 40, 50, 60)),
}
