"""What goes into a person's archive: data.json, the files it names, and a page of what is what.

Nothing is held in memory that grows with how much a person has: lists are written one entry at a time, files in chunks.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any, Final

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import personal
from accounts.models import User

CHUNK: Final = 1 << 20
SCHEMA: Final = 1
"""Raised when a key of data.json gets another meaning; new keys may come at any time."""

READ_ME: Final = """What Facet keeps about you, as of {now:%Y-%m-%d %H:%M} UTC.

data.json   everything in one JSON object; "schema" is its version. Times are ISO 8601, in UTC.
photos/     the pictures that are kept, named by the "id" of the photo in data.json
faces/      faces that were cut out of pictures that are not kept, named by the "id" of the face

What is there under each key of data.json: docs/privacy.md of Facet. Passwords, tokens and keys of second factors are
left out: nobody needs them to read this, and they let people in.
"""


def write(out: IO[bytes], person: User, *, told: Callable[[int], None]) -> None:
    """The whole archive to `out`. `told` hears after each file how many there are. Raises what the storage raises."""
    now = timezone.now()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr("README.txt", READ_ME.format(now=now))
        with archive.open("data.json", "w", force_zip64=True) as stream:
            for part in _json(person, now):
                stream.write(part.encode())
        for number, enclosure in enumerate(_enclosures(person), start=1):
            _enclose(archive, enclosure)
            told(number)


def _enclose(archive: zipfile.ZipFile, enclosure: personal.Enclosure) -> None:
    """One that is gone meanwhile is passed over: it was deleted while the archive was made."""
    try:
        with default_storage.open(enclosure.stored) as stored:
            entry = zipfile.ZipInfo(enclosure.path, date_time=(1980, 1, 1, 0, 0, 0))  # pictures are compressed already
            with archive.open(entry, "w", force_zip64=True) as stream:
                while data := stored.read(CHUNK):
                    stream.write(data)
    except FileNotFoundError:
        return


def _enclosures(person: User) -> Iterator[personal.Enclosure]:
    for holding in personal.holdings():
        if holding.enclosures is not None:
            yield from holding.enclosures(person)


def count_files(person: User) -> int:
    """How many there will be, as of now."""
    return sum(1 for _ in _enclosures(person))


def _json(person: User, now: datetime) -> Iterator[str]:
    """data.json in parts."""
    yield f'{{"schema": {SCHEMA}, "made_at": {json.dumps(now.isoformat())}'
    for holding in personal.holdings():
        if holding.collect is not None:
            yield f",\n{json.dumps(holding.name)}: "
            yield from _value(holding.collect(person))
    yield "\n}\n"


def _value(value: Any) -> Iterator[str]:
    """An iterator becomes a list, an entry at a time."""
    if not isinstance(value, Iterator):
        yield _dumped(value)
        return
    yield "["
    between = ""
    for entry in value:
        yield f"{between}\n{_dumped(entry)}"
        between = ","
    yield "]"


def _dumped(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    """Times in UTC, as ISO 8601; uuids and the like as they are written."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
