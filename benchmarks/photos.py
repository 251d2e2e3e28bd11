"""Photos to measure with: made from pictures that scikit-image carries, so that every copy of the project has them.

The faces are those of the astronaut (NASA, public domain), mirrored, turned, lit and sized differently; the ground is
the cup of coffee (CC0). Where the shared photos are at hand, real ones are measured too.
"""

import io
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

SIDES = {0.3: (640, 480), 1: (1152, 864), 4: (2304, 1728), 12: (4000, 3000)}
"""Megapixels and the photo's sides in pixels."""
GRIDS = {1: (1, 1), 4: (2, 2), 20: (5, 4)}
"""Faces, and how they stand in columns and rows."""
SHARED = Path(os.environ.get("FACET_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "photos"

_HEAD = (110, 0, 330, 240)
_OVAL = (22, 4, 198, 212)
"""Of the astronaut: head and shoulders, and in that the head itself, left, top, right, bottom."""


def _picture(name: str) -> Image.Image:
    """One of those that scikit-image has in its package."""
    pixels: npt.NDArray[np.uint8] = getattr(data, name)()
    return Image.fromarray(pixels)


@cache
def _head() -> Image.Image:
    """The astronaut's head with a soft edge, RGBA."""
    head = _picture("astronaut").crop(_HEAD)
    mask = Image.new("L", head.size)
    ImageDraw.Draw(mask).ellipse(_OVAL, fill=255)
    head.putalpha(mask.filter(ImageFilter.GaussianBlur(5)))
    return head


def _person(height: int, rng: np.random.Generator) -> Image.Image:
    """A head, `height` pixels high, RGBA, in a light, an angle and a direction of its own."""
    head = _head()
    if rng.random() < 0.5:
        head = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    head = head.rotate(rng.uniform(-8, 8), Image.Resampling.BICUBIC)
    colours, light = np.asarray(head).copy(), rng.uniform(0.8, 1.15)
    colours[..., :3] = np.clip(colours[..., :3] * light, 0, 255)
    return Image.fromarray(colours).resize((round(height * head.width / head.height), height), Image.Resampling.LANCZOS)


def scene(width: int, height: int, faces: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    """RGB uint8 (height, width, 3) with 1, 4 or 20 faces in a grid, with a sensor's noise."""
    rng = np.random.default_rng(seed)
    ground = _picture("coffee").resize((width, height), Image.Resampling.LANCZOS)
    columns, rows = GRIDS[faces]
    across, down = width / columns, height / rows
    for index in range(faces):
        person = _person(round(min(across, down) * rng.uniform(0.75, 0.95)), rng)
        left = (index % columns) * across + rng.uniform(0, 1) * max(across - person.width, 0)
        top = (index // columns) * down + rng.uniform(0, 1) * max(down - person.height, 0)
        ground.paste(person, (round(left), round(top)), person)
    noise = rng.integers(-6, 7, (height, width, 1), dtype=np.int16)
    return np.clip(np.asarray(ground) + noise, 0, 255).astype(np.uint8)


def jpeg(rgb: npt.NDArray[np.uint8], **options: Any) -> bytes:
    """A file of a camera's quality."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=88, **options)
    return buffer.getvalue()


SHAPES = ((4000, 3000), (3000, 4000), (4608, 2592), (3464, 3464))
"""Sides of 12 megapixels, lying, upright, wide and square: each is another shape to the detector."""


@cache
def photo(megapixels: float, faces: int) -> bytes:
    """A JPEG of 0.3, 1, 4 or 12 megapixels with 1, 4 or 20 faces."""
    return jpeg(scene(*SIDES[megapixels], faces, seed=faces))


def shared_photos() -> dict[str, bytes]:
    """The shared photos by name; none where they are not at hand."""
    return {path.name: path.read_bytes() for path in sorted(SHARED.glob("*.jpg"))}
