"""A backup: the database first, then the files that it names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from facet.backup import files
from facet.backup.archive import Writer
from facet.backup.contents import Contents, facet_version
from facet.backup.database import vendor
from facet.backup.errors import BackupError, plainly
from facet.backup.progress import Progress
from facet.backup.snapshot import Reference, Snapshot

WHEN_FULL: Final = "Nothing was left behind. Make room, or name a place on another disk with --to."


@dataclass(frozen=True)
class Made:
    """A finished archive of `size` bytes; `missing` are files that rows refer to and the storage does not have."""

    path: Path
    size: int
    contents: Contents
    missing: list[Reference]


def make(target: str | Path | None, progress: Progress) -> Made:
    """Write an archive: `target`, or a new name in it when it is a folder or ends with "/".

    Raises BackupError, and leaves nothing behind then.
    """
    with plainly(Path(target or settings.VAR_DIR), when_full=WHEN_FULL):
        path = _target(target)
    with plainly(path.parent, when_full=WHEN_FULL), _work_beside(path) as work:
        progress.say("database")
        snapshot = vendor().take(work)
        whole = work / "archive"
        with Writer(whole, _contents(snapshot), work / "sums") as writer:
            with snapshot.path.open("rb") as database:
                writer.add(snapshot.member, database, snapshot.path.stat().st_size)
            snapshot.path.unlink()
            packed = files.pack(writer, snapshot.references, progress)
            contents = writer.finish(files=packed.files, files_bytes=packed.size, files_missing=len(packed.missing))
        size = whole.stat().st_size
        whole.rename(path)
        _sync(path.parent)
    return Made(path, size, contents, packed.missing)


def _contents(snapshot: Snapshot) -> Contents:
    return Contents(
        facet=facet_version(),
        made_at=timezone.now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
        migrations=snapshot.migrations,
        rows=snapshot.rows,
        database=snapshot.member,
        database_bytes=snapshot.size,
    )


def _target(asked: str | Path | None) -> Path:
    """Where the archive will be. Raises BackupError for a place that is taken, or that others may read."""
    path = Path(asked or Path(settings.VAR_DIR) / "backups").absolute()
    if asked is None or str(asked).endswith("/") or path.is_dir():
        path /= f"facet-{timezone.now():%Y%m%d-%H%M%S}.tar"
    if path.exists():
        raise BackupError(f"{path} is there already. Choose another name with --to, or remove it.")
    for name, folder in _served():
        if path.resolve().is_relative_to(folder.resolve()):
            raise BackupError(f"{path} lies in the {name} folder, out of which Facet serves. Choose another with --to.")
    return path


def _served() -> Iterator[tuple[str, Path]]:
    yield "static", Path(settings.STATIC_ROOT)
    with suppress(NotImplementedError):  # no folder of this machine
        yield "media", Path(default_storage.path(""))


@contextmanager
def _work_beside(path: Path) -> Iterator[Path]:
    """A hidden folder on the target's disk, for this user only, removed with all that is in it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".facet-backup-", dir=path.parent, ignore_cleanup_errors=True) as work:
        yield Path(work)


def _sync(folder: Path) -> None:
    """So that the name survives a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
