"""The life of an analysis: claimed once, finished once, never lost."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from analysis import runs
from analysis.models import Analysis, Face, Lane, Status
from tests.conftest import HAPPY
from vision.types import Age, Box, Emotion, Gender, Quality, Reading, ReadingError
from vision.types import Face as FoundFace

VERSIONS = {"engine_version": "e", "model_version": "m"}


def found(years: float = 34) -> FoundFace:
    return FoundFace(
        Box(1, 2, 30, 30),
        None,
        Quality(30, 0.4, 0.5, 0.01, 0.25, -0.12345, 3.21, 1, ("too_small", "cut_off")),
        Age(years, 20, 50, 1.2),
        Gender(None, 0.6),
        Emotion("happiness", HAPPY),
    )


@pytest.fixture
def waiting(ann: User, make_photo: Any) -> Analysis:
    return make_photo(ann, status=Status.QUEUED).analyses.get()


def claimed(analysis: Analysis) -> Analysis:
    taken = runs.claim_next()
    assert taken == analysis
    return taken


def test_a_claim_counts_an_attempt_and_sets_a_lease(waiting: Analysis) -> None:
    taken = claimed(waiting)
    assert (taken.status, taken.attempts) == (Status.RUNNING, 1)
    assert taken.lease_until is not None
    assert timedelta(seconds=25) < taken.lease_until - timezone.now() <= timedelta(seconds=30)


def test_only_one_of_two_workers_gets_an_analysis(waiting: Analysis) -> None:
    assert runs.claim_next() == waiting
    assert runs.claim_next() is None


def test_what_is_not_due_yet_cannot_be_claimed(waiting: Analysis) -> None:
    Analysis.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert runs.claim_next() is None


def test_a_result_is_stored_with_its_faces_and_versions(waiting: Analysis) -> None:
    assert runs.finish(claimed(waiting), Reading(96, 72, (found(), found(8)), None, {"detect": 1.234}), **VERSIONS)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.model_version, waiting.timings_ms) == (Status.DONE, "m", {"detect": 1.23})
    assert waiting.finished_at is not None
    assert [(face.index, face.age_bucket, face.gender) for face in waiting.faces.all()] == [
        (0, "30-40", ""),
        (1, "8-12", ""),
    ]
    first = waiting.faces.get(index=0)
    assert first.age_widening == 1.2
    assert first.quality == {
        "size": 30, "sharpness": 0.4, "brightness": 0.5, "highlights": 0.01, "cut": 0.25,
        "turn": -0.123, "roll": 3.2, "detector": 1, "reasons": ["too_small", "cut_off"],
    }  # fmt: skip


def test_a_photo_that_cannot_be_read_fails_with_its_reason(waiting: Analysis) -> None:
    runs.finish(claimed(waiting), Reading(0, 0, error=ReadingError("unreadable", "Send it again.")), **VERSIONS)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.failure_code, waiting.failure_sentence) == (
        "failed",
        "unreadable",
        "Send it again.",
    )


def test_a_result_of_a_worker_that_lost_its_lease_is_refused(waiting: Analysis) -> None:
    slow = claimed(waiting)
    Analysis.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert runs.requeue_lost() == 1
    quick = claimed(waiting)

    assert runs.finish(slow, Reading(96, 72, (found(),)), **VERSIONS) is False
    assert runs.finish(quick, Reading(96, 72, (found(8),)), **VERSIONS) is True
    assert [round(face.age_years) for face in Face.objects.all()] == [8]


def test_a_lease_that_still_runs_is_left_alone(waiting: Analysis) -> None:
    claimed(waiting)
    assert runs.requeue_lost() == 0
    assert runs.requeue_lost(every_lease=True) == 1
    waiting.refresh_from_db()
    assert waiting.status == Status.QUEUED


def test_an_error_that_may_pass_waits_longer_each_time_and_then_gives_up(waiting: Analysis, settings: Any) -> None:
    settings.ANALYSIS_MAX_ATTEMPTS = 3
    waits = []
    for _ in range(2):
        runs.give_back(claimed(waiting), ValueError("of ann@example.org"))
        waiting.refresh_from_db()
        assert waiting.status == Status.QUEUED
        waits.append((waiting.due_at - timezone.now()).total_seconds())
        Analysis.objects.update(due_at=timezone.now())
    assert waits[0] == pytest.approx(5, abs=1)
    assert waits[1] == pytest.approx(30, abs=1)
    runs.give_back(claimed(waiting), ValueError("of ann@example.org"))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.failure_code, waiting.last_error) == (Status.FAILED, "gave_up", "ValueError")


def test_an_analysis_that_kills_every_worker_is_given_up_by_the_sweep(waiting: Analysis, settings: Any) -> None:
    settings.ANALYSIS_MAX_ATTEMPTS = 2
    for _ in range(2):
        claimed(waiting)
        runs.requeue_lost(every_lease=True)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts, waiting.last_error) == (Status.FAILED, 2, runs.LOST_ERROR)
    assert "administrator" in waiting.failure_sentence


def test_the_longest_wait_can_be_claimed_whatever_the_lane(ann: User, make_photo: Any) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    old = make_photo(ann, status=Status.QUEUED, lane=Lane.RERUN, queued_at=long_ago).analyses.get()
    make_photo(ann, status=Status.QUEUED)
    assert runs.claim_next(longest=True) == old


def test_a_lease_is_renewed_while_the_work_goes_on_and_not_afterwards(
    transactional_db: None, make_photo: Any, settings: Any
) -> None:
    settings.ANALYSIS_LEASE_S = 0.3
    ann = User.objects.create_user("ann@example.org")
    analysis = claimed(make_photo(ann, status=Status.QUEUED).analyses.get())
    with runs.kept(analysis):
        for _ in range(5):
            time.sleep(0.2)
            assert runs.requeue_lost() == 0
    time.sleep(0.5)
    assert runs.requeue_lost() == 1


def test_a_lease_that_somebody_else_holds_is_not_renewed(waiting: Analysis) -> None:
    slow = claimed(waiting)
    runs.requeue_lost(every_lease=True)
    quick = claimed(waiting)
    assert runs.renew(slow) is False
    assert runs.renew(quick) is True


def test_what_was_stopped_takes_no_result(waiting: Analysis) -> None:
    taken = claimed(waiting)
    assert runs.cancel(taken) is True
    assert runs.renew(taken) is False
    assert runs.finish(taken, Reading(96, 72, (found(),)), **VERSIONS) is False
    waiting.refresh_from_db()
    assert (waiting.status, waiting.faces.count()) == (Status.CANCELLED, 0)
    assert runs.cancel(waiting) is False
    assert runs.requeue_lost(every_lease=True) == 0


def test_a_photo_has_one_unfinished_analysis_at_most(waiting: Analysis) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Analysis.objects.create(photo=waiting.photo, owner=waiting.owner)
