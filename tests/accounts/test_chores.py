"""Chores are run by one process at a time, when they are due or asked for, and what came of them is kept."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import chores, tasks
from accounts.models import Chore

HOUR = timedelta(hours=1)


class Work:
    """A chore that counts, does what it is told and remembers nothing else."""

    def __init__(self) -> None:
        self.runs = 0
        self.then: Callable[[], object] = lambda: None

    def __call__(self) -> None:
        self.runs += 1
        self.then()


@pytest.fixture
def work(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """The only chore there is: `tidy`, each hour."""
    monkeypatch.setattr(chores, "_registered", {})
    made = Work()
    chores.register("tidy", every_s=3600)(made)
    return made


def row() -> Chore:
    return Chore.objects.get(name="tidy")


def earlier(by: timedelta) -> None:
    Chore.objects.update(started_at=timezone.now() - by)


def leased(until: timedelta) -> None:
    Chore.objects.update(lease_token=uuid.uuid4(), lease_until=timezone.now() + until)


def test_it_is_run_at_once_and_then_when_its_time_has_come(work: Work) -> None:
    assert [chores.run_due(), chores.run_due()] == [1, 0]
    earlier(HOUR)
    assert chores.run_due() == 1
    assert work.runs == 2


def test_looking_for_what_is_due_takes_one_question(work: Work, django_assert_num_queries: Any) -> None:
    chores.run_due()
    with django_assert_num_queries(1):
        assert chores.run_due() == 0


def test_what_came_of_it_is_kept(work: Work) -> None:
    before = timezone.now()
    chores.run_due()
    kept = row()
    assert kept.succeeded_at is not None
    assert kept.succeeded_at >= before
    assert kept.seconds is not None
    assert (kept.error, kept.lease_token, kept.lease_until) == ("", None, None)


def test_one_that_raises_is_logged_and_tried_again_at_its_next_time(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("of ann@example.org")

    work.then = fail
    assert [chores.run_due(), chores.run_due()] == [1, 0]
    kept = row()
    assert (kept.error, kept.succeeded_at, kept.lease_until) == ("OSError", None, None)
    assert "the chore tidy failed" in caplog.text
    work.then = lambda: None
    earlier(HOUR)
    assert chores.run_due() == 1
    assert row().error == ""


def test_one_that_is_asked_for_is_run_whenever_it_ran_last(work: Work) -> None:
    assert [tasks.chores(), tasks.chores("tidy"), tasks.chores("tidy")] == [1, 1, 1]
    assert work.runs == 3


def test_while_one_process_runs_it_no_other_does(work: Work) -> None:
    seen = []
    work.then = lambda: seen.append(chores.run_due())
    assert chores.run_due() == 1
    assert seen == [0]


def test_one_that_takes_longer_than_its_interval_is_not_run_twice_at_a_time(work: Work) -> None:
    chores.run_due()
    leased(timedelta(seconds=5))
    earlier(2 * HOUR)
    assert chores.run_due() == 0


def test_asked_for_while_it_runs_it_is_run_once_more(work: Work) -> None:
    seen = []

    def ask_once() -> None:
        if work.runs == 1:
            seen.append(chores.run("tidy"))

    work.then = ask_once
    assert chores.run_due() == 1
    assert (work.runs, seen) == (2, [False])
    assert not row().asked


def test_always_asked_for_it_leaves_the_thread_and_is_found_at_the_next_round(work: Work) -> None:
    work.then = lambda: chores.run("tidy")
    chores.run_due()
    assert work.runs == 2
    assert row().asked
    work.then = lambda: None
    assert chores.run_due() == 1


def test_one_that_was_cut_off_is_run_again_as_soon_as_its_lease_is_over(work: Work) -> None:
    chores.run_due()
    leased(timedelta(seconds=5))
    assert chores.run_due() == 0
    leased(-timedelta(seconds=1))
    assert chores.run_due() == 1
    assert row().lease_until is None


def test_where_no_process_can_be_there_leases_are_not_waited_for(work: Work) -> None:
    chores.run_due()
    leased(timedelta(seconds=50))
    chores.release_all()
    assert chores.run_due() == 1


def test_a_process_that_lost_its_lease_leaves_the_row_to_the_other(work: Work) -> None:
    other = uuid.uuid4()
    work.then = lambda: Chore.objects.update(lease_token=other, lease_until=timezone.now() + HOUR)
    chores.run_due()
    kept = row()
    assert (kept.lease_token, kept.succeeded_at) == (other, None)


def test_a_lease_is_renewed_while_the_work_goes_on(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = threading.Event()
    monkeypatch.setattr(chores, "LEASE_S", 0.003)
    monkeypatch.setattr(chores.connections, "close_all", lambda: None)

    class Rows:
        def filter(self, **_: object) -> "Rows":
            return self

        def update(self, **changes: object) -> int:
            if set(changes) == {"lease_until"}:
                renewed.set()
            return 1

    with monkeypatch.context() as patch:
        patch.setattr(chores.Chore, "objects", Rows())
        with chores._kept(uuid.uuid4()):
            assert renewed.wait(20)


def test_a_name_that_another_version_knows_is_left_alone(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    assert tasks.chores("unheard") == 0
    assert "no chore 'unheard'" in caplog.text
    assert not Chore.objects.exists()


def test_no_two_have_the_same_name(work: Work) -> None:
    with pytest.raises(ValueError, match="two chores called 'tidy'"):
        chores.register("tidy", every_s=1)(work)


@pytest.mark.django_db(transaction=True)
def test_ringing_waits_for_the_commit(chores_rung: list[str | None]) -> None:
    with transaction.atomic():
        chores.ring("tidy")
        assert chores_rung == []
    assert chores_rung == ["tidy"]


@pytest.mark.django_db(transaction=True)
def test_ringing_for_what_is_rolled_back_does_nothing(chores_rung: list[str | None]) -> None:
    with transaction.atomic():
        chores.ring("tidy")
        transaction.set_rollback(True)
    assert chores_rung == []


def test_states_say_which_are_overdue(work: Work) -> None:
    (never,) = chores.states()
    assert (never.overdue, never.started_at, never.running) == (True, None, False)
    chores.run_due()
    (well,) = chores.states()
    assert (well.overdue, well.running, well.error) == (False, False, "")
    Chore.objects.update(succeeded_at=timezone.now() - 4 * HOUR)
    leased(timedelta(seconds=9))
    (late,) = chores.states()
    assert (late.overdue, late.running) == (True, True)
