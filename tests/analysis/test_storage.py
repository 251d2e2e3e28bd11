"""A storage that does not keep photos."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from analysis import bounds, services
from analysis.models import Analysis, Photo
from tests.conftest import jpeg


def uploads(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{at}.jpg", jpeg(colour=(at, 140, 160)), "image/jpeg") for at in range(count)]


def fill(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Let the storage take so many files; of the next only a half fits, and then the disk is full."""
    save = FileSystemStorage._save  # type: ignore[attr-defined]
    left = iter(range(room))

    def save_while_there_is_room(storage: FileSystemStorage, name: str, content: Any) -> Any:
        if next(left, None) is not None:
            return save(storage, name, content)
        half = Path(storage.path(name))
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save_while_there_is_room)


@pytest.mark.parametrize("room", [0, 1])  # no picture fits, or a picture without its thumbnail
def test_a_full_disk_is_a_sentence_a_line_in_the_log_and_no_half_files(
    ann: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    settings: Any,
    room: int,
) -> None:
    fill(monkeypatch, room)
    with pytest.raises(bounds.StorageError) as caught:
        services.upload_photos(owner=ann, uploads=uploads(1))
    assert caught.value.sentence.startswith("There is no room for photos right now.")
    assert caught.value.status == 507
    assert "the storage did not keep a photo: OSError" in caplog.text
    assert "No space left on device" in caplog.text
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not Photo.objects.exists()
    assert not Analysis.objects.exists()


def test_what_was_kept_before_the_disk_was_full_stays_and_the_rest_is_named(
    ann: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    fill(monkeypatch, 3)
    outcome = services.upload_photos(owner=ann, uploads=uploads(3))
    assert [photo.name for photo in outcome.accepted] == ["0.jpg"]
    assert [(one.name, one.code) for one in outcome.rejected] == [("1.jpg", "no_room"), ("2.jpg", "no_room")]
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 2


def test_a_storage_that_cannot_even_remove_files_still_says_why(
    ann: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class DownError(Exception):
        """As an object storage's library raises; no OSError."""

    def refuse(*_: object) -> None:
        raise DownError

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    with pytest.raises(bounds.StorageError):
        services.upload_photos(owner=ann, uploads=uploads(1))
    assert "files of a photo" in caplog.text
