"""HEIC and HEIF through pi-heif, the extra `heic`: it only decodes, so its wheels are LGPL.

pillow-heif, its sibling, bundles an encoder and is GPL.
"""

from typing import Any

from PIL.ImageFile import ImageFile

from vision.decoding.limits import TimedBytes


def opened(file: TimedBytes) -> ImageFile:
    """The primary picture, already turned upright by libheif. Raises ImportError without the extra."""
    from pi_heif import options
    from pi_heif.as_plugin import HeifImageFile

    options.DECODE_THREADS = 1  # workers are the parallelism
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    image: Any = HeifImageFile(file)
    return image  # type: ignore[no-any-return]
