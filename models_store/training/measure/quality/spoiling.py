"""Known amounts of what makes a face hard to read, made to a face before the engine's own standardising.

Like `measure.changes`, whose blur is used here too: picture, box, amount and a direction to the grey crop (S, S).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from models_store.training.measure.changes import Change, Square, blur
from vision.preprocessing import INPUT_SIZE, ImageU8, crop_square
from vision.quality import measures
from vision.quality.rules import Code

GAMMA: Final = 2.2
"""Of the display that grey levels are made for: light is proportional to (level / 255) to this power."""


def shrunk(image: ImageU8, box: Square, amount: float, _direction: float) -> ImageU8:
    """The face as a photo holds it in which its box has `amount` pixels, enlarged again by the engine."""
    small = crop_square(image, *box, size=round(amount))
    return crop_square(small, 0.0, 0.0, float(small.shape[0]))


def exposed(image: ImageU8, box: Square, amount: float, _direction: float) -> ImageU8:
    """Exposed `amount` stops more: twice the light for each; what exceeds white is lost, the rest rounded to levels."""
    light = (crop_square(image, *box) / 255.0) ** GAMMA * 2.0**amount
    return np.asarray(np.round(255.0 * np.minimum(light, 1.0) ** (1.0 / GAMMA)), dtype=np.uint8)


def cut(image: ImageU8, box: Square, amount: float, direction: float) -> ImageU8:
    """The photo ends within the box: `amount`, a share of it, is missing at one of the four sides."""
    left, top, side = box
    lost = amount * side
    match int(direction / (np.pi / 2)) % 4:
        case 0:
            return crop_square(image[:, : max(round(left + side - lost), 1)], *box)
        case 1:
            return crop_square(image[: max(round(top + side - lost), 1)], *box)
        case 2:
            first = max(round(left + lost), 0)
            return crop_square(image[:, first:], left - first, top, side)
        case _:
            first = max(round(top + lost), 0)
            return crop_square(image[first:], left, top - first, side)


@dataclass(frozen=True)
class Trial:
    """How one code is tried: the change and its amounts, the measure's value for a changed face, and the bins' edges.

    `value` takes the crop and the amount; `unchanged` is the amount that changes nothing.
    """

    change: Change
    amounts: tuple[float, ...]
    value: Callable[[ImageU8, float], float]
    unchanged: float
    edges: tuple[float, ...]


def _amount(_crop: ImageU8, amount: float) -> float:
    return amount


TRIALS: Final[dict[Code, Trial]] = {
    "too_small": Trial(
        shrunk,
        (14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40),
        _amount,
        float(INPUT_SIZE),
        (14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40, 48),
    ),
    "too_dark": Trial(
        exposed,
        (-7.0, -6.5, -6.0, -5.5, -5.0, -4.5, -4.0, -3.0, -2.0, -1.0),
        lambda crop, _: measures.brightness(crop),
        0.0,
        (0.0, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3),
    ),
    "too_bright": Trial(
        exposed,
        (0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0),
        lambda crop, _: measures.highlights(crop),
        0.0,
        (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 1.0),
    ),
    "blurred": Trial(
        blur,
        (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5),
        lambda crop, _: measures.sharpness(crop),
        0.0,
        (0.0, 0.16, 0.17, 0.18, 0.19, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.27, 0.3),
    ),
    "cut_off": Trial(
        cut,
        (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4),
        _amount,
        0.0,
        (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 1.0),
    ),
}
"""A face cannot be turned in its picture; that code is tried on faces that are, see `evidence.turned`."""

TURN_EDGES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.01)
"""The nose is under an eye from 0.5; finer steps hold too few faces to say anything."""
