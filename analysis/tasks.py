"""What workers do. A message carries an id and is only a doorbell: losing or doubling one changes nothing."""

import logging
import time
from datetime import timedelta
from typing import Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from analysis import runs, trail
from analysis.engine import EngineError, reader
from analysis.models import Analysis

log = logging.getLogger(__name__)

BATCH: Final = 8
"""Analyses that one wake-up works through; the embedded broker hands over only one message a poll."""

RINGS: Final = 32
OVERDUE: Final = timedelta(seconds=5)
"""What is due for less has probably a message on its way."""


@shared_task(name="analysis.read", ignore_result=True)
def read(analysis_id: int) -> int:
    """Read the photo that rang and then others that wait; how many were read."""
    started = time.monotonic()
    count = 0
    for waiting in [analysis_id, *_others(analysis_id)]:
        analysis = runs.claim(waiting)
        if analysis is not None:
            with trail.followed(analysis, rang=waiting == analysis_id):
                read_one(analysis)
            count += 1
        elif waiting == analysis_id:
            trail.already(analysis_id)
        if time.monotonic() - started > settings.ANALYSIS_SOFT_LIMIT_S / 2:
            break
    return count


def _others(analysis_id: int) -> list[int]:
    return list(runs.due().exclude(pk=analysis_id).values_list("pk", flat=True)[: BATCH - 1])


def read_one(analysis: Analysis) -> None:
    """Run the engine for a claimed analysis and store what comes of it. Errors that may pass hand it back."""
    try:
        engine = reader()
    except EngineError as error:
        log.error("analysis %s waits: the engine cannot start: %s", analysis.uuid, error)
        runs.postpone(analysis)
        return
    try:
        with analysis.photo.image.open("rb") as stored:
            reading = engine.read([stored.read()])[0]
    except (Exception, SoftTimeLimitExceeded):
        log.exception("analysis %s: attempt %d failed", analysis.uuid, analysis.attempts)
        runs.give_back(analysis)
        return
    versions = {"engine_version": engine.engine_version, "model_version": engine.model_version}
    if runs.finish(analysis, reading, **versions):
        trail.finished(analysis, reading)


@shared_task(name="analysis.sweep", ignore_result=True)
def sweep() -> int:
    """Queue again what lost its worker and ring for everything that has waited too long."""
    runs.requeue_lost()
    return ring_for_waiting()


def ring_for_waiting() -> int:
    """Send messages for analyses that have been due for a while, oldest first; how many.

    A few are enough, since each wake-up takes others along: ringing for all would double every message of a backlog.
    """
    overdue = runs.due(timezone.now() - OVERDUE).values_list("pk", flat=True)
    waiting = list(overdue[:RINGS])
    for analysis_id in waiting:
        read.delay(analysis_id)
    return len(waiting)
