"""From a face box to what the attribute network eats: one preprocessing for training and for serving.

The canonical crop is a square with the eyes at about (0.32, 0.38) and (0.68, 0.38) of its side and the mouth at
about 0.78: what a Haar box holds and what FER+ images are. Training imports this module, so the two cannot drift.
Standardising is done here and not in the network's graph because an int8 graph would round the mean and the variance.
"""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

ImageU8 = npt.NDArray[np.uint8]
Batch = npt.NDArray[np.float32]

INPUT_SIZE: Final = 64
"""Side of the network's input in pixels."""

STD_FLOOR: Final = 25.5
"""Lower bound of the divisor, a tenth of the grey range: a flat crop must not become amplified noise."""


def to_grey(image: ImageU8) -> ImageU8:
    """RGB (H, W, 3) or grey (H, W) uint8 to grey (H, W) uint8, by ITU-R BT.601 weights."""
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def crop_square(image: ImageU8, left: float, top: float, side: float, size: int = INPUT_SIZE) -> ImageU8:
    """Cut the square with upper left corner (`left`, `top`) and `side` in pixels and scale it to `size` x `size`.

    `image` is uint8 (H, W) or (H, W, 3); what lies outside it repeats its border. Shrinking averages areas, so that
    large faces are not aliased.
    """
    x0, y0 = round(left), round(top)
    x1, y1 = max(round(left + side), x0 + 1), max(round(top + side), y0 + 1)
    height, width = image.shape[:2]
    inside = image[max(y0, 0) : min(y1, height), max(x0, 0) : min(x1, width)]
    if inside.size == 0:
        raise ValueError("the square does not touch the image")
    pads = (max(-y0, 0), max(y1 - height, 0), max(-x0, 0), max(x1 - width, 0))
    if any(pads):
        inside = np.asarray(cv2.copyMakeBorder(inside, *pads, cv2.BORDER_REPLICATE), dtype=np.uint8)
    method = cv2.INTER_AREA if inside.shape[0] > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inside, (size, size), interpolation=method), dtype=np.uint8)


def crop_turned(
    image: ImageU8, centre: tuple[float, float], side: float, angle: float, size: int = INPUT_SIZE
) -> ImageU8:
    """Cut the square around `centre` (x, y) with `side` in pixels, turned by `angle`, and set it upright at `size`.

    `angle` is in radians, positive clockwise as seen. `image` is uint8 (H, W) or (H, W, 3); what lies outside it
    repeats its border. One bilinear pass at up to twice `size`, between two averages of areas, the first by a whole
    number, which OpenCV does faster: large faces are not aliased, and the pass blurs less than one at `size` would.
    Raises ValueError where the square misses the image.
    """
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(centre, dtype=np.float64)
    reach = side / 2 * (abs(np.cos(angle)) + abs(np.sin(angle))) * 1.04 + 2  # the first average may take a last row
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach), (image.shape[1], image.shape[0])).astype(int)
    if (high <= low).any():
        raise ValueError("the square does not touch the image")
    part, middle = image[low[1] : high[1], low[0] : high[0]], middle - low
    finer = size if side <= size else 2 * size
    factor = min(int(side / finer), *part.shape[:2])
    if factor > 1:
        rows, columns = part.shape[0] // factor, part.shape[1] // factor
        part = part[: rows * factor, : columns * factor]
        part = np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    factor = max(factor, 1)
    linear = turn * (side / finer / factor)
    # pixel centres lie at halves in the photo and at whole numbers in OpenCV
    offset = middle / factor - linear @ np.full(2, (finer - 1) / 2) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = np.column_stack([linear, offset])
    upright = cv2.warpAffine(part, matrix, (finer, finer), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    if finer > size:
        upright = cv2.resize(upright, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(upright, dtype=np.uint8)


def shrink(image: ImageU8, longest: int) -> ImageU8:
    """`image` (H, W, 3) or (H, W) with its longer side at most `longest` pixels; itself when it already is."""
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


NARROW: Final = 128
"""Pixels under which the loss of one row or column would be more than a hundredth of a side."""


def shrink_far(image: ImageU8, longest: int) -> ImageU8:
    """As `shrink`, by halves first: OpenCV averages two by two pixels many times faster than any other number.

    An odd last row or column is left out, so this is for thumbnails and not for what is measured in pixels; what is
    narrow is not halved, as it would show there.
    """
    while max(image.shape[:2]) >= 2 * longest and min(image.shape[:2]) >= NARROW:
        height, width = image.shape[0] // 2, image.shape[1] // 2
        even = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return shrink(image, longest)


def standardise(crops: npt.NDArray[np.uint8] | npt.NDArray[np.float32]) -> Batch:
    """Grey crops (N, S, S), values 0 to 255, to float32 (N, S, S, 1) with mean 0 and standard deviation 1 each."""
    batch = np.asarray(crops, dtype=np.float32)
    mean = batch.mean(axis=(1, 2), keepdims=True)
    std = batch.std(axis=(1, 2), keepdims=True)
    standardised = (batch - mean) / np.maximum(std, STD_FLOOR)
    return np.asarray(standardised[..., np.newaxis], dtype=np.float32)
