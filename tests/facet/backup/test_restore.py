"""What a restore meets, and where it is interrupted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from analysis import runs
from analysis.models import Photo
from facet.backup import archive, files, restoring, sqlite
from facet.supervisor import lock
from tests.facet.installations import destroy, every_file, every_row, left_in, run

MakePhoto = Callable[..., Photo]


def test_an_older_backup_is_migrated(lived_in: Path, migrated: Path, tmp_path: Path) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    run("backup", to=tmp_path / "old.tar")
    assert "django_session" not in archive.contents_of(tmp_path / "old.tar").rows
    destroy(lived_in, migrated)
    assert "Applied 1 migration" in run("restore", str(tmp_path / "old.tar"))
    assert "django_session" in every_row()
    assert Photo.objects.count() == 4


def test_an_installation_with_people_is_not_replaced_unasked(lived_in: Path, made: Path, make_photo: MakePhoto) -> None:
    rows, stored = every_row(), every_file()
    newer = make_photo(User.objects.create_user("ben@example.org", "x"))
    with pytest.raises(CommandError, match=r"not empty.*--replace"):
        run("restore", str(made))
    assert Photo.objects.filter(pk=newer.pk).exists()
    said = run("restore", str(made), replace=True)
    assert "Removed 2 files" in said
    assert (every_row(), every_file()) == (rows, stored)


def test_the_administrator_of_a_first_start_is_not_in_the_way(lived_in: Path, made: Path, migrated: Path) -> None:
    rows = every_row()
    destroy(lived_in, migrated)
    run("initialise")
    run("restore", str(made))
    assert every_row() == rows


def test_a_damaged_database_is_replaced_only_when_asked(lived_in: Path, made: Path) -> None:
    rows = every_row()
    connection.close()
    (lived_in / "facet.sqlite3").write_bytes(b"this was a database" * 1000)
    with pytest.raises(CommandError, match=r"not empty.*--replace"):
        run("restore", str(made))
    run("restore", str(made), replace=True)
    assert every_row() == rows


def test_it_is_refused_while_facet_runs_from_that_folder(lived_in: Path, made: Path) -> None:
    with lock.take(lived_in / "supervisor.lock"), pytest.raises(CommandError, match="already runs from this folder"):
        run("restore", str(made), replace=True)


def test_it_is_refused_while_another_process_has_the_database_open(lived_in: Path, made: Path) -> None:
    name = str(lived_in / "facet.sqlite3")
    code = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('SELECT * FROM accounts_user'); "
    other = subprocess.Popen(
        [sys.executable, "-c", f"{code} print('open', flush=True); sys.stdin.read()", name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(CommandError, match="Another process has"):
            run("restore", str(made), replace=True)
    finally:
        other.kill()
        other.wait()
    run("restore", str(made), replace=True)


class Interrupted(BaseException):
    """As the power being cut: nothing catches it."""


@pytest.mark.parametrize("stage", ["at the third file", "before the exchange", "while migrating", "while queueing"])
def test_interrupted_in_the_middle_the_same_command_finishes_it(
    lived_in: Path, made: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    rows, stored = every_row(), every_file()
    destroy(lived_in, migrated)
    calls = iter(range(100))

    def stop(*_: Any, **__: Any) -> None:
        raise Interrupted

    def save(name: str, content: Any) -> str:
        if next(calls) == 2:
            raise Interrupted
        return real(name, content)

    real = files.default_storage.save
    owner, name, replacement = {
        "at the third file": (files.default_storage, "save", save),
        "before the exchange": (sqlite, "put_in_place", stop),
        "while migrating": (restoring, "call_command", stop),
        "while queueing": (runs, "requeue_lost", stop),
    }[stage]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, replacement, raising=False)
        with pytest.raises(Interrupted):
            run("restore", str(made))
    run("restore", str(made))
    assert (every_row(), every_file()) == (rows, stored)
    assert not (lived_in / "restore.unfinished").exists()


def test_a_full_disk_leaves_the_installation_as_it_was(
    lived_in: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    rows, stored = every_row(), every_file()
    monkeypatch.setattr(sqlite, "_copy", no_room)
    with pytest.raises(CommandError, match="is full"):
        run("restore", str(made), replace=True)
    assert (every_row(), every_file()) == (rows, stored)
    assert not [name for name in left_in(lived_in) if name.startswith(".facet")]


def test_photos_that_are_there_are_not_touched_until_the_database_is_exchanged(
    lived_in: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replacement that fails at the last file leaves an installation with all its photos."""
    last = max(every_file())
    (lived_in / "media" / last).write_bytes(b"damaged")
    before = every_file() | {last: b""}

    def save(*_: Any) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.default_storage, "save", save, raising=False)
        with pytest.raises(CommandError, match=r"is full.*same command again"):
            run("restore", str(made), replace=True)
    assert every_file() | {last: b""} == before
    run("restore", str(made), replace=True)
    assert len(every_file()[last]) > len(b"damaged")
