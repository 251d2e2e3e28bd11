"""Figures about the work, from the rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis import metrics, runs
from analysis.models import Analysis, Lane, Status, Worker


def finished(make_photo: Any, owner: User, ago: float, **fields: Any) -> None:
    photo = make_photo(owner, faces=[], **fields)
    at = timezone.now() - timedelta(seconds=ago)
    photo.analyses.update(queued_at=at - timedelta(seconds=4), finished_at=at)


def warm(count: int = 1) -> None:
    for pid in range(count):
        Worker.objects.create(host="h", pid=pid, engine_version="e", model_version="m")


def test_an_empty_queue_is_no_age(db: None) -> None:
    assert metrics.queue().oldest_s == 0
    assert metrics.durations() == []
    assert metrics.engines() == []


def test_what_waits_is_counted_by_lane_and_what_was_given_up_among_the_failed(ann: User, make_photo: Any) -> None:
    now = timezone.now()
    make_photo(ann, status=Status.QUEUED, queued_at=now - timedelta(minutes=2))
    make_photo(ann, status=Status.QUEUED, lane=Lane.BATCH, queued_at=now - timedelta(minutes=3))
    make_photo(ann, status=Status.QUEUED, lane=Lane.BATCH, due_at=now + timedelta(minutes=1))
    make_photo(ann, status=Status.FAILED, failure_code="gave_up")
    make_photo(ann, status=Status.FAILED)
    make_photo(ann, status=Status.CANCELLED)
    found = metrics.queue()
    assert (found.waiting, found.delayed, found.running, found.failed, found.given_up) == (2, 1, 0, 2, 1)
    assert found.lanes == {Lane.INTERACTIVE: 1, Lane.BATCH: 2, Lane.RERUN: 0}
    assert 180 <= found.oldest_s < 200
    assert metrics.given_up() == 1


def test_nobody_knows_how_long_it_takes_before_somebody_reads(ann: User, make_photo: Any) -> None:
    assert metrics.speed() == metrics.Speed(None, None)
    warm()
    assert metrics.speed() == metrics.Speed(None, None)


def test_a_photo_sent_now_comes_after_one_turn_of_everybody_else(ann: User, ben: User, make_photo: Any) -> None:
    now = timezone.now()
    make_photo(ann, started_at=now - timedelta(seconds=4), finished_at=now)  # one worker: four seconds a photo
    warm(2)
    found = metrics.speed()
    assert (found.per_second, found.next_s) == (pytest.approx(0.5), pytest.approx(2))
    for turn in (3, 4, 5):
        make_photo(ann, status=Status.QUEUED, turn=turn)
    make_photo(ben, status=Status.QUEUED, turn=3)
    make_photo(ben, status=Status.QUEUED, lane=Lane.BATCH, turn=0)
    assert metrics.speed().next_s == pytest.approx(3 / 0.5)


def test_what_was_stopped_is_an_outcome_without_times(ann: User, make_photo: Any) -> None:
    now = timezone.now()
    finished(make_photo, ann, 20, status=Status.CANCELLED, last_error="OSError", started_at=now)
    found, _ = metrics.finished_between(now - timedelta(seconds=40), now)
    assert found == [metrics.Finished("cancelled", "", {}, "")]


@pytest.mark.parametrize(
    ("last_error", "repeated"), [("", ""), (runs.LOST_ERROR, metrics.LOST), ("TimeoutError", metrics.ERROR)]
)
def test_why_an_attempt_had_to_be_repeated_is_told(ann: User, make_photo: Any, last_error: str, repeated: str) -> None:
    now = timezone.now()
    finished(make_photo, ann, 20, last_error=last_error)
    found, _ = metrics.finished_between(now - timedelta(seconds=40), now)
    assert [(one.outcome, one.repeated) for one in found] == [("done", repeated)]


def test_durations_are_of_those_that_finished_last(ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "RECENT", 2)
    for ago, ms in ((300, 900.0), (20, 10.0), (30, 20.0)):
        finished(make_photo, ann, ago, timings_ms={"detect": ms})
    assert {one.stage: one.median_ms for one in metrics.durations()}["detect"] == pytest.approx(15)


def test_each_outcome_is_in_one_answer_only(ann: User, make_photo: Any) -> None:
    now = timezone.now()
    for ago in (50, 30, 20, 1):
        finished(make_photo, ann, ago)
    first, until = metrics.finished_between(now - timedelta(seconds=40), now)
    assert (len(first), until) == (2, now - metrics.SETTLE)
    later = now + timedelta(seconds=15)
    second, _ = metrics.finished_between(until, later)
    assert len(second) == 1
    assert first[0].seconds == {"total": pytest.approx(4)}


def test_a_moment_that_has_not_settled_does_not_go_back(db: None) -> None:
    now = timezone.now()
    assert metrics.finished_between(now, now) == ([], now)


def test_more_than_can_be_counted_at_once_is_counted_bit_by_bit(
    ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "MOST", 2)
    now = timezone.now()
    for ago in (50, 40, 30, 20, 15):
        finished(make_photo, ann, ago)
    since, counts = now - timedelta(seconds=60), []
    for _ in range(4):
        found, since = metrics.finished_between(since, now)
        counts.append(len(found))
    assert counts == [2, 2, 1, 0]


def test_many_that_were_given_up_at_the_same_moment_are_counted_together(
    ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "MOST", 2)
    for _ in range(4):
        make_photo(ann, status=Status.FAILED)
    now = timezone.now() + timedelta(minutes=1)
    Analysis.objects.update(finished_at=now - timedelta(seconds=30))
    finished(make_photo, ann, -35)
    found, since = metrics.finished_between(now - timedelta(seconds=40), now)
    assert [one.code for one in found] == ["unreadable"] * 4
    rest, _ = metrics.finished_between(since, now)
    assert [one.code for one in rest] == [""]


def test_failures_of_the_last_day_come_by_code_the_most_frequent_first(ann: User, make_photo: Any) -> None:
    for code, times in (("gave_up", 1), ("damaged", 2)):
        for _ in range(times):
            make_photo(ann, status=Status.FAILED, failure_code=code)
    make_photo(ann)
    old = make_photo(ann, status=Status.FAILED, failure_code="ancient")
    old.analyses.update(finished_at=timezone.now() - timedelta(days=2))
    assert metrics.outcomes(timedelta(days=1)) == (1, [("damaged", 2), ("gave_up", 1)])


def test_durations_are_those_of_the_stages_that_ran(ann: User, make_photo: Any) -> None:
    for ms in (10.0, 20.0, 90.0):
        finished(make_photo, ann, 1, timings_ms={"detect": ms})
    by_stage = {found.stage: found for found in metrics.durations()}
    assert set(by_stage) == {"detect", "total"}
    assert by_stage["detect"].median_ms == pytest.approx(20)
    assert 20 < by_stage["detect"].p95_ms <= 90
