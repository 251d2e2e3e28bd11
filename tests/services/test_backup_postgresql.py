"""Backup and restore on a real PostgreSQL, in databases of their own."""

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from analysis.models import Analysis, Correction, Face, Photo, Review, Status, Worker
from facet.backup import postgresql
from tests.facet import installations
from tests.facet.installations import destroy_files, every_file, every_row, run

pytestmark = pytest.mark.services


def server() -> Any:
    """A connection that makes and drops databases."""
    import psycopg

    return psycopg.connect(os.environ["FACET_TEST_DATABASE_URL"], autocommit=True)


def on(name: str) -> dict[str, Any]:
    """Django's settings of the database `name` on that server."""
    url = urlsplit(os.environ["FACET_TEST_DATABASE_URL"])
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""), "HOST": url.hostname or "", "PORT": str(url.port or ""),
        "OPTIONS": {},
    }  # fmt: skip


@pytest.fixture(scope="module")
def migrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of an empty database that each test copies."""
    name = f"facet_backup_{os.getpid()}_{time.time_ns()}"
    with server() as maker:
        maker.execute(f'CREATE DATABASE "{name}"')
        try:
            with django_db_blocker.unblock(), installations.database(**on(name)):
                call_command("migrate", verbosity=0)
            yield name
        finally:
            maker.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def home(db: None, settings: Any, tmp_path: Path, migrated: str) -> Iterator[str]:
    """An installation without people; the name of its database."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
    name = f"{migrated}_one"
    with server() as maker:
        maker.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
        try:
            with installations.database(**on(name)):
                yield name
        finally:
            maker.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def lived_in(home: str, make_photo: Callable[..., Photo]) -> str:
    """With people, photos, faces, a correction and a review."""
    ann = User.objects.create_user("ann@example.org", "correct horse battery")
    for number in range(3):
        photo = make_photo(ann)
        Path(photo.image.path).write_bytes(photo.image.read() + str(number).encode())
    face = Face.objects.order_by("pk")[0]
    Correction.objects.create(face=face, author=ann, note="“34” is wrong\n\\. by one; DROP")
    Review.objects.create(face=face, reviewer=ann, verdict="accepted")
    return home


def make_it_empty(home: str, migrated: str) -> None:
    """Another database in its place, as after a first start."""
    connection.close()
    destroy_files()
    with server() as maker:
        maker.execute(f'DROP DATABASE "{home}" WITH (FORCE)')
        maker.execute(f'CREATE DATABASE "{home}" TEMPLATE "{migrated}"')


def test_after_everything_is_lost_every_row_and_every_byte_comes_back(
    lived_in: str, migrated: str, tmp_path: Path
) -> None:
    rows, stored = every_row(), every_file()
    assert len(rows["analysis_face"]) == 3
    run("backup", to=tmp_path / "facet.tar")
    assert "is whole" in run("backup", verify=tmp_path / "facet.tar")
    make_it_empty(lived_in, migrated)
    assert every_row() != rows
    run("restore", str(tmp_path / "facet.tar"))
    assert (every_row(), every_file()) == (rows, stored)
    newest = max(Photo.objects.values_list("pk", flat=True))
    assert Photo.objects.create(owner=User.objects.get(), sha256="1" * 64, width=1, height=1, size=1).pk > newest


def test_a_database_without_any_table_is_filled(lived_in: str, tmp_path: Path) -> None:
    rows = every_row()
    run("backup", to=tmp_path / "facet.tar")
    connection.close()
    with server() as maker:
        maker.execute(f'DROP DATABASE "{lived_in}" WITH (FORCE)')
        maker.execute(f'CREATE DATABASE "{lived_in}" TEMPLATE template0')
    run("restore", str(tmp_path / "facet.tar"))
    assert every_row() == rows


def test_replacing_removes_tables_of_a_later_version_and_leaves_those_of_others(lived_in: str, tmp_path: Path) -> None:
    """The way back from an upgrade: its tables refer to ours, and its migrations run again at the next upgrade."""
    rows = every_row()
    run("backup", to=tmp_path / "facet.tar")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE analysis_later (photo bigint REFERENCES analysis_photo (id))")
        cursor.execute("CREATE TABLE wiki_pages (text text)")
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('analysis', '9999_later', now())")
    with pytest.raises(CommandError, match="not empty"):
        run("restore", str(tmp_path / "facet.tar"))
    run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert every_row() == rows | {"wiki_pages": []}


def test_what_was_being_read_waits_again(home: str, make_photo: Callable[..., Photo], tmp_path: Path) -> None:
    ann = User.objects.create_user("ann@example.org", "x")
    make_photo(ann, status=Status.RUNNING, attempts=1, lease_until=timezone.now() + timezone.timedelta(minutes=5))
    run("backup", to=tmp_path / "facet.tar")
    run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert Analysis.objects.get().status == Status.QUEUED


