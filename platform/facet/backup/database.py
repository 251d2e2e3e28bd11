"""One door to the two databases."""

from pathlib import Path
from types import ModuleType
from typing import IO, Protocol, cast

from django.db import connection

from facet.backup import postgresql, sqlite
from facet.backup.contents import Contents
from facet.backup.errors import BackupError
from facet.backup.snapshot import Snapshot


class Vendor(Protocol):
    """What sqlite.py and postgresql.py both do; their docstrings say how."""

    MEMBER: str

    def take(self, folder: Path) -> Snapshot:
        """The database at this moment, as files in `folder`."""

    def working_folder(self) -> Path:
        """A folder with room, where a restore may unpack."""

    def make_sure_nobody_uses_it(self) -> None:
        """Raises BackupError when that can be told and somebody does."""

    def unpack(self, stream: IO[bytes], contents: Contents, folder: Path) -> Path:
        """The member of the archive as a checked file in `folder`."""

    def put_in_place(self, path: Path, contents: Contents) -> None:
        """Exchange the database for the unpacked one: wholly, or not at all."""

    def refresh_statistics(self) -> None:
        """For the planner of queries, after all rows are new."""


VENDORS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def vendor() -> Vendor:
    """That of the configured database. Raises BackupError for one that Facet does not know."""
    if connection.vendor not in VENDORS:
        raise BackupError(f"Facet cannot back up {connection.display_name}: use the tools that come with it.")
    return cast("Vendor", VENDORS[connection.vendor])
