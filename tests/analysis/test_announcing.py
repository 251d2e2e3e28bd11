"""Webhooks hear of what becomes of photos and batches: if and only if it is so."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, WebhookDelivery
from accounts.webhooks import services as webhooks
from analysis import announcing, batches, runs, services
from analysis.engine import Reading, ReadingError
from analysis.models import Analysis, Batch, Photo, Status
from tests.accounts.webhooks.conftest import ALL
from tests.conftest import jpeg

pytestmark = pytest.mark.django_db
WORDS = {"engine_version": "e", "model_version": "m"}


@pytest.fixture
def hook(ann: User) -> Any:
    return webhooks.create(person=ann, url="https://hooks.example.org/", events=ALL, site="https://photos.example.org")[
        0
    ]


def upload(owner: User, *shades: int, batch: Batch | None = None) -> Batch:
    uploads = [SimpleUploadedFile(f"{shade}.jpg", jpeg(colour=(60 * shade, 9, 9))) for shade in shades]
    return services.upload_photos(owner=owner, uploads=uploads, batch=batch).batch


def finish_next(error: ReadingError | None = None) -> Analysis:
    analysis = runs.claim_next()
    assert analysis is not None
    assert runs.finish(analysis, Reading(width=96, height=72, error=error), **WORDS)
    return analysis


def told() -> list[tuple[str, str]]:
    """Event and status, in their order."""
    rows = WebhookDelivery.objects.order_by("pk").values_list("event", "body")
    return [(event, json.loads(body)["data"]["status"]) for event, body in rows]


def test_a_photo_that_was_read_is_told_with_its_address_and_nothing_of_what_it_shows(ann: User, hook: Any) -> None:
    upload(ann, 1)
    analysis = finish_next()
    noted = WebhookDelivery.objects.get(event="photo.done")
    data = json.loads(noted.body)["data"]
    address = f"https://photos.example.org{reverse('api:photo', args=[analysis.photo.uuid])}"
    assert data == {"id": str(analysis.photo.uuid), "url": address, "status": "done"}


def test_addresses_are_those_of_the_api(ann: User) -> None:
    photo, batch = Photo(), Batch()
    assert announcing.PHOTO.format(photo.uuid) == reverse("api:photo", args=[photo.uuid])
    assert announcing.BATCH.format(batch.uuid) == reverse("api:batch", args=[batch.uuid])


def test_a_photo_that_cannot_be_read_is_told(ann: User, hook: Any) -> None:
    upload(ann, 1)
    finish_next(ReadingError("unreadable", "The file is damaged."))
    assert told() == [("photo.failed", "failed"), ("batch.done", "done")]


def test_one_whose_attempts_are_used_up_is_told_and_one_that_is_tried_again_is_not(
    ann: User, hook: Any, settings: Any
) -> None:
    settings.ANALYSIS_MAX_ATTEMPTS = 2
    upload(ann, 1)
    for expected in ([], [("photo.failed", "failed"), ("batch.done", "done")]):
        Analysis.objects.update(due_at=timezone.now())
        analysis = runs.claim_next()
        assert analysis is not None
        runs.give_back(analysis, ValueError())
        assert told() == expected


def test_one_that_lost_its_workers_too_often_is_told_by_the_sweep(ann: User, hook: Any, settings: Any) -> None:
    upload(ann, 1, 2)
    assert runs.claim_next() and runs.claim_next()  # noqa: PT018
    first, second = Analysis.objects.order_by("pk")
    late = timezone.now() - timedelta(minutes=1)
    Analysis.objects.update(lease_until=late)
    Analysis.objects.filter(pk=first.pk).update(attempts=settings.ANALYSIS_MAX_ATTEMPTS)
    assert runs.requeue_lost() == 2
    assert told() == [("photo.failed", "failed")]
    assert Analysis.objects.get(pk=second.pk).status == Status.QUEUED


def test_a_result_that_is_refused_is_not_told(ann: User, hook: Any) -> None:
    upload(ann, 1)
    analysis = runs.claim_next()
    assert analysis is not None
    Analysis.objects.update(lease_token=None)
    assert not runs.finish(analysis, Reading(width=1, height=1), **WORDS)
    assert told() == []


def test_what_is_rolled_back_is_not_told(ann: User, hook: Any, monkeypatch: Any) -> None:
    upload(ann, 1)
    analysis = runs.claim_next()
    assert analysis is not None
    monkeypatch.setattr("analysis.batches.is_unfinished", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        runs.finish(analysis, Reading(width=1, height=1), **WORDS)
    assert told() == []
    assert Analysis.objects.get().status == Status.RUNNING


def test_a_batch_is_done_with_its_last_photo_and_told_a_moment_later(ann: User, hook: Any) -> None:
    batch = upload(ann, 1, 2, 3)
    finish_next()
    finish_next()
    assert [event for event, _ in told()] == ["photo.done", "photo.done"]
    finish_next()
    noted = WebhookDelivery.objects.get(event="batch.done")
    data = json.loads(noted.body)["data"]
    assert data["id"] == str(batch.uuid)
    assert data["url"].endswith(reverse("api:batch", args=[batch.uuid]))
    assert noted.due_at > timezone.now() + timedelta(seconds=3)


def test_more_photos_that_join_before_it_was_told_take_it_back(ann: User, hook: Any) -> None:
    batch = upload(ann, 1)
    finish_next()
    assert WebhookDelivery.objects.filter(event="batch.done").count() == 1
    upload(ann, 2, batch=batch)
    assert WebhookDelivery.objects.filter(event="batch.done").count() == 0
    finish_next()
    assert WebhookDelivery.objects.filter(event="batch.done").count() == 1


def test_a_batch_of_photos_that_are_known_already_is_done_at_once(ann: User, hook: Any) -> None:
    upload(ann, 1)
    finish_next()
    WebhookDelivery.objects.all().delete()
    upload(ann, 1)
    assert told() == [("batch.done", "done")]


def test_stopping_the_last_photo_ends_its_batch(ann: User, hook: Any) -> None:
    batch = upload(ann, 1, 2)
    finish_next()
    assert services.cancel_analysis(Analysis.objects.get(status=Status.QUEUED))
    assert told() == [("photo.done", "done"), ("batch.done", "done")]
    assert not batches.is_unfinished(batch)


def test_a_deleted_photo_is_told_and_what_was_told_of_it_before_is_gone(ann: User, hook: Any) -> None:
    upload(ann, 1)
    finish_next()
    photo = Photo.objects.get()
    services.delete_photo(photo)
    assert [event for event, _ in told()] == ["batch.done", "photo.erased"]
    batches.delete(Batch.objects.get(), photos=False)
    assert [event for event, _ in told()] == ["photo.erased"]


def test_nobody_is_told_that_everything_goes(ann: User, hook: Any) -> None:
    from accounts.erasure.people import erase_person

    upload(ann, 1)
    finish_next()
    with CaptureQueriesContext(connection) as asked:
        erase_person(ann)
    assert not WebhookDelivery.objects.exists()
    assert not any("photo.erased" in query["sql"] for query in asked)


def test_others_are_not_told(ann: User, ben: User, hook: Any, chores_rung: list[str]) -> None:
    upload(ben, 1)
    chores_rung.clear()
    finish_next()
    assert told() == []


def test_without_a_webhook_it_costs_one_look(ann: User) -> None:
    upload(ann, 1)
    analysis = runs.claim_next()
    assert analysis is not None
    with CaptureQueriesContext(connection) as asked:
        announcing.finished(analysis, Status.DONE)
    (look,) = [query["sql"] for query in asked]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {look}" if connection.vendor == "sqlite" else f"EXPLAIN {look}")
        plan = str(cursor.fetchall())
    assert "accounts_webhook_person_id" in plan or connection.vendor != "sqlite"


def test_deliveries_are_rung_for_once_all_is_committed(
    ann: User, hook: Any, chores_rung: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    upload(ann, 1)
    with django_capture_on_commit_callbacks(execute=True):
        finish_next()
    assert "webhooks" in chores_rung


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_with_the_last_two_photos_the_later_one_tells_of_the_batch(ann: User, hook: Any) -> None:
    """Each stores its result before the other's is committed; the row of the batch makes them take turns."""
    if connection.vendor == "sqlite":
        pytest.skip("has one writer at a time, so this cannot happen")
    upload(ann, 1, 2)
    both, claimed = threading.Barrier(2, timeout=10), [runs.claim_next(), runs.claim_next()]
    real = announcing.finished

    def together(analysis: Analysis, status: Status) -> None:
        both.wait()
        real(analysis, status)
        with suppress(threading.BrokenBarrierError):
            both.wait(1)  # neither commits before both have looked, unless one of them has to wait for the other

    def work(analysis: Analysis) -> None:
        runs.finish(analysis, Reading(width=1, height=1), **WORDS)
        connections.close_all()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(announcing, "finished", together)
        list(pool.map(work, claimed))
    assert sorted(event for event, _ in told()) == ["batch.done", "photo.done", "photo.done"]
