"""What stays of a photo once it was read, and for how long."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import FileToRemove, User
from analysis import keeping, outdated, services, tasks, upkeep
from analysis.cutting import LARGEST, square_of
from analysis.models import Analysis, Face, Keep, Keeping, Photo, Status, Worker
from tests.analysis.test_runs import found
from tests.analysis.test_tasks import FakeEngine
from vision.types import Reading

MakePhoto = Callable[..., Photo]
pytestmark = pytest.mark.django_db(transaction=True)


class SeeingEngine(FakeEngine):
    """Finds a face in every photo."""

    def read(self, photos: Sequence[bytes], **_: Any) -> list[Reading]:
        return [Reading(96, 72, (found(),)) for _ in photos]


def files(settings: Any) -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def upload(owner: User, data: bytes) -> Photo:
    upload = SimpleUploadedFile("holiday.jpg", data)
    return services.upload_photos(owner=owner, uploads=[upload]).accepted[0]


def thinned(photo: Photo, keep: Keep) -> Photo:
    """The photo once what was not to stay is gone."""
    Photo.objects.filter(pk=photo.pk).update(keep=keep)
    keeping.thin_all()
    return Photo.objects.get(pk=photo.pk)


@contextmanager
def broken_storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr("django.core.files.storage.FileSystemStorage.delete", lambda *_: 1 / 0)
        yield


@pytest.mark.parametrize(
    ("chosen", "most", "expected"),
    [
        (None, ("photo", 0), ("photo", None)),
        (None, ("faces", 30), ("faces", 30)),
        (("results", None), ("photo", 0), ("results", None)),
        (("photo", None), ("faces", 30), ("faces", 30)),
        (("results", 7), ("faces", 30), ("results", 7)),
        (("photo", 90), ("results", 30), ("results", 30)),
    ],
)
def test_a_choice_holds_within_the_bounds_of_the_installation(
    ann: User, settings: Any, chosen: Any, most: tuple[str, int], expected: tuple[str, int | None]
) -> None:
    settings.KEEP, settings.KEEP_DAYS = most
    if chosen:
        Keeping.objects.create(person=ann, keep=chosen[0], days=chosen[1])
    assert keeping.decided(ann) == keeping.Decision(Keep(expected[0]), expected[1])


def test_it_is_decided_when_the_photo_comes_in_and_a_later_choice_changes_nothing(ann: User, jpeg_bytes: bytes) -> None:
    Keeping.objects.create(person=ann, keep=Keep.FACES, days=5)
    photo = upload(ann, jpeg_bytes)
    keeping.choose(ann, keeping.Decision(Keep.PHOTO, None))
    photo.refresh_from_db()
    assert (photo.keep, photo.erase_at) == (Keep.FACES, photo.created_at + timedelta(days=5))


@pytest.mark.parametrize("keep", [Keep.RESULTS, Keep.FACES])
def test_a_worker_lets_go_of_the_picture_once_it_is_read(
    ann: User, jpeg_bytes: bytes, monkeypatch: pytest.MonkeyPatch, settings: Any, keep: Keep
) -> None:
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    Keeping.objects.create(person=ann, keep=keep)
    photo = upload(ann, jpeg_bytes)
    tasks.read()
    photo.refresh_from_db()
    face = Face.objects.get()
    assert (photo.newest.status if photo.newest else None, photo.has_picture, photo.size) == (Status.DONE, False, 0)
    assert files(settings) == ([face.crop.name] if keep == Keep.FACES else [])


def test_faces_are_cut_square_from_the_picture_without_metadata(ann: User, make_photo: MakePhoto) -> None:
    photo = thinned(make_photo(ann, faces=[{}, {"x": 80.0, "y": 60.0, "width": 30.0, "height": 30.0}]), Keep.FACES)
    for face in Face.objects.all():
        square = square_of(face, photo.width, photo.height)
        assert 0 <= square.x <= photo.width - square.width
        assert 0 <= square.y <= photo.height - square.height
        with face.crop.open("rb") as stored, Image.open(io.BytesIO(stored.read())) as picture:
            assert picture.size == (square.width, square.height)
            assert max(picture.size) <= LARGEST
            assert not picture.getexif()
    assert not photo.has_picture


@pytest.mark.parametrize(
    ("status", "fields", "stays"),
    [
        (Status.QUEUED, {}, True),
        (Status.RUNNING, {}, True),
        (Status.DONE, {}, False),
        (Status.FAILED, {"failure_code": "unreadable"}, False),
        (Status.FAILED, {"failure_code": "gave_up"}, True),
        (Status.FAILED, {"failure_code": "gave_up", "finished_at": timezone.now() - timedelta(days=2)}, False),
        (Status.CANCELLED, {}, True),
        (Status.CANCELLED, {"finished_at": timezone.now() - timedelta(days=2)}, False),
    ],
)
def test_what_may_still_be_read_keeps_its_picture_for_a_day(
    ann: User, make_photo: MakePhoto, status: Status, fields: dict[str, Any], stays: bool
) -> None:
    assert thinned(make_photo(ann, status=status, **fields), Keep.RESULTS).has_picture is stays


def test_whole_photos_are_left_alone(ann: User, make_photo: MakePhoto) -> None:
    assert thinned(make_photo(ann), Keep.PHOTO).has_picture


def test_a_crash_between_result_and_picture_is_mended_by_the_chore(
    ann: User, jpeg_bytes: bytes, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    Keeping.objects.create(person=ann, keep=Keep.RESULTS)
    upload(ann, jpeg_bytes)
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "thin", lambda _: 1 / 0)
        tasks.read()
    assert Analysis.objects.get().status == Status.DONE
    assert len(files(settings)) == 2
    upkeep.keep_no_more_than_chosen()
    assert files(settings) == []


def test_what_the_storage_does_not_remove_is_tried_again(
    ann: User, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from accounts.erasure.files import remove_noted

    photo = make_photo(ann)
    with broken_storage(monkeypatch):
        assert not thinned(photo, Keep.RESULTS).has_picture
    assert (FileToRemove.objects.count(), len(files(settings))) == (2, 2)
    assert remove_noted() == 2
    assert (FileToRemove.objects.count(), files(settings)) == (0, [])


def test_photos_whose_time_is_over_go_with_everything(ann: User, make_photo: MakePhoto, settings: Any) -> None:
    over, stays = make_photo(ann), make_photo(ann)
    Photo.objects.filter(pk=over.pk).update(erase_at=timezone.now() - timedelta(seconds=1))
    Photo.objects.filter(pk=stays.pk).update(erase_at=timezone.now() + timedelta(days=1))
    upkeep.keep_no_more_than_chosen()
    assert list(Photo.objects.all()) == [stays]
    assert {Path(name).stem for name in files(settings)} == {str(stays.uuid)}


def test_the_chores_questions_do_not_grow_with_the_photos_there_are(
    ann: User, make_photo: MakePhoto, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        make_photo(ann)
    with django_assert_num_queries(2):
        upkeep.keep_no_more_than_chosen()


def test_without_its_picture_nothing_is_read_again(ann: User, make_photo: MakePhoto, worker: Worker) -> None:
    old = {"engine_version": "old", "model_version": "old"}
    done = thinned(make_photo(ann, **old), Keep.RESULTS)
    failed = thinned(make_photo(ann, status=Status.FAILED), Keep.RESULTS)
    assert services.reread_photo(done) is None
    assert failed.newest is not None
    assert not services.retry_analysis(failed.newest)
    assert not outdated.outdated().exists()


def test_the_same_file_is_linked_to_the_photo_without_picture(ann: User, jpeg_bytes: bytes, settings: Any) -> None:
    photo = upload(ann, jpeg_bytes)
    Analysis.objects.update(status=Status.FAILED, failure_code="unreadable", finished_at=timezone.now())
    thinned(photo, Keep.RESULTS)
    outcome = services.upload_photos(owner=ann, uploads=[SimpleUploadedFile("again.jpg", jpeg_bytes)])
    assert outcome.linked == [photo]
    assert files(settings) == []


def test_a_picture_that_went_while_it_waited_fails_with_a_reason(
    ann: User, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    photo = make_photo(ann, status=Status.QUEUED)
    Photo.objects.update(image="", thumbnail="")
    tasks.read()
    assert photo.newest is not None
    photo.newest.refresh_from_db()
    assert (photo.newest.status, photo.newest.failure_code) == (Status.FAILED, "not_kept")


def test_photos_that_were_sent_already_are_held_to_it_when_asked(
    ann: User, ben: User, make_photo: MakePhoto, settings: Any
) -> None:
    old, new, others = make_photo(ann), make_photo(ann), make_photo(ben)
    Photo.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=9))
    keeping.choose(ann, keeping.Decision(Keep.FACES, 7))
    assert keeping.earlier(ann) == keeping.Earlier(total=2, pictures=2, photos=1)
    keeping.apply_to_earlier(ann)
    upkeep.keep_no_more_than_chosen()
    new.refresh_from_db()
    others.refresh_from_db()
    assert set(Photo.objects.all()) == {new, others}
    assert (new.has_picture, others.has_picture, others.erase_at) == (False, True, None)
    assert new.erase_at == new.created_at + timedelta(days=7)


@pytest.mark.parametrize("keep", [Keep.RESULTS, Keep.FACES])
def test_every_page_copes_without_the_picture(
    ann: User, ann_client: Client, ada_client: Client, make_photo: MakePhoto, worker: Worker, keep: Keep
) -> None:
    photo = thinned(make_photo(ann, engine_version="old", model_version="old"), keep)
    face = Face.objects.get()
    crop = reverse("analysis:crop", args=[face.uuid])
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    assert "They cannot read it, since its picture was not kept." in page
    assert ("Only the faces were kept" in page) is (keep == Keep.FACES)
    for address in (
        reverse("analysis:photo", args=[photo.uuid]),
        reverse("analysis:history"),
        reverse("home"),
        reverse("analysis:delete", args=[photo.uuid]),
        reverse("analysis:correct", args=[face.uuid]),
    ):
        told = ann_client.get(address).content.decode()
        assert reverse("analysis:image", args=[photo.uuid]) not in told, address
        assert reverse("analysis:thumbnail", args=[photo.uuid]) not in told, address
    for address in (
        reverse("admin:analysis_face_changelist"),
        reverse("admin:analysis_face_change", args=[face.pk]),
        reverse("admin:analysis_analysis_changelist"),
    ):
        told = ada_client.get(address).content.decode()
        assert reverse("analysis:image", args=[photo.uuid]) not in told, address
        assert (crop in told) or "picture not kept" in told, address
    for name in ("image", "thumbnail"):
        assert ann_client.get(reverse(f"analysis:{name}", args=[photo.uuid])).status_code == 404
    assert ann_client.get(crop).status_code == (200 if keep == Keep.FACES else 404)
    if keep == Keep.FACES:
        assert crop in page
        assert default_storage.exists(face.crop.name or "")


def test_a_crop_is_for_its_owner_and_for_reviewers(
    ann: User, ada_client: Client, ben_client: Client, client: Client, make_photo: MakePhoto
) -> None:
    thinned(make_photo(ann), Keep.FACES)
    address = reverse("analysis:crop", args=[Face.objects.get().uuid])
    answers = [each.get(address).status_code for each in (ada_client, ben_client, client)]
    assert answers == [200, 404, 302]
    assert ada_client.post(address).status_code == 405


def test_deleting_the_photo_takes_the_crops_along(ann: User, make_photo: MakePhoto, settings: Any) -> None:
    photo = thinned(make_photo(ann, faces=[{}, {}]), Keep.FACES)
    assert len(files(settings)) == 2
    services.delete_photo(photo)
    assert files(settings) == []


def test_reading_again_says_why_it_cannot(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    photo = thinned(make_photo(ann, status=Status.FAILED), Keep.RESULTS)
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    assert "delete this photo and send the file once more" in page
    for name in ("retry", "reread"):
        told = ann_client.post(reverse(f"analysis:{name}", args=[photo.uuid]), follow=True).content.decode()
        assert "its picture was not kept" in told
