"""How much one photo may cost, and the sentences for what costs more."""

import io
import time
from dataclasses import dataclass

from vision.types import ReadingError


@dataclass(frozen=True, slots=True)
class Limits:
    """What decoding one photo may take. Pixels and memory are checked on the header, before memory is taken."""

    bytes: int = 25 * 1024 * 1024
    pixels: int = 50_000_000
    memory: int = 512 * 1024 * 1024
    """Bytes beside the file itself; formats that need much memory for a pixel may therefore have fewer pixels."""
    seconds: float = 20.0
    """Of wall time. Looked at whenever a decoder asks for more of the file, and C code is not interrupted: the bounds
    on pixels, chunks and scans are what keeps the time between two looks short."""


class PhotoError(ValueError):
    """A photo cannot be read; `reason` says why in the words of the person who sent it."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` is stable: empty, too_large, too_small, too_complex, unsupported or unreadable."""
        super().__init__(sentence)
        self.reason = ReadingError(code, sentence)


def empty() -> PhotoError:
    """Not one byte."""
    return PhotoError("empty", "The file is empty. Choose the photo again.")


def too_many_bytes(limits: Limits) -> PhotoError:
    """More bytes than `limits`."""
    megabytes = limits.bytes // (1024 * 1024)
    return PhotoError("too_large", f"The file is over {megabytes} MB. Send a smaller version of the photo.")


def too_many_pixels(pixels: int) -> PhotoError:
    """More than the `pixels` that are allowed."""
    most = max(pixels // 1_000_000, 1)
    return PhotoError("too_large", f"The photo has over {most} megapixels. Send a smaller version of it.")


def too_small(width: int, height: int) -> PhotoError:
    """Too few pixels one way or the other."""
    return PhotoError("too_small", f"The photo is only {width} x {height} pixels. Send a larger one.")


def too_narrow(width: int, height: int) -> PhotoError:
    """A strip in which no face would be left after shrinking."""
    return PhotoError("too_small", f"The photo is {width} x {height} pixels, too narrow for a face. Send another one.")


def too_complex() -> PhotoError:
    """Made, by accident or on purpose, so that reading it takes long."""
    return PhotoError("too_complex", "Reading this file would take too long. Save the photo again as an ordinary JPEG.")


def unreadable() -> PhotoError:
    """Begins like a photo and then is none."""
    return PhotoError("unreadable", "The file is damaged or incomplete. Send the original photo again.")


class TimedBytes(io.BytesIO):
    """A file in memory that stops giving when the time is up: decoders written in Python or fed in pieces end there."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """`data` is not copied. The clock starts now."""
        super().__init__(data)
        self._end = time.monotonic() + limits.seconds

    def read(self, size: int | None = -1, /) -> bytes:
        """As in any file. Raises PhotoError (too_complex) when the time is up."""
        if time.monotonic() > self._end:
            raise too_complex()
        return super().read(size)