def test_it_is_refused_when_a_worker_was_seen_lately(lived_in: str, tmp_path: Path) -> None:
    run("backup", to=tmp_path / "facet.tar")
    Worker.objects.create(host="there", pid=1, engine_version="1", model_version="1")
    with pytest.raises(CommandError, match="worker was seen in the last 90 seconds"):
        run("restore", str(tmp_path / "facet.tar"), replace=True)
    Worker.objects.update(seen_at=timezone.now() - timezone.timedelta(minutes=3))
    run("restore", str(tmp_path / "facet.tar"), replace=True)


def test_somebody_who_uses_a_table_stops_it_and_nothing_is_changed(
    lived_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(postgresql, "LOCK_S", 1)
    rows = every_row()
    run("backup", to=tmp_path / "facet.tar")
    own = on(lived_in)
    with psycopg.connect(
        dbname=lived_in, user=own["USER"], password=own["PASSWORD"], host=own["HOST"], port=own["PORT"]
    ) as other:
        other.execute("SELECT * FROM analysis_photo").fetchall()
        with pytest.raises(CommandError, match="stop web, worker and beat"):
            run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert every_row() == rows


@pytest.mark.parametrize("how", ["pg_restore dies in the middle", "rows are missing"])
def test_a_restore_that_fails_half_way_changes_nothing(
    lived_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    run("backup", to=tmp_path / "facet.tar")
    User.objects.create_user("ben@example.org", "x")
    rows = every_row()
    if how == "rows are missing":
        real = postgresql._after
        monkeypatch.setattr(postgresql, "_after", lambda contents: real(contents).replace(b"<> 3 THEN", b"<> 4 THEN"))
    else:
        fake = tmp_path / "pg_restore"
        true_one = shutil.which("pg_restore")
        in_a_copy = f'{true_one} "$@" | sed "/^COPY public.analysis_photo /q"'
        fake.write_text(f'#!/bin/sh\n[ "$1" = --list ] && exit 0\n{in_a_copy}\nexit 1\n')
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(CommandError, match=r"psql says: ERROR:  not every row of|pg_restore says"):
        run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert every_row() == rows


def test_a_backup_is_of_one_moment(lived_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written between the counting and the dump is in neither."""
    import psycopg

    real, own = postgresql._run, on(lived_in)

    def run_later(*words: str, **options: Any) -> None:
        with psycopg.connect(
            dbname=lived_in, user=own["USER"], password=own["PASSWORD"], host=own["HOST"], port=own["PORT"]
        ) as other:
            other.execute("DELETE FROM analysis_correction")
        real(*words, **options)

    monkeypatch.setattr(postgresql, "_run", run_later)
    run("backup", to=tmp_path / "facet.tar")
    assert not Correction.objects.exists()
    run("restore", str(tmp_path / "facet.tar"), replace=True)
    assert Correction.objects.count() == 1


def test_the_password_is_on_no_command_line(home: str) -> None:
    connection.settings_dict["PASSWORD"] = "pass word"
    try:
        assert "pass word" not in " ".join(postgresql._connected("pg_dump", "--format=custom"))
        assert postgresql._environment()["PGPASSWORD"] == "pass word"
    finally:
        connection.settings_dict["PASSWORD"] = on(home)["PASSWORD"]


def test_missing_client_programs_are_told(lived_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"pg_dump is not installed here\. Install"):
        run("backup", to=tmp_path / "out" / "facet.tar")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_database_that_is_away_is_told(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    with pytest.raises(CommandError, match="Check that it runs and DATABASE_URL"):
        run("backup", to=tmp_path / "facet.tar")
    assert not (tmp_path / "facet.tar").exists()


def test_the_dump_names_no_owner(lived_in: str, tmp_path: Path) -> None:
    """So that it can be restored under another role."""
    run("backup", to=tmp_path / "facet.tar")
    with tarfile.open(tmp_path / "facet.tar") as tar:
        tar.extract("database.dump", tmp_path, filter="data")
    script = tmp_path / "script.sql"
    subprocess.run(["pg_restore", f"--file={script}", "--no-owner", str(tmp_path / "database.dump")], check=True)
    assert "OWNER TO" not in script.read_text()
    assert "COPY public.analysis_photo" in script.read_text()


def test_a_dump_that_takes_longer_than_a_transaction_may_stand_still(lived_in: str, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO 20")  # ms: pg_dump needs more even for a few rows
    call_command("backup", to=str(tmp_path / "one.tar"), verbosity=0)
    call_command("backup", verify=tmp_path / "one.tar", verbosity=0)
