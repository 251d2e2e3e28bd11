"""Which commits wait for the disk."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created

from accounts.models import User
from analysis import disk, runs
from analysis.engine import Reading
from analysis.models import Status

IS_POSTGRESQL = connection.vendor == "postgresql"


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


@pytest.mark.skipif(IS_POSTGRESQL, reason="SQLite says it for a process")
@pytest.mark.django_db
def test_uploads_wait() -> None:
    assert level() == 2


@pytest.mark.skipif(IS_POSTGRESQL, reason="SQLite says it for a process")
@pytest.mark.django_db
def test_a_worker_does_not(in_a_worker: None) -> None:
    assert level() == 1


@pytest.mark.skipif(not IS_POSTGRESQL, reason="PostgreSQL says it for a transaction")
@pytest.mark.django_db(transaction=True)
def test_a_claim_does_not_and_a_result_does(ann: User, make_photo: Any) -> None:
    def commits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

    make_photo(ann, status=Status.QUEUED)
    with transaction.atomic():
        claimed = runs.claim_next()
        assert claimed is not None
        assert commits() == "off"
    assert commits() == "on"
    with transaction.atomic():
        assert runs.finish(claimed, Reading(width=96, height=72), engine_version="e", model_version="m")
        assert commits() == "on"
