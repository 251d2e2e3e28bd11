"""What goes wrong with a backup, in the operator's words."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.db import DatabaseError

NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}


class BackupError(Exception):
    """Nothing was done, or it was undone; the message is a sentence with a next step."""


def _no_room(place: Path, then: str) -> BackupError:
    return BackupError(f"The disk of {place} is full. {then}")


@contextmanager
def plainly(place: Path, *, when_full: str) -> Iterator[None]:
    """Say in a sentence what the system refuses while `place` is written, `when_full` with it. Raises BackupError."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _no_room(place, when_full) from error
        where = f" {error.filename}" if error.filename else ""
        raise BackupError(
            f"The system refuses it:{where} {error.strerror or error}. Mend that, then try again."
        ) from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise _no_room(place, when_full) from error
        raise BackupError(f"SQLite says: {error}. Nothing was changed; try again.") from error
    except DatabaseError as error:
        said = str(error).strip().splitlines() or ["no reason"]
        raise BackupError(
            f"The database says: {said[0]}. Check that it runs and DATABASE_URL, then try again."
        ) from error
