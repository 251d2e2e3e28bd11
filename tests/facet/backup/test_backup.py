"""Backups on SQLite: the round trip, while it is used, what is refused."""

import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from analysis.models import Analysis, Photo, Status, Worker
from facet.backup import archive, errors, files, snapshot, sqlite
from facet.backup.progress import Progress
from facet.backup.stopping import stoppable
from facet.management.commands.backup import FILES_MISSING
from tests.facet.installations import destroy, every_file, every_row, left_in, run

MakePhoto = Callable[..., Photo]


def test_after_everything_is_lost_every_row_and_every_byte_comes_back(
    lived_in: Path, made: Path, migrated: Path
) -> None:
    rows, stored = every_row(), every_file()
    assert len(stored) == 8
    assert len(set(stored.values())) == 8
    assert all(rows[table] for table in ("analysis_face", "analysis_correction", "analysis_historicalreview"))
    destroy(lived_in, migrated)
    assert every_file() == {}
    said = run("restore", str(made))
    assert every_row() == rows
    assert every_file() == stored
    assert "8 files" in said
    assert left_in(lived_in) <= {"facet.sqlite3", "facet.sqlite3-wal", "facet.sqlite3-shm", "media", "supervisor.lock"}


def test_a_folder_without_any_database_is_filled_as_well(lived_in: Path, made: Path) -> None:
    rows, stored = every_row(), every_file()
    connection.close()
    shutil.rmtree(lived_in)
    run("restore", str(made))
    assert (every_row(), every_file()) == (rows, stored)


def test_the_archive_is_for_its_owner_only_and_other_tools_read_it(made: Path, tmp_path: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "--extract", f"--file={made}"], cwd=out, check=True)
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=out, capture_output=True, text=True, check=True)
    assert done.stdout.count(": OK") == 10
    told = json.loads((out / "backup.json").read_text())
    assert told["rows"]["analysis_photo"] == 4
    assert told["rows"]["analysis_face"] == 3
    assert told["files"] == 8
    assert told["files_bytes"] == sum(path.stat().st_size for path in (out / "media").rglob("*.jpg"))


def test_the_secret_is_not_inside_and_it_says_so(lived_in: Path, tmp_path: Path, settings: Any) -> None:
    said = run("backup", to=tmp_path / "facet.tar")
    assert ".env" in said
    with tarfile.open(tmp_path / "facet.tar") as tar:
        assert not [name for name in tar.getnames() if "env" in name]
    assert settings.SECRET_KEY.encode() not in (tmp_path / "facet.tar").read_bytes()


def test_without_a_name_it_lies_in_the_var_folder(lived_in: Path) -> None:
    run("backup")
    (path,) = (lived_in / "backups").iterdir()
    assert re.fullmatch(r"facet-\d{8}-\d{6}\.tar", path.name)
    assert "is whole" in run("backup", verify=path)


def test_a_folder_that_is_not_there_yet_is_made(lived_in: Path, tmp_path: Path) -> None:
    run("backup", to=f"{tmp_path}/new/deep/")
    (path,) = (tmp_path / "new" / "deep").iterdir()
    assert path.suffix == ".tar"


def test_what_was_deleted_is_not_in_the_copy_of_the_database(lived_in: Path, tmp_path: Path) -> None:
    """SQLite leaves deleted rows in its free pages; a backup must not carry them on."""
    User.objects.create_user("gone-for-good@example.org", "x").delete()
    run("backup", to=tmp_path / "facet.tar")
    with tarfile.open(tmp_path / "facet.tar") as tar:
        packed = tar.extractfile("database.sqlite3.gz")
        assert packed is not None
        plain = gzip.decompress(packed.read())
    assert b"ann@example.org" in plain
    assert b"gone-for-good" not in plain


def test_photos_that_were_being_read_are_read_again(home: Path, make_photo: MakePhoto, tmp_path: Path) -> None:
    ann = User.objects.create_user("ann@example.org", "x")
    later = timezone.now() + timezone.timedelta(minutes=5)
    make_photo(ann, status=Status.RUNNING, attempts=1, lease_until=later)
    Worker.objects.create(host="gone", pid=1, engine_version="1", model_version="1")
    run("backup", to=tmp_path / "facet.tar")
    said = run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert "being read then: 1" in said
    assert Analysis.objects.get().status == Status.QUEUED
    assert not Worker.objects.exists()


WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
number = 0
while True:
    number += 1
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE accounts_user SET first_name = ?", (str(number),))
    database.execute("UPDATE accounts_user SET last_name = ?", (str(number),))
    database.execute("COMMIT")
    if number == 1:
        print("writing", flush=True)
