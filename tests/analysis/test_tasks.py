"""What a wake-up does."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis import tasks
from analysis.models import Analysis, Status
from vision.errors import ModelMissingError
from vision.types import Reading


class FakeEngine:
    """Answers without faces, or raises."""

    engine_version = model_version = "fake-1"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sizes: list[int] = []

    def read(self, photos: Sequence[bytes]) -> list[Reading]:
        self.sizes.extend(len(photo) for photo in photos)
        if self.error:
            raise self.error
        return [Reading(96, 72) for _ in photos]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(tasks, "reader", lambda: fake)
    return fake


def test_a_wake_up_takes_others_along_but_not_without_end(ann: User, make_photo: Any, engine: FakeEngine) -> None:
    photos = [make_photo(ann, status=Status.QUEUED) for _ in range(tasks.BATCH + 2)]
    last = photos[-1].analyses.get()
    assert tasks.read(last.pk) == tasks.BATCH
    last.refresh_from_db()
    assert last.status == Status.DONE
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 2


def test_a_second_delivery_of_the_same_message_does_nothing(ann: User, make_photo: Any, engine: FakeEngine) -> None:
    analysis = make_photo(ann, status=Status.QUEUED).analyses.get()
    assert tasks.read(analysis.pk) == 1
    assert tasks.read(analysis.pk) == 0
    assert len(engine.sizes) == 1


def test_a_message_for_a_deleted_photo_does_nothing(db: None, engine: FakeEngine) -> None:
    assert tasks.read(12345) == 0


def test_one_photo_that_breaks_the_engine_is_handed_back_and_the_next_is_read(
    ann: User, make_photo: Any, engine: FakeEngine
) -> None:
    first, second = (make_photo(ann, status=Status.QUEUED).analyses.get() for _ in range(2))
    first.photo.image.storage.delete(first.photo.image.name)
    assert tasks.read(first.pk) == 2
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
    tasks.read(analysis.pk)
    analysis.refresh_from_db()
    assert (analysis.status, analysis.attempts) == (Status.QUEUED, 0)
    assert analysis.due_at > timezone.now() + timedelta(seconds=30)


def test_the_sweep_rings_for_what_waited_and_not_for_what_was_just_sent(
    ann: User, make_photo: Any, bell: list[int]
) -> None:
    old, _ = (make_photo(ann, status=Status.QUEUED).analyses.get() for _ in range(2))
    Analysis.objects.filter(pk=old.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert tasks.sweep() == 1
    assert bell == [old.pk]


def test_the_real_engine_reads_a_stored_photo(ann: User, astronaut_jpeg: bytes) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from analysis import services

    services.upload_photos(owner=ann, uploads=[SimpleUploadedFile("a.jpg", astronaut_jpeg)])
    analysis = Analysis.objects.get()
    assert tasks.read(analysis.pk) == 1
    analysis.refresh_from_db()
    assert analysis.status == Status.DONE
    assert analysis.faces.count() == 1
    assert analysis.model_version.startswith("facetrio-")
