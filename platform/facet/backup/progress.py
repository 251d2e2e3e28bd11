"""One line on a terminal that says how far it is."""

import time
from typing import Final, Protocol

EVERY_S: Final = 0.2


class Stream(Protocol):
    """What a terminal and Django's wrapper around it have in common."""

    def write(self, text: str, /) -> object:
        """Write."""

    def flush(self) -> object:
        """Show."""

    def isatty(self) -> bool:
        """Whether somebody looks."""


class Progress:
    """Says nothing where nobody looks: into a file, a pipe, the mail of cron."""

    def __init__(self, stream: Stream | None = None) -> None:
        self._stream = stream if stream is not None and stream.isatty() else None
        self._next = 0.0

    def say(self, line: str) -> None:
        """Show `line` in the place of the one before, unless that is very recent."""
        now = time.monotonic()
        if self._stream is not None and now >= self._next:
            self._next = now + EVERY_S
            self._put(line)

    def clear(self) -> None:
        """Leave an empty line for what comes."""
        if self._stream is not None and self._next:
            self._next = 0.0
            self._put("")

    def _put(self, line: str) -> None:
        assert self._stream is not None  # noqa: S101  both callers have looked
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()


def bytes_in_words(number: int) -> str:
    """As 1.5 GB; powers of 1000, as disks are sold."""
    value, unit = float(number), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{number} bytes" if unit == "bytes" else f"{value:.1f} {unit}"


def counted(number: int, word: str) -> str:
    """As "1 file", "2 files"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
