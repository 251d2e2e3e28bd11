"""Pixel twins: the same picture more than once, often with another label, often on both sides of a split."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt


def fingerprints(images: npt.NDArray[np.uint8]) -> list[bytes]:
    """One digest per image of uint8 (N, H, W) or (N, H, W, 3); equal pixels give equal digests."""
    return [blake2b(np.ascontiguousarray(image).tobytes(), digest_size=16).digest() for image in images]


def has_twin(images: npt.NDArray[np.uint8], *others: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Bool (N,): whether an image of `images` is found, pixel for pixel, in any of `others`."""
    known = {digest for other in others for digest in fingerprints(other)}
    return np.array([digest in known for digest in fingerprints(images)], dtype=np.bool_)
