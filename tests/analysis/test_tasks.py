"""What a wake-up does."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import bell as ringing
from accounts.models import User
from analysis import tasks, workers
from analysis.models import Analysis, Lane, Status, Worker
from vision.errors import ModelMissingError
from vision.types import Reading


class FakeEngine:
    """Answers without faces, or raises."""

    engine_version = model_version = "fake-1"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sizes: list[int] = []

    def read(self, photos: Sequence[bytes], **_: Any) -> list[Reading]:
        self.sizes.extend(len(photo) for photo in photos)
        if self.error:
            raise self.error
        return [Reading(96, 72) for _ in photos]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(tasks, "reader", lambda: fake)
    return fake


def test_a_wake_up_works_through_the_line(ann: User, make_photo: Any, engine: FakeEngine, bell: list[str]) -> None:
    for _ in range(3):
        make_photo(ann, status=Status.QUEUED)
    assert tasks.read() == 3
    assert set(Analysis.objects.values_list("status", flat=True)) == {Status.DONE}
    assert bell == []


def test_a_shift_that_ends_before_the_line_rings_for_the_next(
    ann: User, make_photo: Any, engine: FakeEngine, bell: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        make_photo(ann, status=Status.QUEUED)
    clock = itertools.count()
    monkeypatch.setattr(tasks, "SHIFT_S", 1.5)
    monkeypatch.setattr(tasks.time, "monotonic", lambda: float(next(clock)))
    assert tasks.read() == 1
    assert bell == ["ring"]


def test_a_worker_that_is_to_stop_takes_nothing_new(
    ann: User, make_photo: Any, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(ann, status=Status.QUEUED)
    monkeypatch.setattr(workers, "_stop", bytearray(1))
    workers.ask_to_stop()
    assert tasks.read() == 0
    assert Analysis.objects.get().status == Status.QUEUED


def test_a_second_message_and_one_for_a_deleted_photo_do_nothing(
    ann: User, make_photo: Any, engine: FakeEngine
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    assert tasks.read() == 1
    assert tasks.read() == 0
    photo.delete()
    assert tasks.read(12345) == 0  # as web servers of an earlier version send it
    assert len(engine.sizes) == 1


def test_a_line_behind_a_busier_one_moves_too(
    ann: User, make_photo: Any, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_claims", itertools.count(1))
    long_ago = timezone.now() - timedelta(hours=1)
    old = make_photo(ann, status=Status.QUEUED, lane=Lane.RERUN, queued_at=long_ago).analyses.get()
    for _ in range(tasks.EVERY + 2):
        make_photo(ann, status=Status.QUEUED)
    tasks.read()
    finished = list(Analysis.objects.order_by("finished_at").values_list("pk", flat=True))
    assert finished.index(old.pk) == tasks.EVERY - 1


def test_one_photo_that_breaks_the_engine_is_handed_back_and_the_next_is_read(
    ann: User, make_photo: Any, engine: FakeEngine
) -> None:
    first, second = (make_photo(ann, status=Status.QUEUED).analyses.get() for _ in range(2))
    first.photo.image.storage.delete(first.photo.image.name)
    assert tasks.read() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.attempts) == (Status.QUEUED, 1)
    assert first.due_at > timezone.now()
    assert second.status == Status.DONE


def test_an_engine_that_cannot_start_costs_the_photo_no_attempt(
    ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModelMissingError("weights are missing")

    monkeypatch.setattr(tasks, "reader", missing)
    analysis = make_photo(ann, status=Status.QUEUED).analyses.get()
    tasks.read()
    analysis.refresh_from_db()
    assert (analysis.status, analysis.attempts) == (Status.QUEUED, 0)
    assert analysis.due_at > timezone.now() + timedelta(seconds=30)


def test_the_sweep_rings_for_what_waited_and_not_for_what_was_just_sent(
    ann: User, make_photo: Any, bell: list[str]
) -> None:
    make_photo(ann, status=Status.QUEUED)
    assert tasks.sweep() == 0
    Analysis.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert tasks.sweep() == 1
    assert bell == ["ring"]


def test_what_lost_its_worker_is_rung_for_at_once(ann: User, make_photo: Any, bell: list[str]) -> None:
    make_photo(ann, status=Status.RUNNING, lease_until=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep() == 1
    assert bell == ["ring"]


def test_a_long_line_is_not_rung_for_again(
    ann: User, make_photo: Any, bell: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "RINGS", 2)
    for number in range(4):
        make_photo(ann, status=Status.QUEUED)
        tasks.ring_for_new(1)
        assert len(bell) == min(number + 1, 2)


@pytest.mark.parametrize(("there", "came", "rings"), [(0, 5, 1), (1, 5, 1), (3, 5, 3), (3, 2, 2), (3, 1, 1)])
def test_many_that_come_at_once_wake_all_workers_and_no_more(
    ann: User, make_photo: Any, bell: list[str], there: int, came: int, rings: int
) -> None:
    for number in range(there):
        Worker.objects.create(host="w", pid=number, engine_version="e", model_version="m")
    for _ in range(came):
        make_photo(ann, status=Status.QUEUED)
    tasks.ring_for_new(came)
    assert len(bell) == rings


def test_many_that_come_to_an_empty_line_are_rung_for_though_it_is_long_now(
    ann: User, make_photo: Any, bell: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "RINGS", 2)
    for _ in range(4):
        make_photo(ann, status=Status.QUEUED)
    tasks.ring_for_new(1)
    assert bell == []
    tasks.ring_for_new(4)
    assert bell == ["ring"]


def test_a_broker_that_is_down_is_asked_once_and_then_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(**_: Any) -> None:
        asked.append(1)
        raise ConnectionError("no broker")

    now = 100.0
    monkeypatch.setattr("analysis.tasks.read.apply_async", refuse)
    monkeypatch.setattr(tasks, "bell", ringing.Bell())
    monkeypatch.setattr(ringing.time, "monotonic", lambda: now)
    tasks.ring()
    tasks.ring()
    assert len(asked) == 1
    now += ringing.SILENCE_S + 1
    tasks.ring()
    assert len(asked) == 2


def test_the_real_engine_reads_a_stored_photo(ann: User, astronaut_jpeg: bytes) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from analysis import services

    services.upload_photos(owner=ann, uploads=[SimpleUploadedFile("a.jpg", astronaut_jpeg)])
    analysis = Analysis.objects.get()
    assert tasks.read() == 1
    analysis.refresh_from_db()
    assert analysis.status == Status.DONE
    assert analysis.faces.count() == 1
    assert analysis.model_version.startswith("facetrio-")
