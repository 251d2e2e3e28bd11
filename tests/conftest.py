"""The cast and the props. ann owns, ben is a stranger, ada reviews, rob administers."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts.consent import services as consent
from accounts.consent.models import Via
from accounts.consent.purposes import Purpose, offered
from accounts.models import User
from analysis import line
from analysis.models import FINISHED, Analysis, Face, Photo, Status, Worker

PASSWORD = "correct horse battery"

SWITCHES = {
    "shared": ("FACET_SHARED", "the folder with the shared photos and data sets"),
    "browser": ("FACET_TEST_BROWSER", "the path of a Chromium, /usr/bin/chromium on Debian"),
    "services": (
        "FACET_TEST_DATABASE_URL and FACET_TEST_REDIS_URL and FACET_TEST_AMQP_URL",
        "a PostgreSQL, a Redis and a RabbitMQ",
    ),
    "slow": ("FACET_TEST_SLOW", "1, and have some minutes"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need what is not at hand skip and say what to set."""
    for item in items:
        for marker, (variables, value) in SWITCHES.items():
            missing = [name for name in variables.split(" and ") if not os.environ.get(name)]
            if item.get_closest_marker(marker) and missing:
                item.add_marker(pytest.mark.skip(reason=f"set {' and '.join(missing)} to {value}"))


@pytest.fixture(autouse=True)
def no_leftovers(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own media, measures the workers' pace anew and meets no broker unless it starts one."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(line, "FRESH_S", 1e-9)


@pytest.fixture(autouse=True)
def bell(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of a broker: one entry for each message that would wake a worker."""
    rung: list[str] = []
    monkeypatch.setattr("analysis.tasks.read.apply_async", lambda **_: rung.append("ring"))
    return rung


@pytest.fixture(autouse=True)
def chores_rung(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Instead of a broker: the name in each message that would wake a process for chores."""
    rung: list[str | None] = []
    monkeypatch.setattr("accounts.tasks.chores.apply_async", lambda **told: rung.append(*(told["args"] or (None,))))
    return rung


@pytest.fixture
def shared() -> Path:
    """The shared folder; only for tests marked `shared`."""
    return Path(os.environ["FACET_SHARED"])


def agree(person: User, *purposes: Purpose) -> User:
    """The person says yes to these, and no to the others; without any, yes to all."""
    consent.decide(person, {each: not purposes or each in purposes for each in offered()}, via=Via.PAGE)
    return person


def _person(email: str, **fields: Any) -> User:
    return agree(User.objects.create_user(email, PASSWORD, **fields))


@pytest.fixture
def ann(db: None) -> User:
    """Owns the photos."""
    return _person("ann@example.org")


@pytest.fixture
def ben(db: None) -> User:
    """A stranger with an account."""
    return _person("ben@example.org")


@pytest.fixture
def ada(db: None) -> User:
    """Reviews."""
    person = _person("ada@example.org", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="analysis"))
    return User.objects.get(pk=person.pk)


@pytest.fixture
def rob(db: None) -> User:
    """Administers."""
    return agree(User.objects.create_superuser("rob@example.org", PASSWORD))


def _client(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ann_client(ann: User) -> Client:
    return _client(ann)


@pytest.fixture
def ben_client(ben: User) -> Client:
    return _client(ben)


@pytest.fixture
def ada_client(ada: User) -> Client:
    return _client(ada)


@pytest.fixture
def rob_client(rob: User) -> Client:
    return _client(rob)


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """An API client signed in as the given person, or as nobody."""

    def make(person: User | None = None) -> APIClient:
        client = APIClient()
        if person is not None:
            client.force_authenticate(person)
        return client

    return make


def jpeg(width: int = 96, height: int = 72, colour: tuple[int, int, int] = (120, 140, 160), **save: Any) -> bytes:
    """A plain JPEG photo without a face."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG", **save)
    return buffer.getvalue()


@pytest.fixture
def jpeg_bytes() -> bytes:
    """A small valid JPEG without a face."""
    return jpeg()


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """A public-domain photo with one face, uint8 (512, 512, 3)."""
    from skimage import data

    return np.asarray(data.astronaut())


@pytest.fixture(scope="session")
def astronaut_jpeg(astronaut: np.ndarray) -> bytes:
    """The same as JPEG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(astronaut).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


HAPPY = {
    "neutral": 0.1, "happiness": 0.82, "surprise": 0.03, "sadness": 0.01,
    "anger": 0.01, "disgust": 0.01, "fear": 0.01, "contempt": 0.01,
}  # fmt: skip


GOOD = {
    "size": 40.0, "sharpness": 0.36, "brightness": 0.5, "highlights": 0.0, "cut": 0.0,
    "turn": None, "roll": None, "detector": 4.0, "reasons": [],
}  # fmt: skip


def face_fields(**changes: Any) -> dict[str, Any]:
    """Fields of a face of a woman of about 34 who shows happiness, with changes."""
    return {
        "x": 20.0, "y": 12.0, "width": 40.0, "height": 40.0, "landmarks": None,
        "quality": dict(GOOD),
        "age_years": 34.0, "age_low": 27.0, "age_high": 41.0, "age_bucket": "30-40",
        "gender": "female", "gender_confidence": 0.97,
        "emotion": "happiness", "emotion_confidence": 0.82, "probabilities": dict(HAPPY),
    } | changes  # fmt: skip


@pytest.fixture
def worker(db: None) -> Worker:
    """A warm worker that was seen just now."""
    return Worker.objects.create(host="w", pid=1, engine_version="haar+litert/1", model_version="facetrio-1")


@pytest.fixture
def make_photo(db: None) -> Callable[..., Photo]:
    """A photo of `owner` with files, an analysis in `status` and one row per entry of `faces` (changes to a face)."""

    def make(
        owner: User, *, status: Status = Status.DONE, faces: list[dict[str, Any]] | None = None, **analysis: Any
    ) -> Photo:
        data = jpeg()
        photo = Photo(owner=owner, name="holiday.jpg", sha256="0" * 64, width=96, height=72, size=len(data))
        photo.image.save("image.jpg", ContentFile(data), save=False)
        photo.thumbnail.save("thumbnail.jpg", ContentFile(data), save=False)
        photo.save()
        finished = timezone.now() if status in FINISHED else None
        if status == Status.FAILED:
            analysis = {"failure_code": "unreadable", "failure_sentence": "The file is damaged."} | analysis
        job = Analysis.objects.create(photo=photo, owner=owner, status=status, **({"finished_at": finished} | analysis))
        for index, changes in enumerate([{}] if faces is None and status == Status.DONE else faces or []):
            Face.objects.create(analysis=job, index=index, **face_fields(**changes))
        return photo

    return make
