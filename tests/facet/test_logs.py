"""Logs: one id from upload to result, one object a line, nobody's data."""

import io
import json
import logging
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from analysis import tasks
from analysis.models import Analysis
from facet import logs, tracing
from facet.scrub import scrub
from tests.analysis.test_tasks import FakeEngine

Lines = Callable[[], list[dict[str, Any]]]


def handler(style: str) -> logging.StreamHandler[io.StringIO]:
    """One as the settings make it, writing to a string."""
    formatter = {"json": logs.json_formatter, "lines": logs.Lines}[style]()
    made = logging.StreamHandler(io.StringIO())
    made.setFormatter(formatter)
    made.addFilter(logs.AboutRequest())
    return made


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged as JSON."""
    made = handler("json")
    loggers = [logging.getLogger(name) for name in ("", *logs.OURS)]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(made)
    for logger in loggers:
        logger.setLevel("DEBUG")
    yield lambda: [json.loads(line) for line in made.stream.getvalue().splitlines()]
    loggers[0].removeHandler(made)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("given", ["abcdef12", "A-Z_09" * 8])
def test_a_well_formed_id_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "ann@example.org", "with space", "a\x00bcdefgh", "ümläutübër"]
)
def test_any_other_is_replaced(client: Client, given: str) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert answered != given
    assert tracing.WELL_FORMED.fullmatch(answered)


def test_each_request_has_its_own_and_errors_have_one_too(client: Client, db: None) -> None:
    names = {client.get(path)["X-Request-ID"] for path in ("/healthz", "/healthz", "/nothing/here", "/api/v1/nothing")}
    assert len(names) == 4


@pytest.mark.django_db(transaction=True)
def test_one_id_follows_a_photo_from_upload_to_result(
    ann_client: Client, jpeg_bytes: bytes, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    monkeypatch.setattr(tasks, "reader", FakeEngine)
    photo = SimpleUploadedFile("Ann on holiday.jpg", jpeg_bytes)
    ann_client.post(reverse("analysis:upload"), {"photos": [photo]}, headers={"X-Request-ID": "from-the-proxy-1"})
    analysis = Analysis.objects.get()
    tasks.read()
    told = [line for line in lines() if line.get("analysis") == analysis.mark]
    assert [line.get("outcome") for line in told] == [None, "done"]
    assert {line["request_id"] for line in told} == {"from-the-proxy-1"}
    assert structlog.contextvars.get_contextvars() == {}


def test_each_photo_of_a_wake_up_has_the_id_of_its_own_request(
    ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    monkeypatch.setattr(tasks, "reader", FakeEngine)
    for request_id in ("request-one", "request-two", ""):
        make_photo(ann, status="queued", request_id=request_id)
    tasks.read()
    told = [(line["analysis"], line.get("request_id")) for line in lines() if "outcome" in line]
    assert told == [(one.mark, one.request_id or None) for one in Analysis.objects.order_by("pk")]


def test_a_line_is_one_object_with_its_traceback(lines: Lines) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        logging.getLogger("analysis").exception("analysis %s failed", "x")
    (line,) = lines()
    assert (line["level"], line["logger"], line["message"]) == ("error", "analysis", "analysis x failed")
    assert line["time"].endswith("Z")
    assert "ValueError: first\nsecond" in line["exception"]


SECRETS = ["ann@example.org", "ann%40example.org", "hunter2", "Ann Müller", "beach.HEIC", "k" * 12, "0f" * 32]


@pytest.mark.parametrize(
    "text",
    [
        "Key (email)=(ann@example.org) already exists",
        "/photos/?next=ann%40example.org",
        "cannot connect to amqp://facet:hunter2@broker:5672//",
        "<InMemoryUploadedFile: Ann Müller.jpg (image/jpeg)>",
        "cannot read 'Ann Müller.jpg'",
        "no such file: /tmp/beach.HEIC",
        f"/account/password/reset/key/1-{'k' * 12}/",
        f"/account/confirm-email/{'k' * 12}/",
        f"Authorization: Token {'0f' * 32}",
        f"sha256 {'0f' * 32}",
    ],
)
def test_what_says_who_somebody_is_is_taken_out(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in scrub(text)]
    assert "[" in scrub(text)


def test_what_operators_need_stays() -> None:
    ours = f"photos/ab/{uuid.uuid4()}.jpg"
    text = (
        f"analysis {uuid.uuid4()}: {ours} of http://host:8000/photos/ read by celery@worker-1 in 12.5 ms, var/x.sqlite3"
    )
    assert scrub(text) == text
    assert scrub(f"No such file: '{ours}'") == f"No such file: '{ours}'"


@pytest.mark.parametrize("style", logs.STYLES)
def test_a_failed_request_is_logged_by_route_with_its_id(style: str) -> None:
    made = handler(style)
    path = "/account/password/reset/key/1-very-secret-key/"
    request = RequestFactory().get(path)
    request.request_id = "request-one"  # type: ignore[attr-defined]
    record = logging.makeLogRecord({"name": "django.request", "msg": "%s: %s", "args": ("Not Found", path)})
    record.request = request
    made.handle(record)
    said = made.stream.getvalue()
    assert "secret" not in said
    assert "account/password/reset/key/" in said
    assert "request-one" in said


def test_an_upload_and_a_failed_sign_in_leave_nobodys_data(
    ann_client: Client, client: Client, jpeg_bytes: bytes, lines: Lines
) -> None:
    files = [SimpleUploadedFile(name, data) for name, data in (("Ann Müller.jpg", jpeg_bytes), ("beach.jpg", b"none"))]
    ann_client.post(reverse("analysis:upload"), {"photos": files})
    client.post("/account/login/", {"login": "ann@example.org", "password": "hunter2"})
    client.get("/api/v1/photos/", headers={"Authorization": f"Token {'0f' * 32}"})
    client.get("/nothing/for/ann@example.org")
    told = json.dumps(lines(), ensure_ascii=False)
    assert "analysis:upload" in told
    assert not [secret for secret in ("ann@", "hunter2", "Müller", "beach", "0f0f") if secret in told]


ERRORS: Final = """
import logging.config, sys
from facet import logs
logging.config.dictConfig(logs.configuration(style=sys.argv[1], level="INFO"))
for name in ("facet", "django.request", "gunicorn.error", "celery.worker"):
    logging.getLogger(name).error("said once")
"""


@pytest.mark.parametrize("style", logs.STYLES)
def test_the_settings_configure_logging_without_saying_anything_twice(style: str) -> None:
    # in a process of its own: configuring closes the handlers of every library that this one has loaded
    told = subprocess.run([sys.executable, "-c", ERRORS, style], capture_output=True, text=True, check=True)
    assert told.stderr.count("said once") == 4


def test_an_unknown_style_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from facet import settings as module

    monkeypatch.setenv("FACET_LOG", "xml")
    monkeypatch.setenv("FACET_SECRET_KEY", "x" * 50)
    with pytest.raises(ImproperlyConfigured, match="FACET_LOG must be one of lines, json"):
        importlib.reload(module)
