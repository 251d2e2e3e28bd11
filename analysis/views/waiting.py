"""Where an analysis is, in words, and when to ask again."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from analysis.models import Analysis, Status

POLLS: Final = ((timedelta(seconds=10), 1), (timedelta(seconds=60), 3))
"""Up to this age ask again after so many seconds; most photos are read within the first."""

SLOWEST_POLL_S: Final = 10
LONG: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an analysis is: a status for colours, a headline and a sentence with the next step."""

    status: str
    headline: str
    sentence: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in {Status.DONE, Status.FAILED}


def progress_of(analyses: Sequence[Analysis | None]) -> list[Progress]:
    """The progress of each, in order, with its place in the queue: one query, or none when nothing waits."""
    ahead = _ahead([analysis for analysis in analyses if analysis and analysis.status == Status.QUEUED])
    return [_progress(analysis, ahead.get(analysis.pk, 0) if analysis else 0) for analysis in analyses]


def _ahead(waiting: list[Analysis]) -> dict[int, int]:
    """How many analyses will be read before each of these."""
    if not waiting:
        return {}
    active = Analysis.objects.filter(
        status__in=(Status.QUEUED, Status.RUNNING), pk__lt=max(analysis.pk for analysis in waiting)
    )
    counts = {f"before_{analysis.pk}": Count("pk", filter=Q(pk__lt=analysis.pk)) for analysis in waiting}
    found = active.aggregate(**counts)
    return {analysis.pk: found[f"before_{analysis.pk}"] for analysis in waiting}


def _progress(analysis: Analysis | None, ahead: int) -> Progress:
    if analysis is None:
        return Progress(Status.QUEUED, "Waiting")
    if analysis.status == Status.QUEUED:
        return _queued(analysis, ahead)
    if analysis.status == Status.RUNNING:
        return Progress(Status.RUNNING, "Being read", "Finding faces, then reading each one.")
    if analysis.status == Status.FAILED:
        return Progress(Status.FAILED, "Could not be read", analysis.failure_sentence or "Something went wrong.")
    count = len(analysis.faces.all())
    return Progress(Status.DONE, {0: "No face found", 1: "1 face"}.get(count, f"{count} faces"))


def _queued(analysis: Analysis, ahead: int) -> Progress:
    if analysis.attempts:
        return Progress(Status.QUEUED, "Trying again shortly", "The last attempt did not work. Nothing to do for you.")
    if ahead:
        photos = "1 photo" if ahead == 1 else f"{ahead} photos"
        return Progress(Status.QUEUED, f"Waiting, {photos} ahead", "You may close this page; reading goes on.")
    if timezone.now() - analysis.queued_at > LONG:
        sentence = "This takes longer than usual. It stays in the queue; if it lasts, tell the administrator."
        return Progress(Status.QUEUED, "Still waiting", sentence)
    return Progress(Status.QUEUED, "Next in the queue", "You may close this page; reading goes on.")


def seen_mark(states: Iterable[Progress], seconds: int | None) -> str:
    """A short mark of what a page shows; a poll that brings it back and finds it unchanged needs no new fragment."""
    shown = "|".join(f"{state.headline} {state.sentence}" for state in states)
    return f"{zlib.crc32(f'{seconds} {shown}'.encode()):08x}"


def next_poll(analyses: Iterable[Analysis | None], now: datetime | None = None) -> int | None:
    """Seconds until a page should ask again, by its youngest unfinished analysis; None when all are finished."""
    queued = [analysis.queued_at for analysis in analyses if analysis and not analysis.is_finished]
    if not queued:
        return None
    age = (now or timezone.now()) - max(queued)
    return next((seconds for limit, seconds in POLLS if age < limit), SLOWEST_POLL_S)
