"""Who is read next, and how long that takes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis import line, runs
from analysis.models import Analysis, Lane, Status, Worker


@pytest.fixture
def queue(make_photo: Any) -> Any:
    """Somebody sends a photo: its analysis at its place in the line."""

    def send(owner: User, lane: Lane = Lane.INTERACTIVE, **fields: Any) -> Analysis:
        turn = line.place(owner.pk, lane)
        return make_photo(owner, status=Status.QUEUED, lane=lane, turn=turn, **fields).analyses.get()

    return send


def served() -> list[Analysis]:
    """In the order in which workers take them."""
    return list(iter(runs.claim_next, None))


def test_people_take_turns(ann: User, ben: User, ada: User, queue: Any) -> None:
    of_ann = [queue(ann) for _ in range(4)]
    of_ben = [queue(ben) for _ in range(2)]
    of_ada = queue(ada)
    assert served() == [of_ann[0], of_ben[0], of_ada, of_ann[1], of_ben[1], of_ann[2], of_ann[3]]


def test_who_comes_late_does_not_wait_behind_all_that_another_sent(ann: User, ben: User, queue: Any) -> None:
    of_ann = [queue(ann) for _ in range(6)]
    taken = [runs.claim_next() for _ in range(3)]
    late = queue(ben)
    more = queue(ann)
    assert taken == of_ann[:3]
    assert served() == [of_ann[3], late, of_ann[4], of_ann[5], more]


def test_what_waits_for_its_next_attempt_does_not_make_newcomers_first_for_ever(
    ann: User, ben: User, queue: Any
) -> None:
    failed = queue(ann)
    Analysis.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    of_ann = [queue(ann) for _ in range(3)]
    assert runs.claim_next() == of_ann[0]
    of_ben = queue(ben)
    assert of_ben.turn == of_ann[1].turn
    assert failed.turn < of_ben.turn


def test_a_lane_waits_for_the_one_before_it(ann: User, ben: User, queue: Any) -> None:
    rerun, batch = queue(ann, Lane.RERUN), queue(ann, Lane.BATCH)
    interactive = queue(ben)
    assert served() == [interactive, batch, rerun]


def test_an_empty_line_starts_anew(ann: User, queue: Any) -> None:
    assert [queue(ann).turn for _ in range(3)] == [0, 1, 2]
    served()
    assert queue(ann).turn == 0


def test_how_many_are_ahead_is_the_order_in_which_they_are_taken(
    ann: User, ben: User, queue: Any, django_assert_num_queries: Any
) -> None:
    everything = [queue(ann), queue(ann), queue(ben), queue(ben, Lane.BATCH), queue(ann, Lane.RERUN), queue(ann)]
    with django_assert_num_queries(1):
        ahead = line.ahead(everything)
    alone = [line.ahead([analysis])[analysis.pk] for analysis in everything]
    assert alone == [ahead[analysis.pk] for analysis in everything]
    assert [ahead[analysis.pk] for analysis in served()] == list(range(6))
    assert line.ahead([]) == {}


def test_the_pace_is_that_of_the_workers_that_are_there(ann: User, make_photo: Any) -> None:
    now = timezone.now()
    assert line.pace() is None
    for seconds in (1, 3):
        make_photo(ann, started_at=now, finished_at=now + timedelta(seconds=seconds))
    assert line.pace() is None
    assert line.seconds_left(0, line.pace()) is None
    for pid in (1, 2):
        Worker.objects.create(host="one", pid=pid)
    Worker.objects.create(host="gone", pid=1, seen_at=now - timedelta(hours=1))
    assert line.pace() == pytest.approx(1.0)
    assert line.seconds_left(4, line.pace()) == pytest.approx(5.0)


def test_a_line_is_full_at_its_bound_and_says_when_to_come_back(
    ann: User, make_photo: Any, settings: Any, queue: Any
) -> None:
    settings.QUEUE_MAX = 3
    now = timezone.now()
    queue(ann), queue(ann)
    assert line.full_for() is None
    queue(ann)
    assert line.full_for() == line.UNKNOWN_WAIT_S
    Worker.objects.create(host="one", pid=1)
    make_photo(ann, started_at=now, finished_at=now + timedelta(seconds=100))
    assert line.full_for() == pytest.approx((3 - line.ROOM * 3) * 100)
    Analysis.objects.filter(status=Status.DONE).update(finished_at=now + timedelta(seconds=1))
    assert line.full_for() == line.SHORTEST_WAIT_S


def test_the_pace_is_not_measured_for_every_poll(
    ann: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(line, "FRESH_S", 1e9)
    line._measured.cache_clear()
    with django_assert_num_queries(2):
        assert [line.pace() for _ in range(3)] == [None, None, None]
