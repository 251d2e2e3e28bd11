"""What a backup takes from the database at one moment, in any vendor's SQL."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db.models import FileField, Model

PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,63}")
"""Tables that Django makes; one named otherwise is somebody else's."""


@dataclass(frozen=True)
class Snapshot:
    """The database at one moment: `path` goes into the archive as `member`, and all else was read at that moment.

    `size` is that of the unpacked database in bytes; `references` a file for `read_references`.
    """

    member: str
    path: Path
    size: int
    migrations: list[str]
    rows: dict[str, int]
    references: Path


@dataclass(frozen=True)
class Reference:
    """A row says that the default storage has the file `name`."""

    model: str
    field: str
    pk: Any
    name: str

    def __str__(self) -> str:
        """Without the file's name: as "analysis.photo 17, image"."""
        return f"{self.model} {self.pk}, {self.field}"

    def still_holds(self) -> bool:
        """Whether the row is there now and refers to this file."""
        rows = apps.get_model(self.model)._base_manager
        return bool(rows.filter(pk=self.pk, **{self.field: self.name}).exists())


def file_fields() -> Iterator[tuple[type[Model], FileField]]:
    """Every field of every model that names a file; all are kept in the default storage."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                yield model, field


def quoted(name: str) -> str:
    """An SQL name; both vendors quote alike."""
    return '"' + name.replace('"', '""') + '"'


def migrations(cursor: Any) -> list[str]:
    """Applied ones as "app.name"."""
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def count_rows(cursor: Any, tables: list[str]) -> dict[str, int]:
    """Of every table with a plain name."""
    counts = {}
    for table in sorted(filter(PLAIN_NAME.fullmatch, tables)):
        cursor.execute(f"SELECT COUNT(*) FROM {quoted(table)}")  # noqa: S608  names from the database's own catalogue
        counts[table] = int(cursor.fetchone()[0])
    return counts


def write_references(cursor: Any, tables: list[str], path: Path) -> None:
    """One line of JSON for each file that a row refers to; `cursor` should not keep all rows in memory."""
    with path.open("w", encoding="utf-8") as out:
        for model, field in file_fields():
            if model._meta.db_table not in tables:
                continue
            pk, column = quoted(str(model._meta.pk.column)), quoted(str(field.column))
            table = quoted(model._meta.db_table)
            cursor.execute(f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' ORDER BY {pk}")  # noqa: S608
            for key, name in cursor:
                out.write(json.dumps([model._meta.label_lower, field.name, key, name], default=str) + "\n")


def read_references(path: Path) -> Iterator[Reference]:
    """What `write_references` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Reference(*json.loads(line))
