"""What the database says became of every photo, and a witness in it that the product knows nothing of.

The witness is a trigger: it notes each change of an analysis's status or end and each face that is stored, in the same
transaction, so it tells a second result apart from a first even when the second has replaced it.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from tests.services.chaos.pictures import faces_of

_TABLE: Final = "CREATE TABLE chaos_witness (analysis_id bigint, old text, new text)"
_POSTGRESQL: Final = (
    _TABLE,
    """CREATE FUNCTION chaos_status() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO chaos_witness VALUES (NEW.id, OLD.status, NEW.status); RETURN NULL; END $$""",
    """CREATE FUNCTION chaos_face() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO chaos_witness VALUES (NEW.analysis_id, '', 'face'); RETURN NULL; END $$""",
    """CREATE TRIGGER chaos_status AFTER UPDATE ON analysis_analysis FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.finished_at IS DISTINCT FROM NEW.finished_at)
    EXECUTE FUNCTION chaos_status()""",
    "CREATE TRIGGER chaos_face AFTER INSERT ON analysis_face FOR EACH ROW EXECUTE FUNCTION chaos_face()",
)
_SQLITE: Final = (
    _TABLE,
    """CREATE TRIGGER chaos_status AFTER UPDATE ON analysis_analysis
    WHEN OLD.status IS NOT NEW.status OR OLD.finished_at IS NOT NEW.finished_at
    BEGIN INSERT INTO chaos_witness VALUES (NEW.id, OLD.status, NEW.status); END""",
    """CREATE TRIGGER chaos_face AFTER INSERT ON analysis_face
    BEGIN INSERT INTO chaos_witness VALUES (NEW.analysis_id, '', 'face'); END""",
)
_ENTRIES: Final = """
    SELECT photo.uuid, photo.name, analysis.id, coalesce(analysis.status, ''), coalesce(analysis.attempts, 0),
        coalesce(analysis.failure_code, ''),
        (SELECT count(*) FROM analysis_face AS face WHERE face.analysis_id = analysis.id)
    FROM analysis_photo AS photo LEFT JOIN analysis_analysis AS analysis ON analysis.photo_id = photo.id
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo and one analysis of it; `analysis` is None, and the rest empty, when there is none."""

    photo: UUID
    name: str
    analysis: int | None
    status: str
    attempts: int
    failure: str
    faces: int
    finishes: int
    """How often it became done or failed."""
    faces_ever: int
    """Faces that were stored for it, also those that are gone."""

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in {"done", "failed"}

    @property
    def twice(self) -> bool:
        """Whether more than one result was stored."""
        expected = faces_of(self.name) if self.status == "done" else 0
        return self.finishes > 1 or self.faces > expected or self.faces_ever > expected

    @property
    def right(self) -> bool:
        """Done, once, with the faces that are in the photo."""
        right = faces_of(self.name)
        return self.status == "done" and (self.finishes, self.faces, self.faces_ever) == (1, right, right)


class Ledger:
    """Reads the database of an installation, whichever it is, past the product."""

    def __init__(self, url: str) -> None:
        self._url = url

    def install_witness(self) -> None:
        """Once, after the tables are there."""
        for statement in _SQLITE if self._path else _POSTGRESQL:
            self.run(statement)

    def entries(self, series: str) -> list[Entry]:
        """The photos of `series` and of its parts, which are named after it and a dash; all when it is empty."""
        noted = self.run("SELECT analysis_id, new FROM chaos_witness")
        finishes = Counter(analysis for analysis, new in noted if new in {"done", "failed"})
        faces = Counter(analysis for analysis, new in noted if new == "face")
        return [
            Entry(
                UUID(str(photo)), name, analysis, status, attempts, failure, stored, finishes[analysis], faces[analysis]
            )
            for photo, name, analysis, status, attempts, failure, stored in self.run(_ENTRIES)
            if not series or name.startswith((f"{series}_", f"{series}-"))
        ]

    def files(self) -> set[str]:
        """Names of the files that rows speak of, as the storage knows them."""
        return {name for names in self.run("SELECT image, thumbnail FROM analysis_photo") for name in names}

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of one statement, committed. Raises the driver's errors."""
        if self._path:
            with closing(sqlite3.connect(self._path, timeout=20)) as connection, connection:
                return connection.execute(statement).fetchall()
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as server:
            cursor = server.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @property
    def _path(self) -> str:
        url = urlsplit(self._url)
        return url.path.replace("//", "/") if url.scheme == "sqlite" else ""
