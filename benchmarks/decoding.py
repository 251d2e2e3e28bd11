"""From bytes to pixels: milliseconds by size of the photo, beside Pillow's and OpenCV's whole decode in the same run.

The ratios mean more than the milliseconds of a shared machine. Run by `python benchmarks/decoding.py`.
"""

import io
import time
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image
from skimage import data

from vision.decoding import Limits, decode
from vision.reader import ENOUGH

SIZES = {0.3: (640, 480), 1.0: (1152, 864), 4.0: (2304, 1728), 12.0: (4000, 3000)}
"""Megapixels and the photo's sides."""
ROUNDS = 15


def photo(width: int, height: int, **options: object) -> bytes:
    """The astronaut with a sensor's noise, as a JPEG of a camera's quality."""
    image = Image.fromarray(data.astronaut()).resize((width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(0).integers(-6, 7, (height, width, 1))
    noisy = np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=88, **options)
    return buffer.getvalue()


def best_ms(*calls: Callable[[], object]) -> list[float]:
    """The shortest of the rounds for each call; they take turns, in changing order because memory stays warm."""
    times = [[0.0] * ROUNDS for _ in calls]
    for turn in range(ROUNDS):
        for index in np.random.default_rng(turn).permutation(len(calls)):
            began = time.perf_counter()
            calls[index]()
            times[index][turn] = time.perf_counter() - began
    return [min(taken) * 1e3 for taken in times]


def pillow(file: bytes) -> object:
    """What most programs do."""
    with Image.open(io.BytesIO(file)) as image:
        return np.array(image.convert("RGB"))


def main() -> None:
    """Print one row for each size and coding."""
    cv2.setNumThreads(1)
    print("JPEG, ms (and share of Pillow's whole decode): pixels for the reader, whole, OpenCV whole, OpenCV reduced")
    for name, options in (("baseline", {}), ("progressive", {"progressive": True})):
        for megapixels, (width, height) in SIZES.items():
            file = photo(width, height, **options)
            raw = np.frombuffer(file, np.uint8)
            half = cv2.IMREAD_REDUCED_COLOR_2 if max(width, height) // 2 >= ENOUGH else cv2.IMREAD_COLOR
            reference, *ours = best_ms(
                lambda: pillow(file),  # noqa: B023
                lambda: decode(file, Limits(), enough=ENOUGH),  # noqa: B023
                lambda: decode(file, Limits()),  # noqa: B023
                lambda: cv2.imdecode(raw, cv2.IMREAD_COLOR_RGB),  # noqa: B023
                lambda: cv2.imdecode(raw, half),  # noqa: B023
            )
            shown = ", ".join(f"{ms:6.1f} ({ms / reference:4.0%})" for ms in ours)
            print(f"{megapixels:4} MP {name:11} Pillow {reference:6.1f}: {shown}")


if __name__ == "__main__":
    main()
