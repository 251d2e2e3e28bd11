"""Which commits of a worker wait for the disk.

A claim need not: after a crash of the database it is as if it had not happened, and the photo is read again. A result
does, on PostgreSQL. On SQLite, where this cannot be said of one transaction, results of the last moment before a power
cut are read again; a crash of Facet itself takes none. Uploads always wait.
"""

from typing import Any, Final

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

NO_WAIT: Final = {"postgresql": "SET synchronous_commit TO off", "sqlite": "PRAGMA synchronous=NORMAL"}


def do_not_wait() -> None:
    """From now on this process's commits return before they are on the disk; for workers only."""
    connection_created.connect(_relax, dispatch_uid="analysis.disk")
    connections.close_all()


def _relax(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor in NO_WAIT:
        with connection.cursor() as cursor:
            cursor.execute(NO_WAIT[connection.vendor])


def wait_for_this() -> None:
    """Within a transaction: its commit waits all the same, where the database can do that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")
