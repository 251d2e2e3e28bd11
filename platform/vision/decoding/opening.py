"""From bytes to an opened, not yet decoded picture, by the one decoder that the format needs.

The decoders' classes are called directly: `Image.open` would also try others, and follow a JPEG into its appendices.
"""

from collections.abc import Callable
from typing import Final

from PIL import AvifImagePlugin, Image
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from vision.decoding import formats, heic, jpeg, png
from vision.decoding.formats import Format
from vision.decoding.limits import Limits, TimedBytes

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # workers are the parallelism

_DECODERS: Final[dict[Format, Callable[[TimedBytes], ImageFile]]] = {
    formats.JPEG: JpegImageFile,
    formats.PNG: PngImageFile,
    formats.WEBP: WebPImageFile,
    formats.GIF: GifImageFile,
    formats.AVIF: AvifImagePlugin.AvifImageFile,
    formats.HEIC: heic.opened,
}


def opened(data: bytes, kind: Format, limits: Limits) -> ImageFile:
    """The first picture in `data`, its header read. Raises PhotoError and whatever decoders raise."""
    beside: dict[str, bytes | int] = {}
    if kind is formats.JPEG:
        data, beside = jpeg.essential(data)
    elif kind is formats.PNG:
        data = png.essential(data)
    image = _DECODERS[kind](TimedBytes(data, limits))
    image.info.update(beside)
    return image


def pixel_cost(image: Image.Image, kind: Format, scale: int) -> float:
    """Bytes for each pixel of the file that decoding takes at 1/`scale` of the size."""
    if kind is not formats.JPEG:
        return kind.pixel_cost
    several = "progressive" in image.info or image.info["scans"] > 1  # then libjpeg holds the whole picture, unshrunk
    coefficients = 2 * len(image.getbands()) if several else 0
    return kind.pixel_cost / scale**2 + coefficients
