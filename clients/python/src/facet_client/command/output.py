"""Where results go: standard output, or a file that is complete or not there."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from facet_client.command.exits import CommandError
from facet_client.command.rows import Result, write_csv, write_json, write_text


def writer_of(options: argparse.Namespace) -> Callable[[Iterable[Result], TextIO], None]:
    """By the options --csv and --json."""
    if options.csv:
        return write_csv
    return write_json if options.json else write_text


@contextmanager
def opened(name: str | None) -> Iterator[TextIO]:
    """To write to. The file takes its place at the end, so that an earlier one is not lost to half a result.

    Raises CommandError at once when it cannot be written: not after an hour of work.
    """
    if name is None:
        yield sys.stdout
        return
    path = Path(name)
    try:
        if path.exists() and not path.is_file():  # a pipe, or /dev/stdout
            with path.open("w", encoding="utf-8", newline="") as out:
                yield out
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as out:
            yield out
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
