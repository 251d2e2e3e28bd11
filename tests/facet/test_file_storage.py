"""A photo is on the disk before its row is."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from facet.file_storage import DurableFileSystemStorage


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was brought to the disk."""
    places: list[Path] = []

    def fsync(handle: int) -> None:
        places.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    return places


def test_a_file_and_the_folders_that_lead_to_it_are_brought_to_the_disk(tmp_path: Path, brought: list[Path]) -> None:
    storage = DurableFileSystemStorage(location=tmp_path / "media")
    name = storage.save("photos/ab/one.jpg", ContentFile(b"bytes"))
    folder = tmp_path / "media"
    assert brought == [folder / name, folder / "photos" / "ab", folder / "photos", folder]
    assert (folder / name).read_bytes() == b"bytes"


def test_the_way_to_a_folder_is_brought_there_once_and_again_when_the_folder_is_another(
    tmp_path: Path, brought: list[Path]
) -> None:
    storage = DurableFileSystemStorage(location=tmp_path)
    folder = tmp_path / "photos" / "ab"
    storage.save("photos/ab/one.jpg", ContentFile(b"1"))
    brought.clear()
    storage.save("photos/ab/two.jpg", ContentFile(b"2"))
    assert brought == [folder / "two.jpg", folder]
    brought.clear()
    shutil.rmtree(folder)
    storage.save("photos/ab/three.jpg", ContentFile(b"3"))
    assert brought == [folder / "three.jpg", folder, tmp_path / "photos", tmp_path]


def test_a_disk_that_refuses_is_an_error_and_not_a_kept_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        DurableFileSystemStorage(location=tmp_path).save("one.jpg", ContentFile(b"bytes"))


def test_it_is_what_an_installation_uses() -> None:
    from facet import settings as shipped

    assert shipped.STORAGES["default"]["BACKEND"] == "facet.file_storage.DurableFileSystemStorage"
