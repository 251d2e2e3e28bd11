"""Which commits of a worker wait for the disk.

A claim need not: after a crash of the database it is as if it had not happened, and the photo is read again. A result
does, on PostgreSQL. On SQLite, where this cannot be said of one transaction, results of the last moment before a power
cut are read again; a crash of Facet itself takes none. Uploads always wait.
"""

from typing import Any, Final

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

RELAXED: Final = "set_config('synchronous_commit', 'off', true) = 'off'"
"""On PostgreSQL a condition that holds, and after which the commit of this transaction returns at once."""


def relaxed() -> str:
    """A condition to add to the statement of a claim: a statement of its own would be one more to wait for."""
    return RELAXED if connection.vendor == "postgresql" else "true"


def do_not_wait() -> None:
    """From now on SQLite's commits of this process return before they are on the disk; for workers only."""
    connection_created.connect(_relax, dispatch_uid="analysis.disk")
    connections.close_all()


def _relax(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
