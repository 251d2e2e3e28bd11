"""A file without end fills neither memory nor disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import jpeg

Api = Callable[..., APIClient]
MEGABYTE = 1024 * 1024


def test_a_file_over_the_limit_is_refused_by_name_and_the_others_go_on(
    ann: User, api: Api, settings: Any, monkeypatch: Any
) -> None:
    settings.PHOTO_MAX_MEGABYTES = 1
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    spooled: list[int] = []

    def note(upload: Any) -> Any:
        spooled.append(Path(upload.temporary_file_path()).stat().st_size)
        return original(upload)

    from analysis import taking

    original = taking.receive
    monkeypatch.setattr(taking, "receive", note)
    files = [SimpleUploadedFile("big.jpg", jpeg() + bytes(5 * MEGABYTE)), SimpleUploadedFile("small.jpg", jpeg())]
    answer = api(ann).post("/api/v1/photos/", {"photos": files})
    assert [photo["name"] for photo in answer.data["accepted"]] == ["small.jpg"]
    assert [(bad["name"], bad["code"]) for bad in answer.data["rejected"]] == [("big.jpg", "too_large")]
    assert MEGABYTE < spooled[0] < 1.2 * MEGABYTE


def test_too_many_files_are_a_problem_with_the_number(ann: User, api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    refused = api(ann).post("/api/v1/photos/", {"photos": [SimpleUploadedFile(f"{n}.jpg", jpeg()) for n in range(3)]})
    assert (refused.status_code, refused.json()["code"]) == (400, "too_many_files")
    assert "at most 2" in refused.json()["detail"]
