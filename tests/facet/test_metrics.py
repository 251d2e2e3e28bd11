"""Figures for Prometheus: for who knows the token, whole and only ever rising."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts import chores
from accounts.models import User
from analysis import metrics as figures
from analysis import runs
from analysis.models import Lane, Status, Worker
from facet import checks, health, instruments

TOKEN = "a-token-that-nobody-could-guess-0123456789"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def token(settings: Any, tmp_path: Path) -> Iterator[str]:
    """Metrics are on, with counters of their own."""
    settings.METRICS_TOKEN = TOKEN
    settings.METRICS_DIR = tmp_path / "metrics"
    instruments.shared.cache_clear()
    yield TOKEN
    instruments.shared.cache_clear()


@pytest.fixture
def scrape(client: Client, token: str, db: None) -> Callable[[], Samples]:
    def ask() -> Samples:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(answer.content.decode())
        return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}

    return ask


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_without_the_setting_there_is_nothing(client: Client, rob_client: Client) -> None:
    for visitor in (client, rob_client):
        assert visitor.get("/metrics").status_code == 404
        assert visitor.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
def test_strangers_learn_nothing(client: Client, token: str, sent: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent, "X-Forwarded-For": "127.0.0.1"})
    assert answer.status_code == 401
    assert b"facet_" not in answer.content
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_being_signed_in_is_not_enough(rob_client: Client, token: str) -> None:
    assert rob_client.get("/metrics").status_code == 401
    assert rob_client.post("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 405


def test_a_token_that_can_be_guessed_is_refused_by_the_checks(settings: Any) -> None:
    for token, ids in ((TOKEN, []), ("", []), ("short", ["facet.E003"])):
        settings.METRICS_TOKEN = token
        assert [found.id for found in checks.metrics_token_is_long(None)] == ids


def test_what_waits_is_told_by_status_with_the_age_of_the_oldest(
    scrape: Callable[[], Samples], ann: User, make_photo: Any
) -> None:
    now = timezone.now()
    for minutes in (3, 1):
        make_photo(ann, status=Status.QUEUED, queued_at=now - timedelta(minutes=minutes))
    make_photo(ann, status=Status.QUEUED, due_at=now + timedelta(minutes=1))
    make_photo(ann, status=Status.RUNNING)
    make_photo(ann, status=Status.FAILED)
    make_photo(ann)
    samples = scrape()
    depth = {status: value(samples, "facet_analyses", status=status) for status in ("waiting", "delayed", "running")}
    assert depth == {"waiting": 2, "delayed": 1, "running": 1}
    assert value(samples, "facet_analyses", status="failed") == 1
    assert 180 <= value(samples, "facet_oldest_waiting_seconds") < 240


def test_the_line_is_told_by_lane_with_its_bound(
    scrape: Callable[[], Samples], ann: User, make_photo: Any, settings: Any
) -> None:
    settings.QUEUE_MAX = 7
    make_photo(ann, status=Status.QUEUED, lane=Lane.RERUN)
    make_photo(ann, status=Status.FAILED, failure_code="gave_up")
    samples = scrape()
    lanes = {lane: value(samples, "facet_waiting", lane=lane) for lane in ("interactive", "batch", "rerun")}
    assert lanes == {"interactive": 0, "batch": 0, "rerun": 1}
    assert value(samples, "facet_queue_max") == 7
    assert value(samples, "facet_given_up") == 1


def test_the_pace_has_no_value_while_nobody_knows_it(scrape: Callable[[], Samples], ann: User, make_photo: Any) -> None:
    assert not {name for name, _ in scrape()} & {"facet_pace_per_second", "facet_next_read_seconds"}
    now = timezone.now()
    make_photo(ann, started_at=now - timedelta(seconds=4), finished_at=now)
    Worker.objects.create(host="h", pid=1, engine_version="e", model_version="m")
    samples = scrape()
    assert value(samples, "facet_pace_per_second") == pytest.approx(0.25)
    assert value(samples, "facet_next_read_seconds") == pytest.approx(4)


def test_what_was_stopped_or_took_more_than_one_attempt_is_counted(
    scrape: Callable[[], Samples], ann: User, make_photo: Any
) -> None:
    samples = scrape()
    assert value(samples, "facet_analyses_finished_total", outcome="cancelled", code="") == 0
    assert value(samples, "facet_analyses_repeated_total", cause="lost") == 0
    count_from(timedelta(minutes=1))
    finish(make_photo, ann, status=Status.CANCELLED)
    finish(make_photo, ann, status=Status.DONE, last_error=runs.LOST_ERROR)
    finish(make_photo, ann, status=Status.FAILED, failure_code="gave_up", last_error="OSError")
    samples = scrape()
    assert value(samples, "facet_analyses_finished_total", outcome="cancelled", code="") == 1
    causes = {cause: value(samples, "facet_analyses_repeated_total", cause=cause) for cause in ("lost", "error")}
    assert causes == {"lost": 1, "error": 1}
    assert value(samples, "facet_analysis_seconds_count", stage="total") == 2


def test_chores_tell_when_they_were_done_and_which_are_overdue(scrape: Callable[[], Samples]) -> None:
    samples = scrape()
    assert value(samples, "facet_chore_overdue", chore="sessions") == 1
    assert not {name for name, _ in samples} & {"facet_chore_last_success_timestamp_seconds"}
    before = time.time()
    chores.run("sessions")
    samples = scrape()
    assert value(samples, "facet_chore_overdue", chore="sessions") == 0
    assert value(samples, "facet_chore_last_success_timestamp_seconds", chore="sessions") >= before
    assert value(samples, "facet_chore_duration_seconds", chore="sessions") >= 0


def test_workers_are_counted_by_what_they_read_with(scrape: Callable[[], Samples]) -> None:
    Worker.objects.create(host="h", pid=1, engine_version="e-1", model_version="m-1")
    Worker.objects.create(host="h", pid=2, engine_version="e-1", model_version="m-1")
    Worker.objects.create(host="h", pid=3, engine_version="e-2", model_version="m-1")
    gone = timezone.now() - timedelta(hours=1)
    Worker.objects.create(host="h", pid=4, engine_version="e-0", model_version="m-0", seen_at=gone)
    samples = scrape()
    assert value(samples, "facet_workers") == 3
    assert value(samples, "facet_engine_info", engine_version="e-1", model_version="m-1") == 2
    assert not any(("engine_version", "e-0") in labels for _, labels in samples)


def finish(make_photo: Any, owner: User, **fields: Any) -> Any:
    """One that has finished, and is old enough to be counted."""
    finished = timezone.now() - figures.SETTLE - timedelta(seconds=1)
    photo = make_photo(
        owner, faces=[], queued_at=finished - timedelta(seconds=8), started_at=finished - timedelta(seconds=3), **fields
    )
    photo.analyses.update(finished_at=finished)
    return photo


def count_from(moment: timedelta) -> None:
    """As if the web server had started that long ago."""
    with instruments.shared()._cursor() as (_, move):
        move(timezone.now() - moment)


def test_outcomes_are_counted_once_and_stay_counted_when_a_photo_is_deleted(
    scrape: Callable[[], Samples], ann: User, make_photo: Any
) -> None:
    assert value(scrape(), "facet_analyses_finished_total", outcome="done", code="") == 0
    count_from(timedelta(minutes=1))
    done = finish(make_photo, ann, status=Status.DONE, timings_ms={"decode": 12.0, "detect": 90.0})
    finish(make_photo, ann, status=Status.FAILED, failure_code="damaged")
    for deleted in (False, True):
        if deleted:
            done.delete()
        samples = scrape()
        assert value(samples, "facet_analyses_finished_total", outcome="done", code="") == 1
        assert value(samples, "facet_analyses_finished_total", outcome="failed", code="damaged") == 1
        assert value(samples, "facet_analysis_seconds_sum", stage="detect") == pytest.approx(0.09)
        assert value(samples, "facet_analysis_seconds_bucket", stage="detect", le="0.05") == 0
        assert value(samples, "facet_analysis_seconds_bucket", stage="detect", le="0.1") == 1
        assert value(samples, "facet_analysis_seconds_sum", stage="wait") == pytest.approx(10)
        assert value(samples, "facet_analysis_seconds_sum", stage="total") == pytest.approx(16)


def test_counting_starts_with_the_server_and_not_again_with_each_process(token: str) -> None:
    before = timezone.now()
    folder = instruments.shared()._folder
    written = (folder / "counted-until").read_text()
    assert before <= datetime.fromisoformat(written) <= timezone.now()
    instruments.Instruments(folder)
    assert (folder / "counted-until").read_text() == written


def test_failures_that_never_happened_are_there_as_zero(scrape: Callable[[], Samples]) -> None:
    assert value(scrape(), "facet_analyses_finished_total", outcome="failed", code="gave_up") == 0


def test_requests_are_counted_by_route_and_not_by_path(scrape: Callable[[], Samples], client: Client) -> None:
    client.get("/healthz")
    client.get("/healthz")
    client.get("/no/such/page-ann@example.org")
    client.generic("BREW", "/healthz")
    samples = scrape()
    assert value(samples, "facet_http_requests_total", route="healthz", method="GET", status="200") == 2
    assert value(samples, "facet_http_requests_total", route="unmatched", method="GET", status="404") == 1
    assert value(samples, "facet_http_requests_total", route="healthz", method="OTHER", status="405") == 1
    assert value(samples, "facet_http_request_seconds_count", route="healthz") == 3
    assert not any("ann" in text for _, labels in samples for _, text in labels)


OTHER_PROCESS = """
import sys
from pathlib import Path
import django
django.setup()
from facet.instruments import Instruments
Instruments(Path(sys.argv[1])).request(route="healthz", method="GET", status=200, seconds=0.001)
"""


def test_any_process_tells_the_figures_of_all_and_of_those_that_ended(
    scrape: Callable[[], Samples], client: Client
) -> None:
    client.get("/healthz")
    folder = instruments.shared()._folder
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "facet.settings_test"}
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(folder)], check=True, env=environment)
    samples = scrape()
    assert value(samples, "facet_http_requests_total", route="healthz", method="GET", status="200") == 2


def test_what_an_ended_web_server_left_is_removed(token: str, settings: Any) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = instruments.socket.gethostname()
    left, other = settings.METRICS_DIR / f"{host}-{ended.pid}", settings.METRICS_DIR / f"elsewhere-{ended.pid}"
    for folder in (left, other):
        folder.mkdir(parents=True)
    own = instruments.shared()._folder
    assert (left.exists(), other.exists(), own.exists()) == (False, True, True)


def test_a_database_that_is_away_leaves_the_other_figures(
    scrape: Callable[[], Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(figures, "queue", away)
    monkeypatch.setattr(instruments, "finished_between", away)
    samples = scrape()
    assert value(samples, "facet_ready", part="database") == 1  # it went between two questions
    assert value(samples, "facet_ready", part="broker") == 1
    assert not any(name == "facet_analyses" for name, _ in samples)


def test_a_database_that_hangs_is_not_asked(scrape: Callable[[], Samples], monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not(*_: Any) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(health, "parts", lambda: {"database": False})
    monkeypatch.setattr(figures, "queue", must_not)
    monkeypatch.setattr(instruments, "finished_between", must_not)
    samples = scrape()
    assert value(samples, "facet_ready", part="database") == 0
    assert value(samples, "facet_analyses_finished_total", outcome="done", code="") == 0
