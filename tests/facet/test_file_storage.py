"""A photo is on the disk before its row is."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from facet.file_storage import DurableFileSystemStorage


def test_a_file_and_the_folders_that_lead_to_it_are_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[Path] = []

    def fsync(handle: int) -> None:
        brought.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    storage = DurableFileSystemStorage(location=tmp_path / "media")
    name = storage.save("photos/ab/one.jpg", ContentFile(b"bytes"))
    folder = tmp_path / "media"
    assert brought == [folder / name, folder / "photos" / "ab", folder / "photos", folder]
    assert (folder / name).read_bytes() == b"bytes"


def test_a_disk_that_refuses_is_an_error_and_not_a_kept_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        DurableFileSystemStorage(location=tmp_path).save("one.jpg", ContentFile(b"bytes"))


def test_it_is_what_an_installation_uses() -> None:
    from facet import settings as shipped

    assert shipped.STORAGES["default"]["BACKEND"] == "facet.file_storage.DurableFileSystemStorage"
