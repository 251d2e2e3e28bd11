"""Ready means warm, and there."""

import os
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from analysis import workers
from analysis.models import Worker


def test_a_worker_is_known_once_its_models_are_warm(db: None) -> None:
    before = timezone.now()
    workers.warm_up()
    worker = Worker.objects.get()
    assert (worker.pid, worker.model_version[:9]) == (os.getpid(), "facetrio-")
    assert workers.warm_since(before)
    assert not workers.warm_since(timezone.now())


def test_a_process_that_starts_again_keeps_one_row_and_old_ones_are_forgotten(db: None) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    Worker.objects.create(host="gone", pid=1, engine_version="e", model_version="m", seen_at=long_ago)
    workers.warm_up()
    workers.warm_up()
    assert Worker.objects.count() == 1


def test_a_worker_that_went_silent_does_not_count_and_one_that_only_idles_does(db: None) -> None:
    workers.warm_up()
    silent = timezone.now() - workers.MISSED_AFTER - timedelta(seconds=1)
    Worker.objects.update(warm_at=silent, seen_at=silent)
    assert not workers.any_there()
    workers.seen()
    assert workers.any_there()


def test_the_heartbeat_goes_on_after_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:

    class EnoughError(Exception):
        pass

    calls: list[int] = []

    def flaky() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("away")
        raise EnoughError

    monkeypatch.setattr(workers, "seen", flaky)
    monkeypatch.setattr(workers.time, "sleep", lambda _: None)
    monkeypatch.setattr(workers, "close_old_connections", lambda: None)
    with pytest.raises(EnoughError):
        workers._beat()
    assert len(calls) == 2


def test_a_worker_that_starts_while_the_database_is_away_is_known_once_it_is_back(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patched:
        patched.setattr(workers, "register", away)
        workers.warm_up()
    assert not workers.any_there()
    workers.seen()
    assert Worker.objects.get().model_version.startswith("facetrio-")
