"""Chores of the installation: what is to be done now and then, by one process, without holding up the photos.

The row of a chore is the truth about it. Taking it is one conditional UPDATE, so of several processes that want to run
it one does, on SQLite and PostgreSQL alike. A message only says that somebody asks; when it is lost, the chore is run
at its next time.

    @chores.register("sessions", every_s=86_400)
    def forget_sessions() -> None: ...

    chores.ring("sessions")

A module that registers is imported by the `ready` of its app. A chore may be cut off anywhere; it is then run again.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import DatabaseError, connections, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.bell import bell
from accounts.clock import clock
from accounts.models import Chore

log = logging.getLogger(__name__)

LEASE_S: Final = 60.0
"""Renewed every third of it: a chore whose process is gone is taken over after so many seconds."""

LATE_AFTER: Final = timedelta(minutes=10)
"""Added to three times its own interval before a chore counts as overdue."""

Work = Callable[[], object]
W = TypeVar("W", bound=Work)


@dataclass(frozen=True, slots=True)
class Registered:
    """A chore that this code knows."""

    name: str
    every: timedelta
    work: Work
    sets_alarms: bool = False


_registered: Final[dict[str, Registered]] = {}


def register(name: str, *, every_s: float, sets_alarms: bool = False) -> Callable[[W], W]:
    """Have a function without arguments run every `every_s` seconds. Raises ValueError when the name is taken.

    With `sets_alarms` it calls `wake_at`, and is also run when a process for chores begins.
    """

    def keep(work: W) -> W:
        if name in _registered:
            raise ValueError(f"There are two chores called {name!r}.")
        _registered[name] = Registered(name, timedelta(seconds=every_s), work, sets_alarms)
        return work

    return keep


def ring(name: str) -> None:
    """Once what this transaction writes is committed, wake a process that runs `name` at once. Best effort."""
    from accounts.tasks import chores  # which runs what is here

    transaction.on_commit(lambda: bell.ring(chores, name), robust=True)


def wake_at(name: str, at: datetime | None) -> None:
    """From within `name`: run it at `at`, too; None: at its own times alone. Best effort, in place of what was said."""
    clock.set(name, None if at is None else (at - timezone.now()).total_seconds())


def with_alarms() -> list[str]:
    """Chores to be run once as a process begins: the alarms of the one before went with it."""
    return [name for name, chore in _registered.items() if chore.sets_alarms]


def run_due() -> int:
    """Run every chore whose time has come, that was asked for or that was cut off; how many were run here."""
    now = timezone.now()
    rows = {row.name: row for row in Chore.objects.filter(name__in=_registered)}
    _add_rows(set(_registered) - set(rows))
    due = [chore for name, chore in _registered.items() if name not in rows or _may_run(chore, rows[name], now)]
    return sum(_run(chore) for chore in due)


def _may_run(chore: Registered, row: Chore, now: datetime) -> bool:
    """As the row was when it was read: whether it holds is found out by taking it."""
    if row.lease_until is not None:
        return row.lease_until < now
    return row.asked or row.started_at is None or row.started_at <= now - chore.every


def run(name: str) -> bool:
    """Somebody asks for `name`: run it now, whenever it ran last; whether it was run here.

    While another process runs it that one runs it once more, as what is to be done may have come too late for it.
    """
    chore = _registered.get(name)
    if chore is None:
        log.warning("there is no chore %r: is another version running beside this one?", name)
        return False
    if not Chore.objects.filter(name=name).exists():
        _add_rows([name])
    Chore.objects.filter(name=name, asked=False).update(asked=True)
    return _run(chore)


def release_all() -> None:
    """No process is there that runs chores: do not wait for the ends of their leases."""
    Chore.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=LEASE_S))


def _add_rows(names: Iterable[str]) -> None:
    Chore.objects.bulk_create([Chore(name=name) for name in sorted(names)], ignore_conflicts=True)


def _run(chore: Registered) -> bool:
    """Run it if nobody else does; twice when it was asked for meanwhile. Asked for again, the next due run finds it."""
    ran = False
    for _ in range(2):
        token = _take(chore)
        if token is None:
            break
        _do(chore, token)
        ran = True
    return ran


def _take(chore: Registered) -> uuid.UUID | None:
    """The new lease, or None when somebody else has it or nothing is to be done."""
    now, token = timezone.now(), uuid.uuid4()
    cut_off = Q(lease_until__lt=now)
    wanted = Q(asked=True) | Q(started_at=None) | Q(started_at__lte=now - chore.every)
    may = cut_off | Q(wanted, lease_until=None)
    lease = {"lease_token": token, "lease_until": now + timedelta(seconds=LEASE_S)}
    taken = Chore.objects.filter(may, name=chore.name).update(asked=False, started_at=now, **lease)
    return token if taken else None


def _do(chore: Registered, token: uuid.UUID) -> None:
    """Run it under its lease and keep what came of it. What it raises is logged: it is tried again at its next time."""
    began, error = time.monotonic(), ""
    with _kept(token):
        try:
            chore.work()
        except Exception as raised:
            log.exception("the chore %s failed; it is tried again within %s", chore.name, chore.every)
            error = type(raised).__name__[:200]
    came = {"error": error, "seconds": time.monotonic() - began, "lease_token": None, "lease_until": None}
    if not error:
        came["succeeded_at"] = timezone.now()
    Chore.objects.filter(lease_token=token).update(**came)


@contextmanager
def _kept(token: uuid.UUID) -> Iterator[None]:
    """Renew the lease while the work within goes on: what hangs is seen as overdue, and never run twice at a time."""
    over = threading.Event()
    threading.Thread(target=_keep, args=(token, over), name="chore-lease", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _keep(token: uuid.UUID, over: threading.Event) -> None:
    while not over.wait(LEASE_S / 3):
        try:
            Chore.objects.filter(lease_token=token).update(lease_until=timezone.now() + timedelta(seconds=LEASE_S))
        except DatabaseError as error:
            log.warning("the lease of a chore could not be renewed (%s)", type(error).__name__)
        finally:
            connections.close_all()  # this thread's own


@dataclass(frozen=True, slots=True)
class State:
    """How a chore stands, for people and metrics. `seconds` and `error` are of the last run that came to an end."""

    name: str
    every: timedelta
    started_at: datetime | None
    succeeded_at: datetime | None
    running: bool
    seconds: float | None
    error: str
    overdue: bool


def states() -> list[State]:
    """Of every chore that this code knows, by name; one query."""
    now = timezone.now()
    rows = {row.name: row for row in Chore.objects.filter(name__in=_registered)}
    return [_state(chore, rows.get(name, Chore(name=name)), now) for name, chore in sorted(_registered.items())]


def _state(chore: Registered, row: Chore, now: datetime) -> State:
    return State(
        name=chore.name,
        every=chore.every,
        started_at=row.started_at,
        succeeded_at=row.succeeded_at,
        running=row.lease_until is not None and row.lease_until >= now,
        seconds=row.seconds,
        error=row.error,
        overdue=row.succeeded_at is None or now - row.succeeded_at > 3 * chore.every + LATE_AFTER,
    )
