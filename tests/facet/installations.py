"""An installation of its own for a test: database, photos and VAR_DIR, in this process."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

Tables = dict[str, list[tuple[Any, ...]]]


@contextmanager
def database(**changes: Any) -> Iterator[BaseDatabaseWrapper]:
    """Within it the default connection is to another database: the test's own settings with `changes`."""
    before = connections["default"]
    own = {**before.settings_dict, **changes}
    connections["default"] = load_backend(own["ENGINE"]).DatabaseWrapper(own, "default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections["default"] = before


def every_row() -> Tables:
    """Of every table of the database, in order."""
    with connection.cursor() as cursor:
        tables = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            tables[table] = sorted(cursor.fetchall(), key=repr)
    return tables


def every_file() -> dict[str, bytes]:
    """Below the media folder, by path."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def destroy_files() -> None:
    """Every photo."""
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def run(*words: str, **options: Any) -> str:
    """A command of manage.py: what it said."""
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=io.StringIO(), **options)
    return said.getvalue()


def destroy(home: Path, migrated: Path) -> None:
    """Everything is lost; somebody has started an empty Facet in its place."""
    connection.close()
    for path in home.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copy(migrated, home / "facet.sqlite3")


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
