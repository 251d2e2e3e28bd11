"""The life of an analysis in the database: claimed under a lease, finished once, swept when a worker was lost.

Every change after the claim is one conditional UPDATE, so of two workers that race only one wins, on SQLite and
PostgreSQL alike.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analysis import announcing, disk, results
from analysis.engine import Reading
from analysis.models import UNFINISHED, Analysis, Lane, Status

log = logging.getLogger(__name__)

BACKOFF_S: Final = (5, 30, 120)
"""Seconds until the next attempt after an error that may pass."""

ENGINE_WAIT_S: Final = 60
"""Seconds until the next attempt when the engine could not be loaded: somebody has to mend it first."""

LOST_ERROR: Final = "The worker ended or was cut off."
LOST_CODE: Final = "gave_up"
LOST_SENTENCE: Final = "Reading this photo failed several times. Try again; if it fails again, tell the administrator."


CLAIM: Final = """
UPDATE analysis_analysis
SET status = 'running', attempts = attempts + 1, lease_token = %s, lease_until = %s, started_at = %s
WHERE id = (SELECT id FROM analysis_analysis WHERE status = 'queued' AND due_at <= %s ORDER BY {order} LIMIT 1 {lock})
  AND {relaxed}
RETURNING *"""
"""One statement instead of four halves the time of a claim; the status is no parameter, so that the index is used."""


def claim_next(*, longest: bool = False) -> Analysis | None:
    """Take the first in line under a new lease and count the attempt; None when nothing is due.

    `longest` takes whoever has waited longest instead, whatever the lane, so that a lane behind a busy one moves too.
    """
    now = timezone.now()
    values = {"lease_token": uuid.uuid4(), "lease_until": _lease_end(now), "started_at": now, "due_at": now}
    fields = {field.name: field for field in Analysis._meta.fields}
    written = [fields[name].get_db_prep_value(value, connection) for name, value in values.items()]
    order = "queued_at, id" if longest else "lane, turn, id"
    # PostgreSQL passes over what another worker is taking; SQLite has one writer at a time anyway
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    claim = CLAIM.format(order=order, lock=lock, relaxed=disk.relaxed())
    claimed = list(Analysis.objects.raw(claim, written))  # to its end: only then it holds
    return claimed[0] if claimed else None


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.ANALYSIS_LEASE_S)


def _held(analysis: Analysis) -> QuerySet[Analysis]:
    """The row, if the worker that claimed `analysis` still holds its lease."""
    return Analysis.objects.filter(pk=analysis.pk, status=Status.RUNNING, lease_token=analysis.lease_token)


def finish(analysis: Analysis, reading: Reading, *, engine_version: str, model_version: str) -> bool:
    """Store a reading and its faces; False, storing nothing, when the lease went to somebody else."""
    failed = reading.error is not None
    with transaction.atomic():
        kept = _held(analysis).update(
            status=Status.FAILED if failed else Status.DONE,
            finished_at=timezone.now(),
            lease_token=None,
            lease_until=None,
            engine_version=engine_version,
            model_version=model_version,
            failure_code=reading.error.code if reading.error else "",
            failure_sentence=reading.error.sentence if reading.error else "",
            timings_ms={stage: round(value, 2) for stage, value in reading.timings_ms.items()},
        )
        if not kept:
            log.warning("result refused: analysis %s has a new lease", analysis.mark)
            return False
        results.store(analysis, reading)
        announcing.finished(analysis, Status.FAILED if failed else Status.DONE)
    return True


def give_back(analysis: Analysis, error: BaseException) -> None:
    """After an error that may pass: wait and try again, or fail when the attempts are used up.

    Operators see the error's kind (its words, which may tell of people, are in the log); people see LOST_SENTENCE.
    """
    said = {"last_error": type(error).__name__[:200]}
    if analysis.attempts >= settings.ANALYSIS_MAX_ATTEMPTS:
        with transaction.atomic():
            if _held(analysis).update(**_given_up(), **said):
                announcing.finished(analysis, Status.FAILED)
        return
    wait = BACKOFF_S[min(analysis.attempts, len(BACKOFF_S)) - 1]
    due_at = timezone.now() + timedelta(seconds=wait)
    _held(analysis).update(status=Status.QUEUED, due_at=due_at, lease_token=None, lease_until=None, **said)


@contextmanager
def kept(analysis: Analysis) -> Iterator[None]:
    """Renew the lease while the work within goes on, every third of it, until the hard limit at most."""
    over = threading.Event()
    threading.Thread(target=_keep, args=(analysis, over), name="lease", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _keep(analysis: Analysis, over: threading.Event) -> None:
    """In a thread of its own, which touches the database only when the work takes long."""
    wait = settings.ANALYSIS_LEASE_S / 3
    rounds = int(settings.ANALYSIS_HARD_LIMIT_S / wait) + 1
    for _ in range(rounds):
        if over.wait(wait):
            break
        try:
            if not renew(analysis):
                break
        except DatabaseError as error:
            log.warning("analysis %s: its lease could not be renewed (%s)", analysis.mark, type(error).__name__)
    connections.close_all()  # this thread's own


def renew(analysis: Analysis) -> bool:
    """Extend the lease; False when it went to somebody else or the analysis was stopped."""
    return bool(_held(analysis).update(lease_until=_lease_end(timezone.now())))


def cancel(analysis: Analysis) -> bool:
    """Stop what waits or is being read, whose result is then refused; False when it is finished."""
    unfinished = Analysis.objects.filter(pk=analysis.pk, status__in=UNFINISHED)
    stopped = {"status": Status.CANCELLED, "finished_at": timezone.now(), "lease_token": None, "lease_until": None}
    with transaction.atomic():
        if not unfinished.update(**stopped):
            return False
        announcing.finished(analysis, Status.CANCELLED)
    return True


def cancel_rereading(owner_id: int, most: int) -> list[Analysis]:
    """Stop what of a person's waits to be read again, `most` at a time; what was stopped. Results they have stay."""
    waiting = Analysis.objects.filter(owner=owner_id, lane=Lane.RERUN, status=Status.QUEUED)
    with transaction.atomic():
        # what somebody else holds is being claimed or deleted; claims in their turn pass over what is held here
        stopped = list(waiting.order_by("pk").select_for_update(skip_locked=True)[:most])
        Analysis.objects.filter(pk__in=[one.pk for one in stopped], status=Status.QUEUED).update(
            status=Status.CANCELLED, finished_at=timezone.now(), lease_token=None, lease_until=None
        )
        announcing.stopped(owner_id, [one.photo_id for one in stopped])
    return stopped


