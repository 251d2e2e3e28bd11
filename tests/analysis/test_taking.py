"""Files of one upload are taken in groups, each of which is one transaction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError

from accounts.models import User
from analysis import batches, services, taking
from analysis.models import Analysis, Batch, BatchPhoto, Lane, Photo, Status
from tests.conftest import agree, jpeg


def file(number: int, *, more: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{number}.jpg", jpeg(40 + number, 60) + bytes(more), "image/jpeg")


def sizes(*files: SimpleUploadedFile) -> list[int]:
    return [len(group) for group in taking.groups(files)]


def test_small_files_go_together_and_a_large_one_waits_for_no_other() -> None:
    assert sizes() == []
    assert sizes(*(file(at) for at in range(21))) == [10, 10, 1]
    large = taking.GROUP_BYTES - 1000
    assert sizes(file(1), file(2, more=large), file(3), file(4)) == [1, 1, 2]
    assert sizes(file(1, more=2 * large), file(2)) == [1, 1]


def test_the_same_file_twice_begins_a_group_that_finds_the_first(ann: User) -> None:
    assert sizes(file(1), file(2), file(1), file(3)) == [2, 2]
    outcome = services.upload_photos(owner=ann, uploads=[file(1), file(2), file(1), file(3)])
    assert [photo.name for photo in outcome.accepted] == ["1.jpg", "2.jpg", "3.jpg"]
    assert [photo.name for photo in outcome.linked] == ["1.jpg"]
    assert Photo.objects.count() == outcome.batch.photos.count() == 3


def test_many_take_their_turns_in_their_order(ann: User, ben: User, make_photo: Any) -> None:
    make_photo(ben, status=Status.QUEUED)
    first = services.upload_photos(owner=ann, uploads=[file(1), file(2)], lane=Lane.BATCH)
    then = services.upload_photos(owner=ann, uploads=[file(at) for at in range(3, 16)], lane=Lane.BATCH)
    turns = Analysis.objects.filter(owner=ann).order_by("pk").values_list("photo__name", "turn")
    assert list(turns) == [(f"{at}.jpg", at - 1) for at in range(1, 16)]
    told = [photo.newest.turn for photo in first.accepted + then.accepted if photo.newest]
    assert told == list(range(15))


def kept(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_rows_that_cannot_be_written_leave_no_files_of_their_group(
    ann: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    real, calls = taking.enter, []

    def fail_at_second(analyses: Any) -> Any:
        calls.append(len(analyses))
        if len(calls) == 2:
            raise DatabaseError
        return real(analyses)

    monkeypatch.setattr(taking, "GROUP_FILES", 2)
    monkeypatch.setattr(taking, "enter", fail_at_second)
    with pytest.raises(DatabaseError):
        services.upload_photos(owner=ann, uploads=[file(at) for at in range(1, 6)])
    assert calls == [2, 2]
    assert sorted(Photo.objects.values_list("name", flat=True)) == ["1.jpg", "2.jpg"]
    assert Analysis.objects.count() == 2
    assert len(kept(settings)) == 4


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """While the first file is decoded, something `happens`."""
    real, waiting = taking.clean, [happens]

    def clean(received: Any) -> Any:
        while waiting:
            waiting.pop()()
        return real(received)

    monkeypatch.setattr(taking, "clean", clean)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone", ["owner", "batch"])
def test_who_is_erased_while_a_file_is_decoded_leaves_no_pictures(
    monkeypatch: pytest.MonkeyPatch, settings: Any, gone: str
) -> None:
    """Whether they are there is asked by the database at the commit."""
    ann = agree(User.objects.create_user("ann@example.org"))
    batch = Batch.objects.create(owner=ann)
    there = {"owner": User.objects.filter(pk=ann.pk), "batch": Batch.objects.filter(pk=batch.pk)}
    meanwhile(monkeypatch, there[gone].delete)
    with pytest.raises(IntegrityError):
        services.upload_photos(owner=ann, uploads=[file(1), file(2)], batch=batch)
    assert Photo.objects.count() == 0
    assert kept(settings) == []


@pytest.mark.django_db(transaction=True)
def test_a_known_photo_that_is_deleted_meanwhile_takes_no_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    known = services.upload_photos(owner=ann, uploads=[file(3)]).accepted[0]
    meanwhile(monkeypatch, known.delete)
    outcome = services.upload_photos(owner=ann, uploads=[file(1), file(2), file(3)])
    assert [photo.name for photo in outcome.accepted] == ["1.jpg", "2.jpg"]
    assert sorted(Photo.objects.values_list("name", flat=True)) == ["1.jpg", "2.jpg"]


@pytest.mark.django_db(transaction=True)
def test_a_known_photo_that_is_deleted_before_it_is_linked_is_taken_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    known = services.upload_photos(owner=ann, uploads=[file(1)]).accepted[0]
    real = batches.link

    def link(batch: Batch, photo: Photo, *, is_new: bool) -> BatchPhoto:
        Photo.objects.filter(pk=known.pk).delete()
        return real(batch, photo, is_new=is_new)

    monkeypatch.setattr(batches, "link", link)
    outcome = services.upload_photos(owner=ann, uploads=[file(1)])
    assert [photo.name for photo in outcome.accepted] == ["1.jpg"]
    assert outcome.linked == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hook", ["analysis.trail.queued", "analysis.tasks.ring_for_new"])
def test_what_goes_wrong_after_the_commit_is_logged_and_the_photo_is_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, hook: str
) -> None:
    ann = agree(User.objects.create_user("ann@example.org"))
    monkeypatch.setattr(hook, lambda *_: 1 / 0)
    assert len(services.upload_photos(owner=ann, uploads=[file(1)]).accepted) == 1
    assert "ZeroDivisionError" in caplog.text


def test_a_file_that_cannot_be_removed_keeps_no_other_from_being_removed(
    ann: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    real, refused = FileSystemStorage.delete, []

    def delete(storage: FileSystemStorage, name: str) -> None:
        if not refused:
            refused.append(name)
            raise OSError("busy")
        real(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", delete)
    monkeypatch.setattr(taking, "enter", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.upload_photos(owner=ann, uploads=[file(1), file(2), file(3)])
    assert [path.name for path in kept(settings)] == [Path(name).name for name in refused]


def test_what_takes_long_to_decode_holds_up_nothing_that_was_decoded_before(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "GROUP_S", 0.0)
    real, entered = taking.enter, []

    def enter(analyses: Any) -> Any:
        entered.append(len(analyses))
        return real(analyses)

    monkeypatch.setattr(taking, "enter", enter)
    assert len(services.upload_photos(owner=ann, uploads=[file(1), file(2), file(3)]).accepted) == 3
    assert entered == [1, 1, 1]


def test_bad_files_among_good_ones_stop_none(ann: User) -> None:
    bad = SimpleUploadedFile("bad.jpg", b"nothing", "image/jpeg")
    outcome = services.upload_photos(owner=ann, uploads=[file(1), bad, file(2)])
    assert [photo.name for photo in outcome.accepted] == ["1.jpg", "2.jpg"]
    assert [one.name for one in outcome.rejected] == ["bad.jpg"]
