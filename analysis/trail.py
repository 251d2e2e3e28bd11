"""What the logs say of an analysis on its way: its uuid, and the id of the request that brought the photo."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from analysis.engine import Reading
from analysis.models import Analysis, Status

log = logging.getLogger(__name__)


def queued(analysis: Analysis) -> None:
    """It waits for a worker."""
    log.info("analysis %s waits", analysis.uuid, extra={"analysis": str(analysis.uuid)})


@contextmanager
def followed(analysis: Analysis, *, rang: bool) -> Iterator[None]:
    """Every line within bears its uuid; the id of the request only if it is the one that `rang`."""
    known = {"analysis": str(analysis.uuid)} if rang else {"analysis": str(analysis.uuid), "request_id": None}
    with structlog.contextvars.bound_contextvars(**known):
        yield


def finished(analysis: Analysis, reading: Reading) -> None:
    """Its outcome is stored."""
    ms = round(sum(reading.timings_ms.values()), 1)
    outcome, code = ("failed", reading.error.code) if reading.error else ("done", None)
    log.info(
        "analysis %s: %s after %.0f ms of reading", analysis.uuid, code or outcome, ms,
        extra={"outcome": outcome, "code": code, "ms": ms},
    )  # fmt: skip


def already(analysis_id: int) -> None:
    """It cannot be claimed, mostly as an earlier wake-up took it along; only this message knows the request."""
    found = Analysis.objects.filter(pk=analysis_id).values_list("uuid", "status").first()
    if found:
        outcome = found[1] if found[1] in {Status.DONE, Status.FAILED} else None
        log.info("analysis %s: it is %s", *found, extra={"analysis": str(found[0]), "outcome": outcome})
