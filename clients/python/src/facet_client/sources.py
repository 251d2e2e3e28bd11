"""Photos on their way out: named, measured, opened when it is their turn, and put together into requests."""

import html
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from facet_client.answers import Photo, Rejected

Source: TypeAlias = str | os.PathLike[str] | bytes | tuple[str, bytes]
"""A file's path, or the bytes of a photo, with a name or without."""

PHOTOS_PER_REQUEST: Final = 50
"""As many as a Facet takes unless its administrator chose another number."""

BYTES_PER_REQUEST: Final = 64 * 1024 * 1024
"""A larger photo goes alone."""

LONGEST_NAME: Final = 120
"""Letters that the server keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one file: a photo, or the reason why there is none.

    `source` is the path as it was given, or the name that came with the bytes; `new` is False for a photo that you had
    sent before. `batch` is the id of what it was sent with, None for what never left this machine.
    """

    source: str
    photo: Photo | None = None
    rejected: Rejected | None = None
    new: bool = True
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A photo before it is sent; `content` are bytes or the path of a file, `size` is in bytes."""

    source: str
    name: str
    content: bytes | Path
    size: int

    def open(self) -> IO[bytes]:
        """From its beginning. Raises OSError."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")


def called(source: Source, place: int) -> str:
    """The path as it was given, or the name of the bytes; bytes without a name are called by their place in line."""
    if isinstance(source, bytes):
        return f"photo-{place + 1}"
    return source[0] if isinstance(source, tuple) else str(source)


def item_of(source: Source, place: int) -> Item | Sent:
    """Ready to be sent; or already refused, when there is no such file or it cannot be read."""
    name = called(source, place)
    if isinstance(source, bytes | tuple):
        content = source if isinstance(source, bytes) else source[1]
        return Item(name, plain(name), content, len(content))
    path = Path(source)
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        return not_opened(name, path.name, error)
    return Item(name, plain(path.name), path, size)


def not_opened(source: str, name: str, error: OSError) -> Sent:
    """The outcome of a file that cannot be read on this machine."""
    reason = error.strerror or type(error).__name__
    return Sent(source=source, rejected=Rejected(name=name, code="cannot_open", detail=f"{reason}."))


def plain(name: str) -> str:
    """The name in the form in which the server keeps it, so that the answer can be told apart by names."""
    while (unescaped := html.unescape(name)) != name:
        name = unescaped
    last = re.split(r"[\\/]", name)[-1].replace('"', "'")
    shown = "".join(letter for letter in last if letter.isprintable() and unicodedata.category(letter)[0] != "C")
    shown = shown.strip()[:LONGEST_NAME].strip()
    return "photo" if shown in {"", ".", ".."} else shown


def requests_of(items: Iterable[Item]) -> Iterator[list[Item]]:
    """In order, each with a bounded number of photos and bytes, and no two of the same name."""
    group: list[Item] = []
    names: set[str] = set()
    size = 0
    for item in items:
        full = len(group) >= PHOTOS_PER_REQUEST or size + item.size > BYTES_PER_REQUEST
        if group and (full or item.name in names):
            yield group
            group, names, size = [], set(), 0
        group.append(item)
        names.add(item.name)
        size += item.size
    if group:
        yield group


@contextmanager
def opened(items: Iterable[Item], field: str = "photos") -> Iterator[list[tuple[str, tuple[str, Any]]]]:
    """The parts of a form, read from disk while they are sent. Raises CannotOpen."""
    with ExitStack() as stack:
        yield [(field, (item.name, stack.enter_context(_file_of(item)))) for item in items]


def _file_of(item: Item) -> IO[bytes]:
    try:
        return item.open()
    except OSError as error:
        raise CannotOpen(item, error) from error


class CannotOpen(Exception):
    """A file went away between being counted and being sent."""

    def __init__(self, item: Item, error: OSError) -> None:
        """Which, and why."""
        super().__init__(str(error))
        self.item = item
        self.error = error