"""


def test_a_backup_while_another_process_writes_is_of_one_moment(lived_in: Path, migrated: Path, tmp_path: Path) -> None:
    name = str(lived_in / "facet.sqlite3")
    writer = subprocess.Popen([sys.executable, "-c", WRITER, name], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        for number in range(5):
            run("backup", to=tmp_path / f"{number}.tar")
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    seen = set()
    for number in range(5):
        run("restore", str(tmp_path / f"{number}.tar"), replace=True)
        people = set(User.objects.values_list("first_name", "last_name"))
        assert len(people) == 1
        first, last = people.pop()
        assert first == last
        seen.add(first)
    assert len(seen) > 1, "the writer stood still"


def test_a_photo_deleted_meanwhile_is_no_error(
    lived_in: Path, tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(folder: Path) -> snapshot.Snapshot:
        found = real(folder)
        photo = Photo.objects.order_by("pk")[0]
        for name in photo.files:
            photo.image.storage.delete(name)
        photo.delete()
        return found

    real = sqlite.take
    monkeypatch.setattr(sqlite, "take", take)
    run("backup", to=tmp_path / "facet.tar")
    assert archive.contents_of(tmp_path / "facet.tar").files == 6
    destroy(lived_in, migrated)
    run("restore", str(tmp_path / "facet.tar"))
    assert len(every_file()) == 6


def test_a_missing_file_is_told_by_the_number_of_its_row_and_the_exit_code(lived_in: Path, tmp_path: Path) -> None:
    photo = Photo.objects.order_by("pk")[1]
    photo.thumbnail.storage.delete(photo.thumbnail.name)
    with pytest.raises(CommandError, match="1 file that rows refer to") as told:
        run("backup", to=tmp_path / "facet.tar")
    assert told.value.returncode == FILES_MISSING
    assert f"analysis.photo {photo.pk}, thumbnail" in str(told.value)
    assert str(photo.uuid) not in str(told.value)
    assert "holiday" not in str(told.value)
    contents = archive.check(tmp_path / "facet.tar", Progress())
    assert (contents.files, contents.files_missing) == (7, 1)


@pytest.mark.parametrize("inside", ["media", "static"])
def test_a_place_that_facet_serves_from_is_refused(lived_in: Path, settings: Any, inside: str) -> None:
    folder = Path({"media": settings.MEDIA_ROOT, "static": settings.STATIC_ROOT}[inside])
    before = left_in(folder)
    with pytest.raises(CommandError, match=f"lies in the {inside} folder"):
        run("backup", to=folder / "deep" / "facet.tar")
    with pytest.raises(CommandError, match=f"lies in the {inside} folder"):
        run("backup", to=folder)
    assert left_in(folder) == before


def test_a_name_that_is_taken_is_refused(lived_in: Path, tmp_path: Path) -> None:
    (tmp_path / "facet.tar").write_text("kept")
    with pytest.raises(CommandError, match="is there already"):
        run("backup", to=tmp_path / "facet.tar")
    assert (tmp_path / "facet.tar").read_text() == "kept"


def test_without_a_database_there_is_nothing_to_back_up(home: Path, tmp_path: Path) -> None:
    connection.close()
    (home / "facet.sqlite3").unlink()
    with pytest.raises(CommandError, match="There is no database"):
        run("backup", to=tmp_path / "out" / "facet.tar")
    assert not (home / "facet.sqlite3").exists()
    assert left_in(tmp_path / "out") == set()


@pytest.mark.parametrize("full_at", ["the database", "a photo", "the end"])
def test_a_full_disk_leaves_nothing_behind_and_says_what_to_do(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: str
) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    owner, name = {
        "the database": (shutil, "copyfileobj"), "a photo": (files, "pack"), "the end": (archive.os, "fsync")
    }[full_at]  # fmt: skip
    monkeypatch.setattr(owner, name, no_room)
    out = tmp_path / "out"
    with pytest.raises(CommandError, match=r"disk of .* is full.*Make room"):
        run("backup", to=out / "facet.tar")
    assert left_in(out) == set()


def test_sqlites_own_word_for_a_full_disk_is_understood() -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE kept (value)")
        database.execute("PRAGMA max_page_count = 2")
        with pytest.raises(errors.BackupError, match="is full"), errors.plainly(Path("/disk"), when_full="Make room."):
            database.execute("INSERT INTO kept VALUES (zeroblob(100000))")


def test_stopped_by_a_signal_it_leaves_nothing_behind(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "pack", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(CommandError, match="Nothing was left behind") as told:
        run("backup", to=tmp_path / "out" / "facet.tar")
    assert told.value.returncode == 130
    assert left_in(tmp_path / "out") == set()


def test_the_signals_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
