"""Servers that fail while photos wait: the broker and the database."""

import time
from collections.abc import Callable
from typing import Final

from tests.services.chaos.pictures import photo
from tests.services.chaos.rig import Answers, Rig
from tests.services.chaos.rounds import STRUCK_WITHIN_S
from tests.services.chaos.verdict import Verdict, judge

AWAY_S: Final = 4.0
"""How long a server is away: longer than a lease."""
FIRST: Final = 3
"""Photos that are read before the blow falls, so that it falls into the middle of the work."""
PER_REQUEST: Final = 10

Scenario = Callable[[Rig, str, int], Verdict]
"""Something fails while so many photos wait; the name is that of the series of its photos."""


def broker_stopped(rig: Rig, series: str, count: int) -> Verdict:
    """In order, away for a while, started again."""

    def blow() -> None:
        rig.broker.stop()
        time.sleep(AWAY_S)
        rig.broker.start()

    return _amid(rig, series, count, blow)


def broker_killed(rig: Rig, series: str, count: int) -> Verdict:
    """By SIGKILL, and started again. Redis keeps nothing, as it is set up here."""

    def blow() -> None:
        rig.broker.kill()
        rig.broker.start()

    return _amid(rig, series, count, blow)


def broker_flushed(rig: Rig, series: str, count: int) -> Verdict:
    """Everything in Redis is gone: messages, and the cache with its sessions and counts."""
    assert rig.redis is not None
    redis = rig.redis
    return _amid(
        rig, series, count, lambda: redis.run("redis-cli", "-p", str(redis.port), "FLUSHALL").check_returncode()
    )


def database_restarted(rig: Rig, series: str, count: int) -> Verdict:
    """In order, its clients cut off, away for a while."""

    def blow() -> None:
        assert rig.postgres is not None
        rig.postgres.stop()
        time.sleep(AWAY_S)
        rig.postgres.start()

    return _amid(rig, series, count, blow)


def database_killed(rig: Rig, series: str, count: int) -> Verdict:
    """By SIGKILL, so that it has to recover."""

    def blow() -> None:
        assert rig.postgres is not None
        rig.postgres.kill()
        rig.postgres.start()

    return _amid(rig, series, count, blow)


def _amid(rig: Rig, series: str, count: int, blow: Callable[[], object]) -> Verdict:
    """`blow` falls while `count` photos wait, the first of them are being read and others arrive."""
    answers = _backlog(rig, series, count)
    begun = rig.wait(lambda: sum(entry.settled for entry in rig.ledger.entries(series)) >= FIRST, STRUCK_WITHIN_S)
    assert begun, f"{series}: nothing was read before the blow"
    with rig.arriving(lambda: [photo(series, 1)], answers):
        blow()
    left = sum(not entry.settled for entry in rig.ledger.entries(series))
    return judge(rig, series, answers, time.time(), work_s=left * rig.pace_s)


def _backlog(rig: Rig, series: str, count: int) -> Answers:
    """`count` photos that nobody has begun to read."""
    pictures = [photo(series, 1 + number % 2) for number in range(count)]
    with rig.nobody_reads():
        answers = rig.upload([pictures[first : first + PER_REQUEST] for first in range(0, count, PER_REQUEST)])
    assert len(answers.accepted) == count, f"{series}: {len(answers.refused)} requests of the backlog were refused"
    return answers
