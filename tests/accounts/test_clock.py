"""The process for chores wakes at its rounds, and earlier for a chore that said when."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import chores, tasks
from accounts import clock as clocks
from accounts.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of its own, in place of the process's."""
    made = Clock()
    monkeypatch.setattr(clocks, "SOONEST_S", 0.01)
    monkeypatch.setattr(tasks, "clock", made)
    monkeypatch.setattr(chores, "clock", made)
    return made


def soon(seconds: float = 20.0) -> float:
    return time.monotonic() + seconds


def test_an_alarm_goes_off_once_and_at_its_time(clock: Clock) -> None:
    began = time.monotonic()
    clock.set("tidy", 0.1)
    clock.set("sweep", 300)
    assert clock.wait(soon()) == ["tidy"]
    assert 0.1 <= time.monotonic() - began < 5
    assert clock.wait(soon(0.05)) == []


def test_one_that_is_set_while_the_clock_waits_is_not_too_late(clock: Clock) -> None:
    threading.Timer(0.1, clock.set, ("tidy", 0.0)).start()
    assert clock.wait(soon()) == ["tidy"]


def test_what_a_chore_says_last_is_what_counts(clock: Clock) -> None:
    clock.set("tidy", 0.02)
    clock.set("tidy", 300)
    assert clock.wait(soon(0.1)) == []
    clock.set("tidy", 0.02)
    clock.set("tidy", None)
    assert clock.wait(soon(0.1)) == []


def test_always_at_once_is_no_loop_without_a_pause(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "SOONEST_S", 0.2)
    clock.set("tidy", -60)
    assert clock.wait(soon(0.05)) == []
    assert clock.wait(soon()) == ["tidy"]


def test_a_chore_names_the_time_by_the_wall(clock: Clock) -> None:
    chores.wake_at("tidy", timezone.now() + timedelta(seconds=0.1))
    assert clock.wait(soon()) == ["tidy"]
    chores.wake_at("tidy", timezone.now() + timedelta(seconds=0.1))
    chores.wake_at("tidy", None)
    assert clock.wait(soon(0.2)) == []


def test_the_process_rings_first_for_what_had_alarms_then_for_all_at_each_round_and_between_for_an_alarm(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, ...]] = []

    def ring(_: Any, *names: str) -> None:
        rung.append(names)
        if len(rung) == 5:
            raise SystemExit

    monkeypatch.setattr(tasks.bell, "ring", ring)
    clock.set("tidy", 0.01)
    with pytest.raises(SystemExit):
        tasks._ring(0.3)
    assert rung == [("webhooks",), (), ("tidy",), (), ()]
