"""A photo that is read and forgotten."""

import io
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from analysis import tasks, trying
from analysis.engine import EngineError, Reading
from analysis.models import Photo
from tests.conftest import jpeg

URL = "/api/v1/try/"
Api = Callable[..., APIClient]


class BlindReader:
    """An engine that finds no face, or does what it is told."""

    engine_version, model_version = "blind/1", "none-1"

    def __init__(self, does: Callable[[], object] = lambda: None) -> None:
        self._does = does

    def read(self, photos: Any, **_: Any) -> list[Reading]:
        self._does()
        return [Reading(width=96, height=72, timings_ms={"decode": 1.234}) for _ in photos]


@pytest.fixture(autouse=True)
def nothing_was_tried_before() -> None:
    """Or the bound on tries would count those of other tests."""
    cache.clear()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`blind(does)`: no engine is loaded."""

    def use(does: Callable[[], object] = lambda: None) -> None:
        monkeypatch.setattr(trying, "reader", lambda: BlindReader(does))

    use()
    return use


def send(client: APIClient, data: bytes | None = None, **more: Any) -> Any:
    return client.post(URL, {"photo": SimpleUploadedFile("q7x-secret.jpg", jpeg() if data is None else data), **more})


def noise(side: int) -> bytes:
    """A JPEG that does not get small."""
    picture = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(picture, "JPEG", quality=95)
    return picture.getvalue()


def everything() -> dict[str, Any]:
    """All rows of all tables, and all files where Facet and Python write."""
    rows: dict[str, Any] = {str(model._meta): list(model._base_manager.values_list()) for model in apps.get_models()}
    folders = (configured.MEDIA_ROOT, configured.VAR_DIR, tempfile.gettempdir())
    return rows | {f"files in {folder}": sorted(Path(folder).rglob("*")) for folder in folders}


@pytest.fixture
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """So that others' files do not come and go in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def made_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every temporary file that is made, also one that is gone again."""
    made: list[str] = []
    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        real = getattr(tempfile, name)
        monkeypatch.setattr(
            tempfile, name, lambda *what, _real=real, _name=name, **how: (made.append(_name), _real(*what, **how))[1]
        )
    return made


@pytest.mark.parametrize("side", [96, 1400])  # the second is over 2 MB, which Django puts into a file
def test_nothing_of_it_is_written(
    ann: User, api: Api, blind: Any, own_temporary_folder: Path, made_files: list[str], caplog: Any, side: int
) -> None:
    data = noise(side)
    assert (len(data) > configured.FILE_UPLOAD_MAX_MEMORY_SIZE) is (side > 1000)
    client, before = api(ann), everything()
    with caplog.at_level(logging.DEBUG):
        answer = send(client, data)
    assert answer.status_code == 200
    assert everything() == before
    assert made_files == []
    assert "q7x" not in caplog.text
    assert answer["Cache-Control"] == "no-store"


def test_the_faces_are_those_that_an_upload_would_have(ann: User, api: Api, astronaut_jpeg: bytes) -> None:
    tried = send(api(ann), astronaut_jpeg).data
    api(ann).post("/api/v1/photos/", {"photos": SimpleUploadedFile("a.jpg", astronaut_jpeg)})
    tasks.read()
    kept = api(ann).get(f"/api/v1/photos/{Photo.objects.get().uuid}/").data
    (face,) = kept["analysis"]["faces"]
    known = {name: value for name, value in face.items() if name not in {"id", "correction", "review"}}
    assert tried["faces"] == [known]
    for name in ("engine_version", "model_version"):
        assert tried[name] == kept["analysis"][name]
    assert (tried["width"], tried["height"]) == (512, 512)
    assert set(tried["timings_ms"]) == set(kept["analysis"]["timings_ms"])


def test_a_photo_without_a_face_has_none(ann: User, api: Api, blind: Any) -> None:
    assert send(api(ann)).data["faces"] == []


@pytest.mark.parametrize(("data", "code"), [(b"nothing", "unsupported"), (b"", "empty"), (jpeg()[:300], "unreadable")])
def test_what_cannot_be_read_is_refused_with_the_reason(
    ann: User, api: Api, blind: Any, data: bytes, code: str
) -> None:
    refused = send(api(ann), data)
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert refused.data["code"] == code


def test_the_bound_on_bytes_is_that_of_uploads(ann: User, api: Api, blind: Any, settings: Any) -> None:
    settings.PHOTO_MAX_MEGABYTES = 1
    assert send(api(ann), jpeg() + bytes(3_000_000)).data["code"] == "too_large"


def test_one_photo_in_a_field_of_that_name(ann: User, api: Api, blind: Any) -> None:
    nothing = api(ann).post(URL, {})
    assert (nothing.status_code, nothing.data["errors"][0]["field"]) == (400, "photo")
    two = send(api(ann), other=SimpleUploadedFile("b.jpg", jpeg()))
    assert (two.status_code, "one photo at a time" in two.data["detail"]) == (400, True)
    assert api(ann).post(URL, {"photo": "https://example.org/a.jpg"}).status_code == 400
    assert api(ann).post(f"{URL}?lane=batch", {}).status_code == 400
    assert api(ann).post(URL, {"photo": "x"}, format="json").status_code == 415
    assert api(ann).get(URL).status_code == 405
    assert send(api()).status_code == 401


def test_it_can_be_switched_off(ann: User, api: Api, settings: Any) -> None:
    settings.TRY = False
    refused = send(api(ann))
    assert (refused.status_code, refused.data["code"]) == (404, "switched_off")


def test_who_would_wait_long_is_sent_away(
    ann: User, api: Api, blind: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    others: list[Any] = []
    monkeypatch.setattr(trying, "TURN_S", 0.01)
    trying._turn.acquire()
    try:
        others.append(send(api(ann)))
        settings.WEB_WAITERS = 0
        others.append(send(api(ann)))
    finally:
        trying._turn.release()
    for busy in others:
        assert (busy.status_code, busy.data["code"], busy["Retry-After"]) == (503, "busy", "5")
    assert send(api(ann)).status_code == 200


def test_a_reading_without_end_is_not_waited_for_and_keeps_its_turn(
    ann: User, api: Api, blind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = threading.Event()
    blind(lambda: end.wait(60))
    monkeypatch.setattr(trying, "READING_S", 0.01)
    monkeypatch.setattr(trying, "TURN_S", 0.01)
    assert [send(api(ann)).status_code for _ in range(2)] == [503, 503]
    assert trying._turn.locked()
    end.set()
    assert trying._turn.acquire(timeout=30)  # given back once the engine is free
    trying._turn.release()


def test_an_engine_that_cannot_start_is_the_administrators_matter(
    ann: User, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def missing() -> None:
        raise EngineError("the weights are missing")

    monkeypatch.setattr(trying, "reader", missing)
    refused = send(api(ann))
    assert (refused.status_code, refused.data["code"], refused["Retry-After"]) == (503, "busy", "60")
    assert "the weights are missing" in caplog.text
    assert "weights" not in refused.data["detail"]


def test_an_error_of_ours_ends_as_one_and_gives_the_turn_back(ann: User, api: Api, blind: Any) -> None:
    blind(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(api(ann))
    assert not trying._turn.locked()


def test_tries_have_a_bound_of_their_own(ann: User, api: Api, blind: Any, settings: Any) -> None:
    settings.API_RATES = settings.API_RATES | {"try": (2, 60)}
    client = api(ann)
    assert [send(client).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/photos/").status_code == 200
