"""An installation on SQLite and a folder of photos, empty and lived in."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from analysis.models import Correction, Face, Photo, Review, Status
from suggestions.models import CatalogueItem, Feedback
from tests.facet import installations
from tests.facet.installations import run

MakePhoto = Callable[..., Photo]


@pytest.fixture(scope="session")
def migrated(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file that each test copies."""
    path = tmp_path_factory.mktemp("migrated") / "facet.sqlite3"
    with django_db_blocker.unblock(), installations.database(NAME=str(path)):
        call_command("migrate", verbosity=0)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    return path


@pytest.fixture
def home(db: None, settings: Any, tmp_path: Path, migrated: Path) -> Iterator[Path]:
    """FACET_VAR_DIR of an installation without people."""
    var = tmp_path / "var"
    var.mkdir()
    settings.VAR_DIR, settings.MEDIA_ROOT = var, var / "media"
    shutil.copy(migrated, var / "facet.sqlite3")
    with installations.database(NAME=str(var / "facet.sqlite3")):
        yield var


@pytest.fixture
def lived_in(home: Path, make_photo: MakePhoto) -> Path:
    """With people, photos whose files differ, faces, a correction, a review with history, a word on a suggestion."""
    ann = User.objects.create_user("ann@example.org", "correct horse battery", first_name="Ånn")
    ada = User.objects.create_superuser("ada@example.org", "correct horse battery")
    for number, status in enumerate((Status.DONE, Status.DONE, Status.FAILED, Status.QUEUED)):
        photo = make_photo(ann, status=status, **({"faces": [{}, {"gender": ""}]} if number == 0 else {}))
        for stored in (photo.image, photo.thumbnail):
            Path(stored.path).write_bytes(stored.read() + f"{stored.field.name} {number}".encode())
    face = Face.objects.order_by("pk")[0]
    Correction.objects.create(face=face, author=ann, age_years=35, note="“34” is wrong\nby one")
    review = Review.objects.create(face=face, reviewer=ada, verdict="accepted")
    review.note = "a second look"
    review.save()
    item = CatalogueItem.objects.create(
        slug="walk", kind="activity", title="A walk", description="Outside.", emotions={"neutral": 1.0},
        age_from=0, age_to=120,
    )  # fmt: skip
    Feedback.objects.create(person=ann, item=item, kind="liked", analysis=face.analysis)
    return home


@pytest.fixture
def made(lived_in: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    path = tmp_path / "facet.tar"
    run("backup", to=path)
    return path
