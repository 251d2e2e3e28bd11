"""Image bytes to upright RGB pixels, within bounds on bytes and pixels."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from vision.preprocessing import ImageU8
from vision.types import ReadingError

# Pillow would warn on standard error about large pictures; the bound below refuses them before memory is taken.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

FORMATS: Final = ("JPEG", "PNG", "WEBP")
"""Only these decoders are tried: each of Pillow's forty others is one more way in."""

SMALLEST_SIDE: Final = 16
"""Pixels; below this no face can be found and filters misbehave."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a photo may be. `pixels` is checked on the header, before memory is taken for it."""

    bytes: int = 25 * 1024 * 1024
    pixels: int = 50_000_000


class PhotoError(ValueError):
    """A photo cannot be read; `reason` says why in the words of the person who sent it."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` is stable: empty, too_large, too_small, unsupported or unreadable."""
        super().__init__(sentence)
        self.reason = ReadingError(code, sentence)


def decode(data: bytes, limits: Limits) -> ImageU8:
    """The photo as uint8 (H, W, 3) RGB, turned upright by its EXIF orientation. Raises PhotoError.

    Transparent parts become white; of an animation the first frame is taken; 16-bit grey is scaled, not clipped.
    """
    if not data:
        raise PhotoError("empty", "The file is empty. Choose the photo again.")
    if len(data) > limits.bytes:
        megabytes = limits.bytes // (1024 * 1024)
        raise PhotoError("too_large", f"The file is over {megabytes} MB. Send a smaller version of the photo.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image.size, limits)
            image.load()
            return np.array(_to_rgb(ImageOps.exif_transpose(image)), dtype=np.uint8)
    except UnidentifiedImageError:
        raise PhotoError("unsupported", "This is not a JPEG, PNG or WebP photo. Save it as one of these.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(limits) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("unreadable", "The file is damaged or incomplete. Send the original photo again.") from error


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.pixels:
        raise _too_many_pixels(limits)
    if min(width, height) < SMALLEST_SIDE:
        raise PhotoError("too_small", f"The photo is only {width} x {height} pixels. Send a larger one.")


def _too_many_pixels(limits: Limits) -> PhotoError:
    megapixels = limits.pixels // 1_000_000
    return PhotoError("too_large", f"The photo has over {megapixels} megapixels. Send a smaller version of it.")


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        values = np.asarray(image, dtype=np.float32)
        image = Image.fromarray(np.clip(values / 257.0, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def encode_jpeg(rgb: ImageU8, quality: int = 92) -> bytes:
    """`rgb` uint8 (H, W, 3) as a JPEG that carries no metadata at all."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality, optimize=False)
    return buffer.getvalue()
