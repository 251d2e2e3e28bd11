"""Photos and thumbnails, through the storage's API alone, one at a time and never whole in memory."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.db import DatabaseError

from facet.backup import archive
from facet.backup.errors import BackupError
from facet.backup.progress import Progress, bytes_in_words
from facet.backup.snapshot import Reference, file_fields, read_references

CHUNK: Final = 1 << 20


@dataclass
class Packed:
    """What went into the archive; `missing` are files of rows that are still there."""

    files: int = 0
    size: int = 0
    missing: list[Reference] = field(default_factory=list)


def pack(writer: archive.Writer, references: Path, progress: Progress) -> Packed:
    """Add every file that a row refers to. Raises OSError, and what the storage raises when it cannot be reached."""
    packed = Packed()
    for reference in read_references(references):
        try:
            with _storage_in_words(), default_storage.open(reference.name) as stored:
                size = stored.size
                writer.add(archive.MEDIA + reference.name, stored, size)
        except FileNotFoundError:
            if reference.still_holds():
                packed.missing.append(reference)
            continue
        packed.files, packed.size = packed.files + 1, packed.size + size
        progress.say(f"files: {packed.files}, {bytes_in_words(packed.size)}")
    progress.clear()
    return packed


class Names:
    """A set of file names on the disk, for more names than memory should hold."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("CREATE TABLE names (name TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, name: str) -> None:
        """Put it in, if it is not."""
        self._database.execute("INSERT OR IGNORE INTO names VALUES (?)", (name,))

    def __contains__(self, name: str) -> bool:
        return self._database.execute("SELECT 1 FROM names WHERE name = ?", (name,)).fetchone() is not None

    def close(self) -> None:
        """Its file can be removed then."""
        self._database.close()


def unpack(path: Path, progress: Progress, *, of: int, names: Names) -> Packed:
    """Put every file of the archive into the storage, in the place of one of that name; `names` gets all of them."""
    packed = Packed()
    for member in archive.members(path):
        if not member.name.startswith(archive.MEDIA):
            continue
        name = member.name.removeprefix(archive.MEDIA)
        with _storage_in_words():
            _put(name, member)
        names.add(name)
        packed.files, packed.size = packed.files + 1, packed.size + member.size
        progress.say(f"files: {packed.files} of {of}, {bytes_in_words(packed.size)}")
    progress.clear()
    return packed


def _put(name: str, member: archive.Member) -> None:
    """In the place of one of that name; one that is the same stays, since rows that are there may need it."""
    if default_storage.exists(name):
        with default_storage.open(name) as there:
            same = there.size == member.size and _digest(there) == _digest(member.stream)
        if same:
            return
        member.stream.seek(0)
        default_storage.delete(name)
    kept = default_storage.save(name, File(member.stream, name))
    if kept != name:
        default_storage.delete(kept)
        raise BackupError(
            "The storage would keep a file under another name than its row says. Empty the media folder, or name "
            "another one with FACET_MEDIA_DIR, then restore again."
        )


def _digest(stream: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    while data := stream.read(CHUNK):
        digest.update(data)
    return digest.digest()


def remove_others(names: Names) -> int:
    """Remove what is not in `names` from the folders in which rows keep files; how many those were."""
    removed = 0
    for folder in _folders():
        for name in list(_below(default_storage, folder)):
            if name not in names:
                default_storage.delete(name)
                removed += 1
    return removed


def _folders() -> Iterator[str]:
    """The first folders of the names that rows give to their files."""
    firsts = {
        PurePosixPath(file_field.generate_filename(model(), "name.jpg")).parts[0] for model, file_field in file_fields()
    }
    yield from sorted(firsts)


def _below(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for inner in folders:
        yield from _below(storage, f"{folder}/{inner}")


@contextmanager
def _storage_in_words() -> Iterator[None]:
    """Each storage has errors of its own. Raises BackupError for all that are not the system's."""
    try:
        yield
    except (BackupError, OSError, DatabaseError):
        raise
    except Exception as error:
        raise BackupError(
            f"The storage of the photos says: {type(error).__name__}: {error}. Mend that, then try again."
        ) from error
