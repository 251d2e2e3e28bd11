"""PostgreSQL: pg_dump of one moment, and back in one transaction."""

import errno
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from facet.backup.contents import Contents
from facet.backup.errors import BackupError
from facet.backup.snapshot import PLAIN_NAME, Snapshot, count_rows, migrations, quoted, write_references

MEMBER: Final = "database.dump"
CHUNK: Final = 1 << 20
LOCK_S: Final = 30
"""Seconds to wait for somebody who uses a table."""


def take(folder: Path) -> Snapshot:
    """Dump, counts and names of files, all of one snapshot. Raises BackupError, DatabaseError, OSError."""
    dump, references = folder / MEMBER, folder / "references"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # pg_dump may take hours, in which this connection only holds the snapshot
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout TO 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()
        tables = connection.introspection.table_names(cursor)
        if "django_migrations" not in tables:
            raise BackupError("The database is empty: nothing to back up. Check DATABASE_URL.")
        with connection.chunked_cursor() as many:
            write_references(many, tables, references)
        applied, rows = migrations(cursor), count_rows(cursor, tables)
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--snapshot={moment}",
            f"--lock-wait-timeout={LOCK_S}s", f"--file={dump}",
        )  # fmt: skip
    return Snapshot(MEMBER, dump, dump.stat().st_size, applied, rows, references)


def _connected(program: str, *arguments: str) -> list[str]:
    """The program with arguments, host, port, user and database; the password goes by the environment."""
    words, _ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [_program(program), *arguments, *words[1:]]


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} is not installed here. Install PostgreSQL's client programs (Debian: postgresql-client), "
            "of the server's version or newer."
        )
    return found


def _environment() -> dict[str, str]:
    _, own = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(own or {}), "LC_ALL": "C", "PGAPPNAME": "facet backup"}


def _run(program: str, *arguments: str) -> None:
    with TemporaryFile() as said:
        done = subprocess.run(  # noqa: S603
            _connected(program, *arguments), env=_environment(), stdin=subprocess.DEVNULL, stderr=said, check=False
        )
        if done.returncode:
            raise _in_words(program, said)


def _in_words(program: str, said: IO[bytes]) -> BackupError | OSError:
    """What a program of PostgreSQL said, in a sentence."""
    said.seek(0)
    text = said.read(CHUNK).decode(errors="replace").strip()
    if program == "pg_dump" and "No space left on device" in text:
        return OSError(errno.ENOSPC, text)
    if "server version mismatch" in text:
        return BackupError(
            f"{program} is older than the server. Install PostgreSQL's client programs of the server's version.\n{text}"
        )
    if "lock timeout" in text:
        return BackupError(f"Somebody uses the database: stop web, worker and beat, then try again.\n{text}")
    return BackupError(f"{program} says: {text or 'nothing'}\nNothing was changed. Mend that, then try again.")


def working_folder() -> Path:
    """Where to unpack: a real disk, while /tmp may be memory."""
    return Path(settings.VAR_DIR)


def unpack(stream: IO[bytes], contents: Contents, folder: Path) -> Path:
    """The dump as a file in `folder`, its table of contents read. Raises BackupError."""
    path = folder / MEMBER
    with path.open("wb") as out:
        shutil.copyfileobj(stream, out, CHUNK)
    with TemporaryFile() as said:
        done = subprocess.run(  # noqa: S603
            [_program("pg_restore"), "--list", str(path)],
            env=_environment(), stdout=subprocess.DEVNULL, stderr=said, check=False,
        )  # fmt: skip
        if done.returncode or path.stat().st_size != contents.database_bytes:
            raise _in_words("pg_restore", said)
    _program("psql")
    return path


def make_sure_nobody_uses_it() -> None:
    """Nothing to ask here: a worker is asked for by its heartbeat, and locks decide in `put_in_place`."""


def put_in_place(path: Path, contents: Contents) -> None:
    """Drop Facet's tables and restore the dump, in one transaction. Raises BackupError, and nothing is changed then.

    pg_restore writes the script and psql runs it: `pg_restore --single-transaction` alone can drop only tables that
    are in the dump, and one made by a later migration would stand in the way. COMMIT is sent when pg_restore has
    ended well; whatever ends earlier, the server rolls back.
    """
    begin, commit = _before(), _after(contents)
    connection.close()
    with TemporaryFile() as said:
        script = subprocess.Popen(  # noqa: S603
            [_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-", str(path)],
            env=_environment(), stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        server = subprocess.Popen(  # noqa: S603
            _connected(
                "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null"
            ),
            env=_environment(), stdin=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        assert script.stdout is not None  # noqa: S101  asked for above
        assert server.stdin is not None  # noqa: S101
        try:
            server.stdin.write(begin)
            shutil.copyfileobj(script.stdout, server.stdin, CHUNK)
            if script.wait() == 0:
                server.stdin.write(commit)
        except BrokenPipeError:
            script.kill()  # psql has ended at an error, told below
        finally:
            script.stdout.close()
            with suppress(BrokenPipeError):
                server.stdin.close()
            failed = [server.wait(), script.wait()]
        if any(failed):
            raise _in_words("psql" if failed[0] else "pg_restore", said)


def _before() -> bytes:
    """BEGIN, and away with every table of an app that is installed or was migrated here."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        labels = {config.label for config in apps.get_app_configs()} | {"django"}
        if "django_migrations" in tables:
            cursor.execute("SELECT DISTINCT app FROM django_migrations")
            labels.update(app for (app,) in cursor.fetchall())
    prefixes = tuple(f"{label}_" for label in labels)
    ours = [table for table in tables if table.startswith(prefixes) and PLAIN_NAME.fullmatch(table)]
    drops = "".join(f"DROP TABLE {quoted(table)} CASCADE;\n" for table in sorted(ours))
    quiet = "SET client_min_messages = warning;\n"  # what CASCADE drops is no news
    return f"{quiet}BEGIN;\nSET LOCAL lock_timeout = '{LOCK_S}s';\n{drops}".encode()


def _after(contents: Contents) -> bytes:
    """COMMIT, if every row has come."""
    checks = "".join(
        f"IF (SELECT COUNT(*) FROM {quoted(table)}) <> {number} THEN "  # noqa: S608  plain names, checked when read
        f"RAISE EXCEPTION 'not every row of {table} is in the archive'; END IF;\n"
        for table, number in contents.rows.items()
    )
    return f"\nRESET search_path;\nDO $check$ BEGIN\n{checks}END $check$;\nCOMMIT;\n".encode()


def refresh_statistics() -> None:
    """The planner knows nothing of restored tables until somebody counts."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
