"""Ready means that every part answers; a part that hangs is missing and holds nobody up."""

import io
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from analysis.models import Worker
from facet import health, logs
from facet.probes import Probe


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """No answer of an earlier test is remembered, and there is a worker."""
    for name in ("DATABASE", "BROKER", "WORKER", "STORAGE"):
        old = getattr(health, name)
        monkeypatch.setattr(health, name, Probe(old.name, old._ask, what_to_do=old.what_to_do))
    monkeypatch.setattr(health, "PROBES", (health.DATABASE, health.BROKER, health.WORKER, health.STORAGE))
    Worker.objects.create(host="h", pid=1, engine_version="e", model_version="m")


def missing(client: Client) -> list[str]:
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == (503 if told["missing"] else 200)
    assert set(told["what_to_do"]) == set(told["missing"])
    assert all(len(sentence) > 20 for sentence in told["what_to_do"].values())
    found: list[str] = told["missing"]
    return found


def test_everything_there_is_ready(client: Client) -> None:
    assert missing(client) == []


def test_a_question_about_some_parts_asks_no_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for probe in health.PROBES:
        monkeypatch.setattr(probe, "_ask", lambda name=probe.name: bool(asked.append(name)))
    answer = client.get("/readyz?parts=database,storage")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database", "storage"])
    assert set(answer.json()["what_to_do"]) == set(asked) == {"database", "storage"}


def test_without_a_worker_a_web_server_can_still_take_requests(client: Client) -> None:
    Worker.objects.all().delete()
    assert missing(client) == ["worker"]
    assert client.get("/readyz?parts=database").status_code == 200
    assert client.get("/readyz?parts=worker").json()["missing"] == ["worker"]


def test_a_part_that_nobody_knows_is_a_mistake_and_not_an_absence(client: Client) -> None:
    answer = client.get("/readyz?parts=database,disk")
    assert answer.status_code == 400
    assert answer.json() == {"unknown": ["disk"], "parts": ["database", "broker", "worker", "storage"]}


def test_a_broker_that_refuses_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from kombu import Connection

    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(health.app, "connection_for_write", lambda: Connection(settings.BROKER_URL))
    assert missing(client) == ["broker"]


def test_the_embedded_broker_is_a_folder_that_can_be_written(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BROKER_URL = "filesystem://"
    settings.BROKER_DIR = tmp_path / "broker"
    assert missing(client) == ["broker"]
    settings.BROKER_DIR.mkdir()
    assert health._broker()
    assert list(settings.BROKER_DIR.iterdir()) == []


def test_storage_that_keeps_nothing_is_missing(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "file"
    assert missing(client) == ["storage"]


def test_the_storage_is_asked_without_leaving_anything(client: Client, settings: Any) -> None:
    assert missing(client) == []
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_without_the_database_workers_are_not_blamed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise DatabaseError("password=hunter2")

    for name in ("DATABASE", "WORKER"):
        monkeypatch.setattr(getattr(health, name), "_ask", away)
    assert missing(client) == ["database"]
    assert "hunter2" not in client.get("/readyz").content.decode()


def test_a_part_that_hangs_is_missing_and_asked_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, asked = threading.Event(), []

    def hang() -> bool:
        asked.append(1)
        return let_go.wait(30)

    stuck = Probe("broker", hang, what_to_do="Start the broker, and check its address.")
    monkeypatch.setattr(health, "BROKER", stuck)
    monkeypatch.setattr(health, "PROBES", (health.DATABASE, stuck, health.WORKER, health.STORAGE))
    monkeypatch.setattr(health, "WITHIN_S", 0.3)
    assert missing(client) == ["broker"]
    assert missing(client) == ["broker"]
    assert asked == [1]
    let_go.set()
    assert stuck.good(time.monotonic() + 10)


def test_a_part_that_is_away_for_long_does_not_fill_the_log(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = logging.StreamHandler(io.StringIO())
    made.addFilter(logs.AboutRequest())
    logging.getLogger().addHandler(made)
    try:
        Worker.objects.all().delete()
        for _ in range(5):
            assert missing(client) == ["worker"]
        assert made.stream.getvalue().count("\n") == 1
    finally:
        logging.getLogger().removeHandler(made)


def test_a_fresh_answer_is_not_asked_for_again() -> None:
    asked: list[int] = []
    probe = Probe("part", lambda: not asked.append(1), what_to_do="Nothing.", fresh_s=60)
    for _ in range(3):
        probe.start()
        assert probe.good(time.monotonic() + 10)
    assert asked == [1]


def test_only_changes_are_logged_and_never_an_errors_words(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[Any] = [True, OSError("amqp://facet:hunter2@host"), OSError("again"), True, True]

    def ask() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    probe = Probe("broker", ask, what_to_do="Start it.")
    with caplog.at_level(logging.INFO, "facet"):
        assert [probe.ask_here() for _ in range(5)] == [True, False, False, True, True]
    assert caplog.messages == ["broker: not ready (OSError). Start it.", "broker: ready again"]
