"""Uploading, deleting, retrying, correcting, reviewing."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from analysis import services
from analysis.intake import safe_name
from analysis.models import Analysis, Correction, Face, Photo, Review, Status, Verdict
from tests.conftest import jpeg


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def stored_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_good_files_are_kept_and_rung_for_and_bad_ones_say_why(bell: list[int]) -> None:
    ann = User.objects.create_user("ann@example.org")
    outcome = services.upload_photos(
        owner=ann, uploads=[file("a.jpg", jpeg()), file("b.jpg", b"broken"), file("c.jpg", jpeg(50, 60))]
    )
    assert [photo.name for photo in outcome.accepted] == ["a.jpg", "c.jpg"]
    assert [(bad.name, bad.code) for bad in outcome.rejected] == [("b.jpg", "unsupported")]
    assert bell == list(Analysis.objects.order_by("pk").values_list("pk", flat=True))
    assert set(Analysis.objects.values_list("status", flat=True)) == {Status.QUEUED}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_lose_the_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("analysis.tasks.read.apply_async", refuse)
    ann = User.objects.create_user("ann@example.org")
    outcome = services.upload_photos(owner=ann, uploads=[file("a.jpg", jpeg())])
    assert len(outcome.accepted) == 1
    assert Analysis.objects.get().status == Status.QUEUED


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
    ann = User.objects.create_user("ann@example.org")
    photo, other = make_photo(ann), make_photo(ann)
    services.correct_face(face=Face.objects.filter(analysis__photo=photo).get(), author=ann, age_years=3)
    services.delete_photo(photo)
    assert list(Photo.objects.all()) == [other]
    assert Face.objects.count() == 1
    assert not Correction.objects.exists()
    assert len(stored_files(settings.MEDIA_ROOT)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_person_who_leaves_leaves_no_files(make_photo: Any, settings: Any) -> None:
    ann = User.objects.create_user("ann@example.org")
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


def test_a_second_review_replaces_the_first_and_keeps_its_history(ann: User, ada: User, make_photo: Any) -> None:
    face = Face.objects.get(analysis__photo=make_photo(ann))
    services.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    review = services.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, age_years=40)
    assert Review.objects.get() == review
    assert [past.verdict for past in review.history.order_by("history_id")] == ["accepted", "corrected"]
