"""A restore: everything is checked, then the files are put back, then the database is exchanged in one step.

The files come first because the exchange of the database is what counts: interrupted before it, an installation works
as before with some files that no row knows, and the same command does it all again.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from analysis import runs, workers
from facet.backup import archive, files, refusals
from facet.backup.contents import Contents
from facet.backup.database import vendor
from facet.backup.errors import BackupError, plainly
from facet.backup.progress import Progress
from facet.supervisor import lock

UNFINISHED: Final = "restore.unfinished"
"""In FACET_VAR_DIR while a restore is under way: what its archive is, so that it may be run again."""

WHEN_FULL: Final = (
    "Make room there and where photos are kept, then run the same command again. What was here before still works; "
    "photos of the archive that are there already are not written again."
)


@dataclass(frozen=True)
class Restored:
    """What was done; `requeued` counts analyses that were being read and wait again, `removed` files of no row."""

    contents: Contents
    migrated: int
    requeued: int
    removed: int


def restore(path: Path, progress: Progress, *, replace: bool) -> Restored:
    """Bring back what is in the archive. Raises BackupError; what was there is then as it was."""
    folder = Path(settings.VAR_DIR)
    with plainly(folder, when_full=WHEN_FULL), _alone(folder):
        contents = archive.contents_of(path)
        refusals.refuse_other_vendor(contents)
        refusals.refuse_newer(contents)
        refusals.refuse_while_it_runs()
        unfinished = folder / UNFINISHED
        if not replace and not _is_again(unfinished, contents):
            refusals.refuse_to_lose()
        archive.check(path, progress)
        unfinished.write_text(_print_of(contents), encoding="ascii")
        restored = _bring_back(path, contents, progress, replace=replace)
        unfinished.unlink()
        return restored


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the supervisor's lock, so that nothing starts from this folder meanwhile. Raises BackupError."""
    try:
        held = lock.take(folder / "supervisor.lock")
    except lock.AlreadyRunningError as error:
        raise BackupError(str(error)) from None
    with held:
        yield


def _print_of(contents: Contents) -> str:
    return hashlib.sha256(contents.to_json()).hexdigest()


def _is_again(unfinished: Path, contents: Contents) -> bool:
    """Whether a restore of this archive was interrupted here."""
    return unfinished.is_file() and unfinished.read_text(encoding="ascii") == _print_of(contents)


def _bring_back(path: Path, contents: Contents, progress: Progress, *, replace: bool) -> Restored:
    database = vendor()
    place = database.working_folder()
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".facet-restore-", dir=place, ignore_cleanup_errors=True) as work:
        progress.say("database")
        unpacked = _unpack_database(path, contents, Path(work))
        with closing(files.Names(Path(work) / "names")) as names:
            files.unpack(path, progress, of=contents.files, names=names)
            os.sync()  # the files are on the disk before a row says so
            progress.say("database")
            database.put_in_place(unpacked, contents)
            progress.clear()
            migrated, requeued = _set_going(contents)
            removed = files.remove_others(names) if replace else 0
    return Restored(contents, migrated, requeued, removed)


def _unpack_database(path: Path, contents: Contents, folder: Path) -> Path:
    for member in archive.members(path):
        if member.name == contents.database:
            return vendor().unpack(member.stream, contents, folder)
    raise BackupError("The archive holds no database. Take another archive.")


def _set_going(contents: Contents) -> tuple[int, int]:
    """Migrate, and queue again what was being read when the backup was made: how many of each."""
    call_command("migrate", interactive=False, verbosity=0)
    migrated = set(MigrationRecorder(connection).applied_migrations()) - contents.migrations_known_as
    workers.forget_all()
    requeued = runs.requeue_lost(every_lease=True)
    vendor().refresh_statistics()
    return len(migrated), requeued
