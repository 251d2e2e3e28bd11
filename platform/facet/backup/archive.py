"""The archive: a plain tar that `tar` and `sha256sum --check SHA256SUMS` read without Facet.

Members, in this order: backup.json, the database, media/..., SHA256SUMS with a line for each of the others. Reading
goes through it once from front to back, in memory that does not grow with it.
"""

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from facet.backup.contents import Contents, from_json
from facet.backup.errors import BackupError
from facet.backup.progress import Progress, bytes_in_words

CONTENTS: Final = "backup.json"
SUMS: Final = "SHA256SUMS"
MEDIA: Final = "media/"
DATABASES: Final = ("database.sqlite3.gz", "database.dump")
ROOM_FOR_NUMBERS: Final = 200
"""Bytes that backup.json may grow by when its numbers are known at the end."""

CONTENTS_MOST: Final = 4_000_000
"""Bytes of backup.json that are read: far above a real one, far below what hurts."""

LINE_MOST: Final = 1000
"""Bytes of a line of SHA256SUMS that are read."""

BLOCK: Final = tarfile.BLOCKSIZE


@dataclass(frozen=True)
class Member:
    """One file in the archive; `stream` can be read until the next member is asked for."""

    name: str
    size: int
    stream: IO[bytes]


class _Hashed:
    """Reads `source` and digests what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


class Writer:
    """Writes an archive into `path`, which must not be there; `sums` is for a file of its own meanwhile."""

    def __init__(self, path: Path, contents: Contents, sums: Path) -> None:
        self._contents = contents
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self._sums = sums.open("w+b")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._room = len(contents.to_json()) + ROOM_FOR_NUMBERS
        self.add(CONTENTS, io.BytesIO(bytes(self._room)), self._room)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._sums.close()
        self._file.close()

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        """Add `size` bytes from `source`. Raises OSError, also when it holds fewer."""
        hashed = _Hashed(source)
        self._tar.addfile(self._header(name, size), hashed)
        self._tar.members.clear()  # type: ignore[attr-defined]  # else they stay in memory, one for each file
        self._sums.write(_line(hashed.digest.hexdigest(), name))

    def finish(self, *, files: int, files_bytes: int, files_missing: int) -> Contents:
        """Say what came together, end the archive and bring it to the disk."""
        contents = replace(
            self._contents, files=files, files_bytes=files_bytes, files_missing=files_missing,
            sums_at=self._tar.offset,
        )  # fmt: skip
        text = contents.to_json().ljust(self._room)
        self._sums.seek(0)
        self._sums.write(_line(hashlib.sha256(text).hexdigest(), CONTENTS))
        size = self._sums.seek(0, os.SEEK_END)
        self._sums.seek(0)
        self._tar.addfile(self._header(SUMS, size), self._sums)
        self._tar.close()
        self._file.seek(BLOCK)
        self._file.write(text)
        self._file.flush()
        os.fsync(self._file.fileno())
        return contents

    @staticmethod
    def _header(name: str, size: int) -> tarfile.TarInfo:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(time.time())
        return header


def _line(digest: str, name: str) -> bytes:
    """As `sha256sum` writes it."""
    return f"{digest}  {name}\n".encode()


def contents_of(path: Path) -> Contents:
    """Read backup.json only. Raises BackupError when the file is no backup, damaged, cut off or of a later format."""
    with _damage_in_words(path), path.open("rb") as beside:
        for member in members(path):
            if member.name != CONTENTS or member.size > CONTENTS_MOST:
                break
            text = member.stream.read()
            contents = from_json(text)
            if _sums(beside, contents, path).readline(LINE_MOST) != _line(hashlib.sha256(text).hexdigest(), CONTENTS):
                raise _damaged(CONTENTS)
            return contents
    raise _not_ours(path)


def members(path: Path) -> Iterator[Member]:
    """Every member in order. Raises BackupError at the first that has no place in a backup."""
    with _damage_in_words(path), tarfile.open(path, "r:") as tar:
        while (info := tar.next()) is not None:
            tar.members.clear()  # type: ignore[attr-defined]  # else they stay in memory, one for each file
            if info.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or info.issparse() or not _has_a_place(info.name):
                raise BackupError(
                    f"The archive holds something that no backup of Facet holds: {info.name[:200]!r}. "
                    "Nothing was restored. Find out where this file comes from."
                )
            stream = tar.extractfile(info)
            assert stream is not None  # noqa: S101  a regular file has one
            yield Member(info.name, info.size, stream)


def _has_a_place(name: str) -> bool:
    """Ours, or a plain path below media/: nothing that leaves it, nothing absolute, no other spelling of it."""
    if name in {CONTENTS, SUMS, *DATABASES}:
        return True
    return (
        name.startswith(MEDIA) and name.isprintable() and "\\" not in name and not {"", ".", ".."} & {*name.split("/")}
    )


def check(path: Path, progress: Progress) -> Contents:
    """Compare every member with its sha256. Raises BackupError that names the first damaged one."""
    contents = contents_of(path)
    with _damage_in_words(path), path.open("rb") as beside:
        sums = _sums(beside, contents, path)
        files = files_bytes = done = 0
        ended = False
        for member in members(path):
            if ended:
                raise _not_ours(path)
            if member.name == SUMS:
                ended = True
                continue
            digest = hashlib.file_digest(member.stream, "sha256").hexdigest()  # type: ignore[arg-type]
            if sums.readline(LINE_MOST) != _line(digest, member.name):
                raise _damaged(member.name)
            if member.name.startswith(MEDIA):
                files, files_bytes = files + 1, files_bytes + member.size
            done += member.size
            progress.say(f"checking: {bytes_in_words(done)} of {bytes_in_words(contents.sums_at)}")
        if not ended or sums.readline(LINE_MOST) or (files, files_bytes) != (contents.files, contents.files_bytes):
            raise _cut_off(path)
    progress.clear()
    return contents


def _sums(beside: IO[bytes], contents: Contents, path: Path) -> IO[bytes]:
    """SHA256SUMS, read through a second handle beside the members."""
    if path.stat().st_size < contents.sums_at + BLOCK:
        raise _cut_off(path)
    beside.seek(contents.sums_at)
    tar = tarfile.open(fileobj=beside, mode="r:")  # noqa: SIM115  closed with `beside`
    info = tar.next()
    stream = tar.extractfile(info) if info is not None and info.name == SUMS and info.isreg() else None
    if stream is None:
        raise _cut_off(path)
    return stream


@contextmanager
def _damage_in_words(path: Path) -> Iterator[None]:
    """Raises BackupError for a file that is not there, not readable or no tar."""
    try:
        yield
    except FileNotFoundError:
        raise BackupError(f"{path} is not there. Check the name.") from None
    except IsADirectoryError:
        raise BackupError(f"{path} is a folder. Name the archive in it.") from None
    except PermissionError:
        raise BackupError(f"{path} may not be read by this user. Run this as its owner.") from None
    except (tarfile.TarError, EOFError, UnicodeError, OverflowError):
        raise BackupError(f"{path} is damaged, or no backup of Facet. Take another archive.") from None


def _damaged(name: str) -> BackupError:
    return BackupError(f"The archive is damaged: {name} is not what was written. Take another archive.")


def _not_ours(path: Path) -> BackupError:
    return BackupError(f"{path} is no backup of Facet. Check the name.")


def _cut_off(path: Path) -> BackupError:
    return BackupError(f"{path} is not all there: its end is missing. Copy it again, or take another archive.")
