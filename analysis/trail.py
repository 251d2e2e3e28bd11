"""What the logs say of an analysis on its way: its mark, and the id of the request that brought the photo."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from analysis.engine import Reading
from analysis.models import Analysis

log = logging.getLogger(__name__)


def request_id() -> str:
    """Of the request that is being answered; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id") or "")


def queued(analysis: Analysis) -> None:
    """It waits for a worker."""
    log.info("analysis %s waits", analysis.mark, extra={"analysis": analysis.mark})


@contextmanager
def followed(analysis: Analysis) -> Iterator[None]:
    """Every line within bears its mark and the id of the request that brought it."""
    known = {"analysis": analysis.mark, "request_id": analysis.request_id or None}
    with structlog.contextvars.bound_contextvars(**known):
        yield


def finished(analysis: Analysis, reading: Reading) -> None:
    """Its outcome is stored."""
    ms = round(sum(reading.timings_ms.values()), 1)
    outcome, code = ("failed", reading.error.code) if reading.error else ("done", None)
    log.info(
        "analysis %s: %s after %.0f ms of reading", analysis.mark, code or outcome, ms,
        extra={"outcome": outcome, "code": code, "ms": ms},
    )  # fmt: skip


def stopped(analysis: Analysis) -> None:
    """Somebody wanted no result any more."""
    log.info("analysis %s is stopped", analysis.mark, extra={"analysis": analysis.mark, "outcome": "stopped"})