def any_running() -> bool:
    """Whether some worker has a photo in its hands."""
    return Analysis.objects.filter(status=Status.RUNNING).exists()


def postpone(analysis: Analysis) -> None:
    """The engine itself cannot start: that is not the photo's fault, so the attempt does not count."""
    _held(analysis).update(
        status=Status.QUEUED,
        attempts=F("attempts") - 1,
        due_at=timezone.now() + timedelta(seconds=ENGINE_WAIT_S),
        lease_token=None,
        lease_until=None,
    )


def requeue_lost(*, every_lease: bool = False) -> int:
    """Queue again what lost its worker, or give it up when its attempts are used up; how many rows that touched.

    A lease is lost when its time is over. `every_lease` takes them all: for the start of an embedded installation,
    whose only worker is known to be gone.
    """
    lost = Analysis.objects.filter(status=Status.RUNNING)
    if not every_lease:
        lost = lost.filter(Q(lease_until__lt=timezone.now()) | Q(lease_until=None))
    said = {"last_error": LOST_ERROR}
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            # a worker that froze while it stored holds its row: the other lost ones do not wait for that
            held = lost.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True)
            lost = Analysis.objects.filter(pk__in=list(held))
        given_up = _give_up(lost.filter(attempts__gte=settings.ANALYSIS_MAX_ATTEMPTS), **said)
        requeued = lost.filter(status=Status.RUNNING).update(
            status=Status.QUEUED, due_at=timezone.now(), lease_token=None, lease_until=None, **said
        )
    if given_up or requeued:
        log.warning("lost workers: %d analyses queued again, %d given up", requeued, given_up)
    return given_up + requeued


def _give_up(lost: QuerySet[Analysis], **said: str) -> int:
    """How many; within a transaction, in which nobody else touches them."""
    found = list(lost.select_related("photo"))
    if not found:
        return 0
    count = Analysis.objects.filter(pk__in=[one.pk for one in found], status=Status.RUNNING).update(
        **_given_up(), **said
    )
    for analysis in found:
        announcing.finished(analysis, Status.FAILED)
    return count


def _given_up() -> dict[str, object]:
    return {
        "status": Status.FAILED,
        "finished_at": timezone.now(),
        "lease_token": None,
        "lease_until": None,
        "failure_code": LOST_CODE,
        "failure_sentence": LOST_SENTENCE,
    }
