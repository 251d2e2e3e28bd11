"""Files without rows and rows without files."""

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from accounts import upkeep
from accounts.models import FileToRemove, OrphanCheck, User
from accounts.orphans.looking import KEPT, look

HOURS_AGO = time.time() - 7200


def litter(name: str = "photos/ab/litter.jpg", *, old: bool = True) -> Path:
    path = Path(default_storage.path(default_storage.save(name, ContentFile(b"x"))))
    if old:
        os.utime(path, (HOURS_AGO, HOURS_AGO))
    return path


def test_all_is_well(ann: User, make_photo: Any) -> None:
    make_photo(ann)
    check = look()
    assert (check.files, check.names, check.is_well) == (2, 2, True)


@pytest.mark.parametrize("folder", ["photos", "thumbnails", "faces", "exports"])
def test_a_file_without_a_row_is_found_and_removed_when_asked(db: None, folder: str) -> None:
    path = litter(f"{folder}/ab/litter.jpg")
    said: list[str] = []
    assert look(say=said.append).files_without_rows == 1
    assert said == [f"file without a row: {folder}/ab/litter.jpg"]
    assert path.exists()
    check = look(remove=True)
    assert (check.removed, check.is_well, path.exists()) == (1, True, False)


def test_young_files_and_what_is_not_ours_are_left_alone(db: None) -> None:
    young, other = litter(old=False), litter("elsewhere/notes.txt")
    noted = litter("photos/cd/noted.jpg")
    FileToRemove.objects.create(name="photos/cd/noted.jpg")
    assert look(remove=True).files_without_rows == 0
    assert young.exists()
    assert other.exists()
    assert noted.exists()


def test_a_row_without_its_file_is_named_by_uuid_with_what_to_do(ann: User, make_photo: Any) -> None:
    photo = make_photo(ann)
    default_storage.delete(photo.thumbnail.name)
    out = io.StringIO()
    call_command("orphans", stdout=out)
    assert f"row without its file: analysis.photo {photo.uuid}, thumbnail" in out.getvalue()
    assert "Bring the missing files back from a backup." in out.getvalue()
    assert OrphanCheck.objects.get().rows_without_files == 1


def test_the_command_removes_and_says_so(db: None) -> None:
    path, out = litter(), io.StringIO()
    call_command("orphans", "--remove", stdout=out)
    assert "Without a row: 1, 1 removed." in out.getvalue()
    assert not path.exists()


def test_the_chore_only_looks_and_the_glance_shows_it(rob_client: Client) -> None:
    glance = "/admin/analysis/worker/"
    assert "not yet" in rob_client.get(glance).content.decode()
    path = litter()
    upkeep.find_orphans()
    assert path.exists()
    page = rob_client.get(glance).content.decode()
    assert "1 without a row" in page
    assert "manage.py orphans" in page


def test_some_results_are_remembered(db: None) -> None:
    for _ in range(KEPT + 2):
        look()
    assert OrphanCheck.objects.count() == KEPT
