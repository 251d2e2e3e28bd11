"""A table of names on the disk: a million of them would not fit into the memory of a small worker."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

AT_ONCE: Final = 1000


class Names:
    """Which names rows hold, whose they are, and which of them were seen in the storage."""

    def __init__(self) -> None:
        """Its file is gone after `close`."""
        self._folder = TemporaryDirectory(prefix="facet-names-")
        self._database = sqlite3.connect(Path(self._folder.name) / "names.sqlite3", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE names (name TEXT PRIMARY KEY, whose TEXT, seen INTEGER DEFAULT 0) WITHOUT ROWID"
        )
        self._database.execute("BEGIN")

    def add(self, entries: Iterable[tuple[str, str]]) -> int:
        """Name and whose it is; how many."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO names (name, whose) VALUES (?, ?)", entries)
        return self._database.total_changes - before

    def see(self, name: str) -> bool:
        """The storage has it; whether a row does too."""
        return self._database.execute("UPDATE names SET seen = 1 WHERE name = ?", (name,)).rowcount > 0

    def unseen(self) -> Iterator[tuple[str, str]]:
        """Names that no file has, and whose they are."""
        yield from self._database.execute("SELECT name, whose FROM names WHERE seen = 0 ORDER BY name")

    def close(self) -> None:
        """Everything is forgotten."""
        self._database.close()
        self._folder.cleanup()
