"""A line on the terminal that says how far things are; nothing where nobody looks."""

import sys
import time
from types import TracebackType
from typing import TextIO

from facet_client.command.words import duration

WIDTH = 30
EVERY_S = 0.1


class Bar:
    """`Reading  [#####     ]  37 of 120`, drawn over itself."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """On standard error; only if that is a terminal."""
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._drawn_at = 0.0
        self._length = 0

    def show(self, what: str, done: int, total: int, seconds_left: float | None = None) -> None:
        """How far `what` is, and in how many seconds all of it will be done."""
        now = time.monotonic()
        if not self._shown or (done < total and now - self._drawn_at < EVERY_S):
            return
        self._drawn_at = now
        filled = WIDTH * done // max(total, 1)
        left = "" if seconds_left is None or done >= total else f", ready in about {duration(seconds_left)}"
        self._draw(f"{what:<8} [{'#' * filled}{' ' * (WIDTH - filled)}] {done} of {total}{left}")

    def clear(self) -> None:
        """Make room for a sentence."""
        if self._length:
            self._draw("")
            self._stream.write("\r")
            self._stream.flush()

    def _draw(self, line: str) -> None:
        self._stream.write("\r" + line.ljust(self._length))
        self._stream.flush()
        self._length = len(line)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
