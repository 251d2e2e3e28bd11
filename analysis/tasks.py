"""What workers do. The line is in the database; a message only says that there is something in it.

So losing or doubling a message changes nothing, and what is read next is decided when a worker is free.
"""

import itertools
import logging
import time
from datetime import timedelta
from typing import Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from accounts.bell import bell
from accounts.consent import services as consent
from analysis import keeping, line, runs, trail, workers
from analysis.engine import EngineError, Reading, ReadingError, reader
from analysis.models import Analysis, Keep

log = logging.getLogger(__name__)

SHIFT_S: Final = 5.0
"""Seconds that one wake-up works on: each costs a message, and a worker that is to stop ends its shift first."""

EVERY: Final = 8
"""One claim of so many takes whoever has waited longest, so that no lane waits for ever behind a busier one."""

RINGS: Final = 32
"""Messages that are enough for any line: a shift that ends before the line does rings for the next."""

OVERDUE: Final = timedelta(seconds=5)
"""What is due for less has probably a message on its way."""

EXPIRES_S: Final = 300
"""A message that nobody took for so long is dropped: the sweep has rung since."""

NOT_KEPT: Final = Reading(
    width=0, height=0, error=ReadingError("not_kept", "The picture was not kept, so there is nothing to read.")
)

_claims = itertools.count(1)


@shared_task(name="analysis.read", ignore_result=True, expires=EXPIRES_S)
def read(analysis_id: int | None = None) -> int:  # noqa: ARG001  what older web servers send
    """Work through the line until it is empty or the shift is over; how many were read."""
    over = time.monotonic() + SHIFT_S
    count = 0
    while time.monotonic() < over:
        if workers.stopping():
            return count
        analysis = runs.claim_next(longest=next(_claims) % EVERY == 0)
        if analysis is None:
            return count
        with trail.followed(analysis), runs.kept(analysis):
            read_one(analysis)
        count += 1
    if line.due().exists():
        ring()
    return count


def read_one(analysis: Analysis) -> None:
    """Run the engine for a claimed analysis and store what comes of it. Errors that may pass hand it back."""
    try:
        engine = reader()
    except EngineError as error:
        log.error("analysis %s waits: the engine cannot start: %s", analysis.mark, error)
        runs.postpone(analysis)
        return
    try:
        attributes = consent.attributes_allowed(analysis.owner_id)
        if analysis.photo.has_picture:
            with analysis.photo.image.open("rb") as stored:
                reading = engine.read([stored.read()], attributes=attributes)[0]
        else:
            reading = NOT_KEPT
    except (Exception, SoftTimeLimitExceeded) as error:
        log.exception("analysis %s: attempt %d failed", analysis.mark, analysis.attempts)
        runs.give_back(analysis, error)
        return
    versions = {"engine_version": engine.engine_version, "model_version": engine.model_version}
    if runs.finish(analysis, reading, **versions):
        trail.finished(analysis, reading)
        _thin(analysis)


def _thin(analysis: Analysis) -> None:
    """What is not to stay of the photo goes; the result is stored, so nothing that fails here may end the shift."""
    if analysis.photo.keep == Keep.PHOTO:
        return
    try:
        keeping.thin(analysis.photo)
    except (Exception, SoftTimeLimitExceeded) as error:
        kind = type(error).__name__
        log.warning("analysis %s: its picture is still there (%s); the chore lets go of it", analysis.mark, kind)


@shared_task(name="analysis.sweep", ignore_result=True)
def sweep() -> int:
    """Queue again what lost its worker and ring for it, and for everything that has waited too long."""
    return ring_for_waiting(lost=runs.requeue_lost())


def ring_for_waiting(*, lost: int = 0) -> int:
    """Send messages for analyses that have been due for a while and for `lost` that were just queued again; how many.

    As many as there are workers at most, since each wake-up takes others along.
    """
    unheard = lost + line.due(timezone.now() - OVERDUE)[:RINGS].count()
    rings = min(unheard, max(workers.there().count(), 1))
    for _ in range(rings):
        ring()
    return rings


def ring_for_new(count: int) -> None:
    """So many came into the line: wake workers, unless enough messages for the line before them are on their way.

    The length of a line that was short is that of a moment ago, so a burst may send some more.
    """
    if line.is_longer_than(RINGS + count - 1):
        return
    for _ in range(1 if count == 1 else min(count, RINGS, max(workers.there().count(), 1))):
        ring()


def ring() -> None:
    """Wake a worker. Never raises: a broker that is down costs a delay, as the sweep rings again."""
    bell.ring(read)
