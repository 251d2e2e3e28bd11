"""`backup.json`, the first member of an archive: what it is and what is in it."""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any, Final

from facet.backup.errors import BackupError
from facet.backup.snapshot import PLAIN_NAME

FORMAT: Final = 1
"""Raised when an older Facet could not restore what this one writes."""


@dataclass(frozen=True)
class Contents:
    """What is in an archive.

    `made_at` is ISO 8601 in UTC; `migrations` are "app.name"; `rows` counts by table; `database_bytes` is the size of
    the database once unpacked, `files_bytes` that of all files. `files_missing` counts files that a row referred to
    and the storage did not have. `sums_at` is where in the archive the header of SHA256SUMS begins, in bytes.
    """

    facet: str
    made_at: str
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    database: str
    database_bytes: int
    files: int = 0
    files_bytes: int = 0
    files_missing: int = 0
    sums_at: int = 0
    format: int = FORMAT

    def to_json(self) -> bytes:
        """For people and programs."""
        return json.dumps({"format": self.format, **asdict(self)}, indent=1).encode()

    @property
    def migrations_known_as(self) -> set[tuple[str, str]]:
        """As Django's loader has them: app and name."""
        return {(app, name) for app, _, name in (migration.partition(".") for migration in self.migrations)}


def facet_version() -> str:
    """The version of the code that runs."""
    return version("facet")


def from_json(text: bytes) -> Contents:
    """Read what `to_json` wrote. Raises BackupError when it is of a later format, or nothing of the sort."""
    try:
        told: dict[str, Any] = json.loads(text)
        if int(told["format"]) > FORMAT:
            raise BackupError(
                f"This archive was written by Facet {told.get('facet', 'of a later version')} in a later format. "
                "Install that version or a newer one, then restore."
            )
        contents = Contents(**told)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise _not_ours() from None
    if not _well_formed(contents):
        raise _not_ours()
    return contents


def _well_formed(contents: Contents) -> bool:
    """Whether every field is of the type it says: the file may come from anybody."""
    numbers = [
        contents.database_bytes, contents.files, contents.files_bytes, contents.files_missing,
        contents.sums_at, contents.format,
    ]  # fmt: skip
    texts = [contents.facet, contents.made_at, contents.vendor, contents.database]
    return (
        isinstance(contents.rows, dict)
        and isinstance(contents.migrations, list)
        and all(type(number) is int and number >= 0 for number in [*numbers, *contents.rows.values()])
        and all(isinstance(text, str) and text.isprintable() for text in [*texts, *contents.migrations])
        and all(PLAIN_NAME.fullmatch(table) for table in contents.rows)
    )


def _not_ours() -> BackupError:
    return BackupError("The archive's backup.json is damaged, or no backup of Facet. Take another archive.")
