"""Where an analysis is, in words with the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from analysis import line, workers
from analysis.bounds import in_words
from analysis.models import FINISHED, Analysis, Status

LONG: Final = timedelta(seconds=60)
CLOSE: Final = "You may close this page; reading goes on."
NOBODY: Final = "No worker was seen for a while. Your photo stays in the queue. If this lasts, tell the administrator."
SLOW: Final = "This takes longer than usual. It stays in the queue; if it lasts, tell the administrator."
AGAIN: Final = "The last attempt did not work. Nothing to do for you."
STOPPED: Final = "It was not read and is not in the queue any more. Read it after all, or delete it."


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an analysis is: a status for colours, a headline and a sentence with the next step.

    `left_s`: seconds until it is read, as far as anybody knows.
    """

    status: str
    headline: str
    sentence: str = ""
    left_s: float | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class Line:
    """The line as one page sees it: how many are before each, by primary key; how fast it moves; who works."""

    before: dict[int, int]
    pace: float | None
    is_attended: bool
    now: datetime


def progress_of(analyses: Sequence[Analysis | None]) -> list[Progress]:
    """The progress of each, in order: no query when nothing waits in the line, four at most."""
    now = timezone.now()
    waiting = [each for each in analyses if each and each.status == Status.QUEUED and each.due_at <= now]
    seen = _look(waiting, now)
    return [_progress(analysis, seen) for analysis in analyses]


def _look(waiting: Sequence[Analysis], now: datetime) -> Line:
    if not waiting:
        return Line({}, None, is_attended=True, now=now)
    pace = line.pace()
    return Line(line.ahead(waiting), pace, is_attended=pace is not None or workers.any_there(), now=now)


def _progress(analysis: Analysis | None, seen: Line) -> Progress:
    if analysis is None:
        return Progress(Status.QUEUED, "Waiting")
    if analysis.status == Status.QUEUED:
        return _queued(analysis, seen)
    if analysis.status == Status.RUNNING:
        return Progress(Status.RUNNING, "Being read", "Finding faces, then reading each one.", left_s=0.0)
    if analysis.status == Status.FAILED:
        return Progress(Status.FAILED, "Could not be read", analysis.failure_sentence or "Something went wrong.")
    if analysis.status == Status.CANCELLED:
        return Progress(Status.CANCELLED, "Stopped by you", STOPPED)
    count = len(analysis.faces.all())
    return Progress(Status.DONE, {0: "No face found", 1: "1 face"}.get(count, f"{count} faces"))


def _queued(analysis: Analysis, seen: Line) -> Progress:
    if analysis.due_at > seen.now:
        left = (analysis.due_at - seen.now).total_seconds()
        return Progress(Status.QUEUED, f"Trying again in {in_words(left)}", AGAIN, left_s=left)
    if not seen.is_attended:
        return Progress(Status.QUEUED, "Nobody is reading right now", NOBODY)
    before = seen.before.get(analysis.pk, 0)
    left_s = line.seconds_left(before, seen.pace)
    if before:
        words = f"Waiting, {before:,} photo{'s' if before > 1 else ''} ahead"
        if left_s is not None:
            words += f", {in_words(left_s)} left"
        return Progress(Status.QUEUED, words, CLOSE, left_s=left_s)
    if seen.now - max(analysis.queued_at, analysis.due_at) > LONG:
        return Progress(Status.QUEUED, "Still waiting", SLOW)
    return Progress(Status.QUEUED, "Next in the queue", CLOSE, left_s=left_s)
