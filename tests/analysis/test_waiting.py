"""Where an analysis is, in words, and when a page asks again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis.models import Analysis, Lane, Photo, Status, Worker
from analysis.views.polling import PAUSES_S, Poll, next_poll
from analysis.views.waiting import Progress, progress_of

MakePhoto = Callable[..., Photo]


def progress(photo: Photo) -> Progress:
    return progress_of([photo.analyses.get()])[0]


def took(photo: Photo, seconds: float) -> None:
    """A reading that others' time left is reckoned from."""
    now = timezone.now()
    photo.analyses.update(started_at=now - timedelta(seconds=seconds), finished_at=now)


def test_the_place_and_the_time_left_by_the_measured_pace(
    ann: User, ben: User, make_photo: MakePhoto, worker: Worker
) -> None:
    took(make_photo(ben), seconds=4)
    for _ in range(4):
        make_photo(ben, status=Status.QUEUED)
    make_photo(ben, status=Status.RUNNING)  # not in the line any more
    found = progress(make_photo(ann, status=Status.QUEUED, turn=9))
    assert found.headline == "Waiting, 4 photos ahead, about 20 seconds left"
    assert found.left_s == pytest.approx(20, rel=0.01)


def test_more_workers_take_less_time(ann: User, ben: User, make_photo: MakePhoto, worker: Worker) -> None:
    took(make_photo(ben), seconds=4)
    make_photo(ben, status=Status.QUEUED)
    photo = make_photo(ann, status=Status.QUEUED)
    assert progress(photo).headline == "Waiting, 1 photo ahead, about 10 seconds left"
    Worker.objects.create(host="v", pid=1)
    assert progress(photo).headline == "Waiting, 1 photo ahead, about 5 seconds left"


def test_no_time_is_named_before_any_was_measured(ann: User, make_photo: MakePhoto, worker: Worker) -> None:
    make_photo(ann, status=Status.QUEUED)
    found = progress(make_photo(ann, status=Status.QUEUED))
    assert (found.headline, found.left_s) == ("Waiting, 1 photo ahead", None)


def test_a_lane_that_goes_first_is_ahead(ann: User, ben: User, make_photo: MakePhoto, worker: Worker) -> None:
    mine = make_photo(ann, status=Status.QUEUED, lane=Lane.RERUN)
    assert progress(mine).headline == "Next in the queue"
    make_photo(ben, status=Status.QUEUED)
    assert progress(mine).headline == "Waiting, 1 photo ahead"


def test_the_next_attempt_has_a_time(ann: User, make_photo: MakePhoto) -> None:
    due_at = timezone.now() + timedelta(seconds=29)
    found = progress(make_photo(ann, status=Status.QUEUED, attempts=1, due_at=due_at))
    assert found.headline == "Trying again in about 30 seconds"
    assert found.left_s == pytest.approx(29, abs=1)


def test_without_a_worker_that_is_said(ann: User, make_photo: MakePhoto, worker: Worker) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    assert progress(photo).headline == "Next in the queue"
    Worker.objects.update(seen_at=timezone.now() - timedelta(minutes=10))
    found = progress(photo)
    assert found.headline == "Nobody is reading right now"
    assert "Your photo stays in the queue." in found.sentence
    took(make_photo(ann), seconds=1)
    assert progress(photo).headline == "Nobody is reading right now"


def test_a_wait_that_nothing_explains_is_called_long(ann: User, make_photo: MakePhoto, worker: Worker) -> None:
    old = timezone.now() - timedelta(minutes=5)
    found = progress(make_photo(ann, status=Status.QUEUED, queued_at=old, due_at=old))
    assert found.headline == "Still waiting"
    assert "tell the administrator" in found.sentence


@pytest.mark.parametrize(
    ("status", "headline"),
    [(Status.RUNNING, "Being read"), (Status.FAILED, "Could not be read"), (Status.CANCELLED, "Stopped by you"),
     (Status.DONE, "1 face")],
)  # fmt: skip
def test_what_does_not_wait_needs_no_look_at_the_line(
    ann: User,
    make_photo: MakePhoto,
    django_assert_num_queries: DjangoAssertNumQueries,
    status: Status,
    headline: str,
) -> None:
    make_photo(ann, status=status)
    analysis = Analysis.objects.prefetch_related("faces").get()
    with django_assert_num_queries(0):
        found = progress_of([analysis, None])
    assert found[0].headline == headline
    assert found[0].is_finished == (status != Status.RUNNING)
    assert found[1].headline == "Waiting"


@pytest.mark.parametrize("count", [1, 5])
def test_a_page_looks_at_the_line_once(
    ann: User, make_photo: MakePhoto, worker: Worker, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    took(make_photo(ann), seconds=1)
    for _ in range(count):
        make_photo(ann, status=Status.QUEUED)
    waiting = list(Analysis.objects.filter(status=Status.QUEUED))
    with django_assert_num_queries(3):  # workers, times, places
        progress_of(waiting)


def pause(waited_s: float, left_s: float | None) -> float | None:
    now = timezone.now()
    analysis = Analysis(queued_at=now - timedelta(seconds=waited_s))
    return next_poll([(analysis, Progress(Status.QUEUED, "", left_s=left_s))], now)


def test_a_page_asks_less_often_the_longer_it_has_waited() -> None:
    pauses = [pause(waited, None) for waited in (0, 2.4, 2.6, 9.9, 10.1, 29, 31, 1e6)]
    assert pauses == [0.25, 0.25, 1.0, 1.0, 3.0, 3.0, 10.0, 10.0]


def test_a_page_asks_less_often_the_longer_the_line_is() -> None:
    assert [pause(0, left) for left in (0.1, 5, 19, 50, 3600)] == [0.25, 0.25, 1.0, 3.0, 10.0]


def test_whose_turn_is_known_to_be_near_asks_often_though_it_has_waited_long() -> None:
    assert pause(60, 0.5) == 1.0
    assert pause(60, None) == 10.0


def test_the_most_urgent_photo_sets_the_pace_of_a_page_and_finished_ones_none(now: datetime) -> None:
    def state(status: Status, left_s: float | None = None) -> tuple[Any, Progress]:
        return Analysis(queued_at=now), Progress(status, "", left_s=left_s)

    late, soon, done = state(Status.QUEUED, 300), state(Status.RUNNING, 0), state(Status.DONE)
    assert next_poll([late, done], now) == PAUSES_S[-1]
    assert next_poll([late, soon, done], now) == PAUSES_S[0]
    assert next_poll([done, state(Status.CANCELLED)], now) is None


def test_only_a_page_that_hurries_asks_before_its_first_pause_is_over() -> None:
    assert Poll("/", 0.25, '"a"').trigger == "load delay:100ms, every 0.25s, shown"
    assert Poll("/", 1.0, '"a"').trigger == "every 1.0s, shown"


@pytest.fixture
def now() -> datetime:
    return timezone.now()
