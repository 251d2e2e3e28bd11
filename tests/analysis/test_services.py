"""Uploading, deleting, retrying, correcting, reviewing."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.utils import timezone
from PIL import Image

from accounts.bell import Bell
from accounts.models import User
from analysis import bounds, line, runs, services, statements, tasks
from analysis.intake import safe_name
from analysis.models import Analysis, Correction, Face, Lane, Photo, Review, Status, Verdict, Worker
from tests.analysis.test_runs import found
from tests.conftest import agree, jpeg
from vision.types import Box, Reading


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def stored_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_good_files_are_kept_and_rung_for_and_bad_ones_say_why(bell: list[str]) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    outcome = services.upload_photos(
        owner=ann, uploads=[file("a.jpg", jpeg()), file("b.jpg", b"broken"), file("c.jpg", jpeg(50, 60))]
    )
    assert [photo.name for photo in outcome.accepted] == ["a.jpg", "c.jpg"]
    assert [(bad.name, bad.code) for bad in outcome.rejected] == [("b.jpg", "unsupported")]
    assert len(bell) == 1
    assert set(Analysis.objects.values_list("status", flat=True)) == {Status.QUEUED}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_lose_the_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("analysis.tasks.read.apply_async", refuse)
    monkeypatch.setattr(tasks, "bell", Bell())
    ann = agree(User.objects.create_user("ann@example.org"))
    outcome = services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())])
    assert len(outcome.accepted) == 1
    assert Analysis.objects.get().status == Status.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_is_done_and_not_answered_leaves_the_photo_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the database is restarted at that moment."""
    ann = agree(User.objects.create_user("ann@example.org"))
    real = connection._commit

    def unanswered() -> None:
        real()
        if Photo.objects.exists():
            raise OperationalError("the connection was lost")

    monkeypatch.setattr(connection, "_commit", unanswered)
    with pytest.raises(OperationalError):
        services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())])
    photo = Photo.objects.get()
    assert photo.image.storage.exists(photo.image.name)
    assert photo.thumbnail.storage.exists(photo.thumbnail.name)


def test_what_is_kept_is_upright_small_enough_and_without_metadata(ann: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "ann's camera"
    data = jpeg(5000, 100, exif=exif)
    (photo,) = services.upload_photos(owner=ann, uploads=[file("wide.jpg", data)]).accepted
    assert (photo.width, photo.height) == (82, 4096)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    with Image.open(BytesIO(photo.image.read())) as image:
        assert image.size == (82, 4096)
        assert not image.getexif()
    with Image.open(BytesIO(photo.thumbnail.read())) as image:
        assert max(image.size) == 320


def test_the_stored_path_tells_nothing_of_the_name_that_was_sent(ann: User, settings: Any) -> None:
    services.upload_photos(owner=ann, uploads=[file("../../etc/Ann at home.jpg", jpeg())])
    assert Photo.objects.get().name == "Ann at home.jpg"
    for path in stored_files(settings.MEDIA_ROOT):
        assert "Ann" not in str(path.relative_to(settings.MEDIA_ROOT))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a/b\\c.png", "c.png"), ("", "photo"), ("x\x00\n\u202ey.jpg", "xy.jpg"), ("ü" * 200, "ü" * 120), ("  ", "photo")],
)
def test_names_are_only_for_showing(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@pytest.mark.django_db(transaction=True)
def test_deleting_a_photo_removes_rows_and_files(make_photo: Any, settings: Any) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    photo, other = make_photo(ann), make_photo(ann)
    statements.correct_face(face=Face.objects.filter(analysis__photo=photo).get(), author=ann, age_years=3)
    services.delete_photo(photo)
    assert list(Photo.objects.all()) == [other]
    assert Face.objects.count() == 1
    assert not Correction.objects.exists()
    assert len(stored_files(settings.MEDIA_ROOT)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_person_who_leaves_leaves_no_files(make_photo: Any, settings: Any) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    make_photo(ann)
    make_photo(ann)
    ann.delete()
    assert stored_files(settings.MEDIA_ROOT) == []


def test_only_what_failed_can_be_tried_again(ann: User, make_photo: Any) -> None:
    failed = make_photo(ann, status=Status.FAILED, attempts=3).analyses.get()
    assert services.retry_analysis(failed) is True
    failed.refresh_from_db()
    assert (failed.status, failed.attempts, failed.failure_code) == (Status.QUEUED, 0, "")
    assert services.retry_analysis(make_photo(ann).analyses.get()) is False


def test_what_was_stopped_can_be_tried_again(ann: User, make_photo: Any) -> None:
    analysis = make_photo(ann, status=Status.QUEUED).analyses.get()
    assert services.cancel_analysis(analysis) is True
    assert services.cancel_analysis(analysis) is False
    assert services.retry_analysis(analysis) is True
    analysis.refresh_from_db()
    assert (analysis.status, analysis.finished_at) == (Status.QUEUED, None)


def test_the_same_file_again_is_the_same_photo(ann: User, ben: User) -> None:
    first = services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())])
    again = services.upload_photos(owner=ann, uploads=[file("b.jpg", jpeg()), file("c.jpg", jpeg(50, 60))])
    other = services.upload_photos(owner=ben, uploads=[file("a.jpg", jpeg())])
    assert again.linked == first.accepted
    assert [photo.name for photo in again.accepted] == ["c.jpg"]
    assert len(other.accepted) == 1
    assert Analysis.objects.count() == 3


