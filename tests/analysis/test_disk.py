"""Which commits wait for the disk."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from analysis import disk


@pytest.fixture
def in_a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    disk.do_not_wait()
    yield
    assert connection_created.disconnect(dispatch_uid="analysis.disk")


def level() -> int:
    """SQLite's: 2 waits at each commit, 1 only when the log is folded into the database."""
    connection = connections.create_connection("default")
    try:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA synchronous").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.django_db
def test_uploads_wait() -> None:
    assert level() == 2


@pytest.mark.django_db
def test_a_worker_does_not(in_a_worker: None) -> None:
    assert level() == 1
