"""The life of an analysis in the database: claimed under a lease, finished once, swept when a worker was lost.

Every change is one conditional UPDATE, so two workers that race cannot both win, on SQLite and PostgreSQL alike.
"""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analysis.engine import FoundFace, Reading
from analysis.models import Analysis, Face, Status

log = logging.getLogger(__name__)

BACKOFF_S: Final = (5, 30, 120)
"""Seconds until the next attempt after an error that may pass."""

ENGINE_WAIT_S: Final = 60
"""Seconds until the next attempt when the engine could not be loaded: somebody has to mend it first."""

LOST_CODE: Final = "gave_up"
LOST_SENTENCE: Final = "Reading this photo failed several times. Try again; if it fails again, tell the administrator."


def due(by: datetime | None = None) -> QuerySet[Analysis]:
    """Analyses that wait and were due at `by` (default: now), oldest first."""
    return Analysis.objects.filter(status=Status.QUEUED, due_at__lte=by or timezone.now()).order_by("due_at", "pk")


def claim(analysis_id: int) -> Analysis | None:
    """Take a waiting analysis under a new lease and count the attempt; None when it is not there to be taken."""
    now = timezone.now()
    token = uuid.uuid4()
    taken = (
        due(now)
        .filter(pk=analysis_id)
        .update(
            status=Status.RUNNING,
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=now + timedelta(seconds=settings.ANALYSIS_LEASE_S),
            started_at=now,
        )
    )
    return Analysis.objects.select_related("photo").get(pk=analysis_id) if taken else None


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
            log.warning("result refused: analysis %s has a new lease", analysis.uuid)
            return False
        Face.objects.bulk_create(_face(analysis, index, face) for index, face in enumerate(reading.faces))
    return True


def _face(analysis: Analysis, index: int, found: FoundFace) -> Face:
    low, high = found.age.bucket
    return Face(
        analysis=analysis,
        index=index,
        x=found.box.x,
        y=found.box.y,
        width=found.box.width,
        height=found.box.height,
        landmarks=found.landmarks,
        quality=_quality(found),
        age_years=found.age.years,
        age_low=found.age.low,
        age_high=found.age.high,
        age_widening=found.age.widening,
        age_bucket=f"{low}-{high}",
        gender=found.gender.label or "",
        gender_confidence=found.gender.confidence,
        emotion=found.emotion.label or "",
        emotion_confidence=max(found.emotion.probabilities.values()),
        probabilities=found.emotion.probabilities,
    )


def _quality(found: FoundFace) -> dict[str, float | list[str] | None]:
    """The measures, rounded to what they are good for, and the reasons."""
    quality = found.quality
    return {
        "size": round(quality.size, 1),
        "sharpness": round(quality.sharpness, 3),
        "brightness": round(quality.brightness, 3),
        "highlights": round(quality.highlights, 3),
        "cut": round(quality.cut, 3),
        "turn": None if quality.turn is None else round(quality.turn, 3),
        "roll": None if quality.roll is None else round(quality.roll, 1),
        "detector": round(quality.detector, 3),
        "reasons": list(quality.reasons),
    }


def give_back(analysis: Analysis) -> None:
    """After an error that may pass: wait and try again, or fail when the attempts are used up."""
    if analysis.attempts >= settings.ANALYSIS_MAX_ATTEMPTS:
        _held(analysis).update(**_given_up())
        return
    wait = BACKOFF_S[min(analysis.attempts, len(BACKOFF_S)) - 1]
    _held(analysis).update(
        status=Status.QUEUED, due_at=timezone.now() + timedelta(seconds=wait), lease_token=None, lease_until=None
    )


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
    given_up = lost.filter(attempts__gte=settings.ANALYSIS_MAX_ATTEMPTS).update(**_given_up())
    requeued = lost.update(status=Status.QUEUED, due_at=timezone.now(), lease_token=None, lease_until=None)
    if given_up or requeued:
        log.warning("lost workers: %d analyses queued again, %d given up", requeued, given_up)
    return given_up + requeued


def _given_up() -> dict[str, object]:
    return {
        "status": Status.FAILED,
        "finished_at": timezone.now(),
        "lease_token": None,
        "lease_until": None,
        "failure_code": LOST_CODE,
        "failure_sentence": LOST_SENTENCE,
    }