def test_the_same_file_again_tries_again_what_failed(ann: User) -> None:
    (photo,) = services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())]).accepted
    Analysis.objects.update(status=Status.FAILED, failure_code="gave_up", attempts=3)
    services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())])
    analysis = photo.analyses.get()
    assert (analysis.status, analysis.attempts, analysis.failure_code) == (Status.QUEUED, 0, "")


@pytest.fixture
def worker(db: None) -> Worker:
    return Worker.objects.create(host="one", pid=1, engine_version="engine-2", model_version="model-2")


def test_only_what_other_models_read_is_read_again(ann: User, make_photo: Any, worker: Worker) -> None:
    old = make_photo(ann, engine_version="engine-1", model_version="model-2")
    current = make_photo(ann, engine_version="engine-2", model_version="model-2")
    waiting = make_photo(ann, status=Status.QUEUED)
    again = services.reread_photo(old)
    assert again is not None
    assert (again.earlier, again.lane, old.latest, old.newest) == (
        old.analyses.last(),
        Lane.RERUN,
        again.earlier,
        again,
    )
    assert services.reread_photo(old) is None
    assert services.reread_photo(current) is None
    assert services.reread_photo(waiting) is None


def test_nothing_is_read_again_while_nobody_can_tell_what_is_new(ann: User, make_photo: Any) -> None:
    assert services.reread_photo(make_photo(ann, engine_version="engine-1")) is None


def test_what_the_owner_said_stays_with_the_face_when_it_is_read_again(
    ann: User, make_photo: Any, worker: Worker
) -> None:
    photo = make_photo(ann, faces=[{}, {"x": 60.0, "y": 40.0}], engine_version="engine-1")
    first, second = Face.objects.order_by("index")
    statements.correct_face(face=first, author=ann, age_years=20)
    statements.correct_face(face=first, author=ann, age_years=40)
    statements.correct_face(face=second, author=ann, not_a_face=True)
    services.reread_photo(photo)
    taken = runs.claim_next()
    assert taken is not None
    moved = replace(found(), box=Box(22, 14, 40, 40))
    runs.finish(taken, Reading(96, 72, (moved, found())), engine_version="engine-2", model_version="model-2")
    corrections = Correction.objects.filter(face__analysis=taken)
    assert [(said.face.index, said.age_years, said.author) for said in corrections] == [(0, 40, ann)]
    assert (photo.latest, Correction.objects.count()) == (taken, 4)


def test_a_full_line_turns_uploads_away_and_keeps_nothing(
    ann: User, make_photo: Any, settings: Any, worker: Worker
) -> None:
    settings.QUEUE_MAX = 2
    now = timezone.now()
    make_photo(ann, started_at=now - timedelta(seconds=10))  # one worker reads one photo in ten seconds
    for _ in range(3):
        make_photo(ann, status=Status.QUEUED)
    with pytest.raises(bounds.QueueFullError, match="about 15 seconds") as caught:
        services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg(31, 31))])
    assert caught.value.retry_after_s == pytest.approx((3 - line.ROOM * 2) * 10, abs=1)
    assert not Photo.objects.filter(name="a.jpg").exists()


def test_a_person_may_send_so_many_photos_a_day(ann: User, ben: User, make_photo: Any, settings: Any) -> None:
    settings.PHOTOS_PER_DAY = 2
    old = make_photo(ann)
    Photo.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=23))
    services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg(31, 31))])
    with pytest.raises(bounds.QuotaError, match=r"2 photos a day.*about 60 minutes") as caught:
        services.upload_photos(owner=ann, uploads=[file("b.jpg", jpeg(32, 32))])
    assert 3500 < caught.value.retry_after_s <= 3600
    assert len(services.upload_photos(owner=ben, uploads=[file("b.jpg", jpeg(32, 32))]).accepted) == 1
    settings.PHOTOS_PER_DAY = 0
    assert len(services.upload_photos(owner=ann, uploads=[file("b.jpg", jpeg(32, 32))]).accepted) == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "about 5 seconds"), (41, "about 45 seconds"), (56, "about 1 minute"), (61, "about 2 minutes"),
     (5400, "about 90 minutes"), (5401, "about 2 hours")],
)  # fmt: skip
def test_waits_are_told_as_people_plan(seconds: float, words: str) -> None:
    assert bounds.in_words(seconds) == words


def test_a_second_review_replaces_the_first_and_keeps_its_history(ann: User, ada: User, make_photo: Any) -> None:
    face = Face.objects.get(analysis__photo=make_photo(ann))
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    review = statements.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, age_years=40)
    assert Review.objects.get() == review
    assert [past.verdict for past in review.history.order_by("history_id")] == ["accepted", "corrected"]
