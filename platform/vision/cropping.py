"""Faces that arrive already cut out: where in the crop is the canonical square?"""

from typing import Final

import cv2
import numpy as np

from vision.detectors import Detection, Detector
from vision.preprocessing import ImageU8
from vision.types import Box

MARGIN: Final = 0.25
"""Share of the side that is added all round before looking for the face: tight crops cut off what Haar looks for."""
SEARCH_SIDE: Final = 160
"""The padded crop is scaled to this many pixels for the search."""


def centred_face(crop: ImageU8, detector: Detector) -> Detection:
    """The canonical square of the one face that `crop`, uint8 (H, W, 3) or (H, W), holds.

    Where the detector finds a face around the middle, its box; otherwise the largest centred square. Raises ValueError.
    """
    if crop.dtype != np.uint8 or crop.ndim not in {2, 3} or (crop.ndim == 3 and crop.shape[2] != 3) or 0 in crop.shape:
        raise ValueError(f"a crop must be uint8 (H, W, 3) or (H, W), not {crop.dtype} {crop.shape}")
    height, width = crop.shape[:2]
    side = min(height, width)
    whole = Detection(Box((width - side) / 2, (height - side) / 2, side, side), 0.0)
    found = _search(crop, detector)
    return found if found is not None and _plausible(found.box, width, height) else whole


def _search(crop: ImageU8, detector: Detector) -> Detection | None:
    rgb = crop if crop.ndim == 3 else np.repeat(crop[..., np.newaxis], 3, axis=2)
    height, width = crop.shape[:2]
    pad = round(MARGIN * max(height, width))
    padded = cv2.copyMakeBorder(rgb, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    scale = SEARCH_SIDE / max(padded.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(padded, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)
    found = detector.detect(small)
    return moved(found[0], 1 / scale, -pad) if found else None


def moved(place: Detection, scale: float, shift: float = 0.0) -> Detection:
    """`place`, box, extent and landmarks, in pixels of a picture `scale` times as large, moved by `shift` both ways."""
    points = place.landmarks
    if points is not None:
        right_eye, left_eye, nose, right_mouth, left_mouth = ((x * scale + shift, y * scale + shift) for x, y in points)
        points = (right_eye, left_eye, nose, right_mouth, left_mouth)
    extent = _moved_box(place.extent, scale, shift) if place.extent is not None else None
    return Detection(_moved_box(place.box, scale, shift), place.score, points, extent)


def _moved_box(box: Box, scale: float, shift: float) -> Box:
    return Box(box.x * scale + shift, box.y * scale + shift, box.width * scale, box.height * scale)


def _plausible(box: Box, width: int, height: int) -> bool:
    """Whether the box is the crop's own face: large in it and around its middle."""
    side = min(width, height)
    off = max(abs(box.x + box.width / 2 - width / 2), abs(box.y + box.height / 2 - height / 2))
    return box.width > 0.4 * side and off < 0.2 * max(width, height)
