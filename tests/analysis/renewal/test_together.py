"""What many do at once over PostgreSQL, and one after the other over SQLite: no deadlock, nothing is doubled."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from django.db import connection, connections

from accounts.models import User
from analysis import runs, services
from analysis.engine import Reading
from analysis.models import UNFINISHED, Analysis, Photo, Status, Worker
from analysis.renewal import portions
from analysis.renewal import services as renewal

FOR_S: Final = 4.0
OLD: Final = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}


@pytest.mark.django_db(transaction=True)
def test_asking_stopping_deleting_and_reading_at_once(
    ann: User, make_photo: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("has one writer at a time, so this cannot happen")
    monkeypatch.setattr(portions, "PORTION", 7)
    monkeypatch.setattr(renewal, "WHILE_ASKED_S", 0.05)
    for _ in range(60):
        make_photo(ann, **OLD)
    versions = {"engine_version": worker.engine_version, "model_version": worker.model_version}

    def read() -> None:
        if claimed := runs.claim_next():
            runs.finish(claimed, Reading(96, 72, ()), **versions)

    def reread_one() -> None:
        if photo := Photo.objects.order_by("?").first():
            services.reread_photo(photo)

    def delete_one() -> None:
        if photo := Photo.objects.order_by("?").first():
            services.delete_photo(photo)
        time.sleep(0.1)

    works = [lambda: renewal.start(ann), lambda: renewal.stop(ann), portions.go_on, reread_one, delete_one, read, read]
    over = time.monotonic() + FOR_S
    with ThreadPoolExecutor(len(works)) as pool:
        done = [pool.submit(_again_and_again, work, over) for work in works]
        assert all(each.result(timeout=60) for each in done)

    renewal.stop(ann)
    assert not Analysis.objects.filter(status__in=UNFINISHED).exists()
    replaced = Counter(Analysis.objects.filter(status=Status.DONE).values_list("earlier", flat=True))
    del replaced[None]
    assert replaced
    assert set(replaced.values()) == {1}


def _again_and_again(work: Callable[[], object], over: float) -> int:
    """How often it was done. Raises what it raises."""
    count = 0
    try:
        while time.monotonic() < over:
            work()
            count += 1
    finally:
        connections.close_all()
    return count
