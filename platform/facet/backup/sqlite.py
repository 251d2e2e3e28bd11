"""SQLite: a copy of one moment beside running processes, and one rename back."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Final, cast

from django.db import connection, connections

from facet.backup.contents import Contents
from facet.backup.errors import BackupError
from facet.backup.snapshot import Snapshot, count_rows, migrations, write_references

MEMBER: Final = "database.sqlite3.gz"
CHUNK: Final = 1 << 20
ALONE_WITHIN_S: Final = 2.0
COMPANIONS: Final = ("-wal", "-shm", "-journal")


def _file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _open(path: Path, *, timeout: float = 20.0) -> sqlite3.Connection:
    """Never makes a file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=timeout)


def take(folder: Path) -> Snapshot:
    """`VACUUM INTO`: readers and writers go on, and what was deleted is not in it. Raises sqlite3.Error, OSError."""
    if not _file().is_file():
        raise BackupError(f"There is no database at {_file()}: nothing to back up. Check FACET_VAR_DIR.")
    copy, packed, references = folder / "database.sqlite3", folder / MEMBER, folder / "references"
    with closing(_open(_file())) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    with closing(_open(copy)) as database:
        tables = _tables(database)
        if "django_migrations" not in tables:
            raise BackupError(f"The database at {_file()} is empty: nothing to back up. Check FACET_VAR_DIR.")
        cursor = database.cursor()
        write_references(cursor, tables, references)
        applied, rows = migrations(cursor), count_rows(cursor, tables)
    size = copy.stat().st_size
    with copy.open("rb") as plain, gzip.open(packed, "wb") as out:
        shutil.copyfileobj(plain, out, CHUNK)
    copy.unlink()
    return Snapshot(MEMBER, packed, size, applied, rows, references)


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return [name for (name,) in found]


def working_folder() -> Path:
    """Where to unpack: the database's folder, so that one rename puts the new one in its place."""
    return _file().parent


def unpack(stream: IO[bytes], contents: Contents, folder: Path) -> Path:
    """The database as a file in `folder`, checked. Raises BackupError when it is not what `contents` says."""
    path = folder / "database.sqlite3"
    with path.open("wb") as out:
        try:
            with gzip.open(stream) as plain:
                _copy(cast("IO[bytes]", plain), out, contents.database_bytes)
        except (gzip.BadGzipFile, EOFError):
            raise _damaged() from None
        out.flush()
        os.fsync(out.fileno())
    try:
        with closing(_open(path)) as database:
            whole = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            rows = count_rows(database.cursor(), _tables(database)) if whole else None
    except sqlite3.DatabaseError:
        raise _damaged() from None
    if rows != contents.rows:
        raise _damaged()
    return path


def _copy(plain: IO[bytes], out: IO[bytes], size: int) -> None:
    """Exactly `size` bytes: a small archive must not fill the disk."""
    left = size
    while data := plain.read(min(CHUNK, left + 1)):
        left -= len(data)
        if left < 0:
            break
        out.write(data)
    if left:
        raise _damaged()


def _damaged() -> BackupError:
    return BackupError("The database in the archive is damaged. Nothing was changed. Take another archive.")


def make_sure_nobody_uses_it() -> None:
    """Raises BackupError when another process has the database open, supervised or not."""
    connections.close_all()
    if not _file().is_file():
        return
    try:
        with closing(_open(_file(), timeout=ALONE_WITHIN_S)) as database:
            # leaving WAL needs the file alone, and puts what is in -wal into the database
            database.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise BackupError(
                f"Another process has {_file()} open. Stop Facet and whatever else reads it, then restore again."
            ) from None
    except sqlite3.DatabaseError:
        pass  # damaged, perhaps the reason for this restore


def put_in_place(path: Path, _contents: Contents) -> None:
    """One rename: before it the old database is there, after it the new one. Raises BackupError, OSError."""
    make_sure_nobody_uses_it()
    target = _file()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    path.chmod(mode)
    for companion in COMPANIONS:  # pages in them belong to the old database
        target.with_name(target.name + companion).unlink(missing_ok=True)
    path.replace(target)
    with suppress(OSError):  # some file systems cannot
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def refresh_statistics() -> None:
    """SQLite keeps none that matter here."""
