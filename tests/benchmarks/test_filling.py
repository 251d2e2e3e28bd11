"""The generator of large databases, on a small one: what it makes is what Facet itself could have made."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.platform.pages import PAGES
from benchmarks.stack.installation import ROOT, Installation
from tests.services.conftest import own_database

ANALYSES = 700
FILES = 3

LOOK = """
import json, sys
import django
django.setup()
from collections import Counter
from django.db.models import Count, F, Max
from django.test import Client
from accounts.models import User
from analysis.models import Analysis, Correction, Face, Photo, Review, Status
from analysis.models.photo import _photo_path, _thumbnail_path
from benchmarks.platform.filling import ADMINISTRATOR, OWNER

broken = []
for model in (Photo, Analysis, Face, Correction, Review):
    for row in model.objects.all():
        try:
            row.full_clean(exclude=[  # what is not known yet may be left out, though not in a form
                field.name for field in row._meta.fields
                if getattr(row, field.attname) == (None if field.null else field.get_default())
            ])
        except Exception as error:
            broken.append(f"{model.__name__} {row.pk}: {error}")
lost = {
    "analyses": Analysis.objects.filter(photo=None).count() + Analysis.objects.exclude(owner=F("photo__owner")).count(),
    "faces": Face.objects.filter(analysis=None).count() + Face.objects.exclude(analysis__status=Status.DONE).count(),
    "corrections": Correction.objects.exclude(author=F("face__analysis__photo__owner")).count(),
    "reviews": Review.objects.exclude(pk__in=Review.history.values("id"), reviewer__isnull=False).count(),
}
paths = all(
    photo.image.name == _photo_path(photo, "") and photo.thumbnail.name == _thumbnail_path(photo, "")
    for photo in Photo.objects.all()
)
photos = Photo.objects.order_by("-created_at", "-id")
mine = photos.filter(owner__email=OWNER)
Photo.objects.create(owner=User.objects.get(email=OWNER), name="next", sha256="1", width=1, height=1, size=1).delete()
answers = {}
for name, (who, path) in json.loads(sys.argv[1]).items():
    client = Client(headers={"host": "localhost"})
    client.force_login(
        User.objects.get(email=ADMINISTRATOR if who == "administrator" else OWNER),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    answers[name] = client.get(path).status_code
print(json.dumps({
    "broken": broken[:5],
    "lost": lost,
    "paths": paths,
    "statuses": Counter(Analysis.objects.values_list("status", flat=True)),
    "faces of one": Face.objects.values("analysis").annotate(count=Count("pk")).aggregate(most=Max("count"))["most"],
    "analyses": Analysis.objects.count(),
    "photos": photos.count(),
    "owned": mine.count(),
    "people": photos.order_by().values("owner").distinct().count(),
    "read again": Photo.objects.annotate(count=Count("analyses")).filter(count=2).count(),
    "corrections": Correction.objects.count(),
    "reviews": Review.objects.count(),
    "days": (photos[0].created_at - photos.last().created_at).days,
    "files": [photo.image.storage.exists(photo.image.name) for photo in mine[:4]],
    "answers": answers,
}))
"""


def run(installation: Installation, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=installation.environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """Over an empty database of its own on the server of the tests."""
    with own_database() as url:
        installation = Installation(tmp_path, database_url=url)
        installation.initialise()
        yield installation


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.parametrize("everything", [False, True])
def test_a_filled_database_is_one_that_facet_could_have_filled(empty: Installation, everything: bool) -> None:
    words = ["--analyses", str(ANALYSES), "--files", str(FILES), *(["--everything"] if everything else [])]
    report = run(empty, "-m", "benchmarks.platform.filling", *words)
    found = run(empty, "-c", LOOK, json.dumps(PAGES))
    assert found["broken"] == []
    assert set(found["lost"].values()) == {0}, found["lost"]
    assert found["paths"]
    assert found["analyses"] == report["analyses"] == ANALYSES
    assert found["photos"] == report["photos"] == ANALYSES - found["read again"]
    assert set(found["statuses"]) == {"queued", "running", "done", "failed", "cancelled"}
    assert found["faces of one"] == 3
    assert found["owned"] == report["owned"] == (found["photos"] if everything else found["photos"] // 10)
    assert (found["people"] == 1) is everything
    assert min(found["read again"], found["corrections"], found["reviews"]) > 10
    assert found["days"] > 1000
    assert found["files"] == [True] * FILES + [False]
    assert set(found["answers"].values()) == {200}, found["answers"]


@pytest.mark.services
def test_a_database_that_is_in_use_is_not_filled(empty: Installation) -> None:
    run(empty, "-m", "benchmarks.platform.filling", "--analyses", "100")
    with pytest.raises(AssertionError, match="Only an empty PostgreSQL database"):
        run(empty, "-m", "benchmarks.platform.filling", "--analyses", "100")
