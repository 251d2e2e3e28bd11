"""How the work goes, in figures from the database: what waits, since when, what came of it and how long it took."""

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from analysis import runs, workers
from analysis.models import Analysis, Status, Worker

ENGINE_STAGES: Final = ("decode", "detect", "attributes")
STAGES: Final = (*ENGINE_STAGES, "wait", "total")
"""Of the engine; from upload to the attempt that finished; from upload to outcome."""

CODES: Final = (runs.LOST_CODE,)
"""Failures that are announced before the first one happens; those of the engine are as many as its sentences."""

SETTLE: Final = timedelta(seconds=10)
"""An outcome is committed a moment after the time it bears, on a host whose clock may differ a little."""

MOST: Final = 20_000
"""Analyses counted at once; the rest follows the next time."""

RECENT: Final = 200
"""Analyses from which the glance takes its durations."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What is not done, and when the photo that waits longest was uploaded (or tried again by hand)."""

    waiting: int
    delayed: int
    running: int
    failed: int
    oldest_since: datetime | None

    @property
    def oldest_s(self) -> float:
        """For how long the oldest has waited, in seconds; 0 when nothing waits."""
        since = self.oldest_since
        return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0


def queue() -> Queue:
    """One query over the index of statuses. `delayed` waits for its next attempt; `failed` waits for somebody."""
    now = timezone.now()
    queued = Q(status=Status.QUEUED)
    found = Analysis.objects.filter(status__in=(Status.QUEUED, Status.RUNNING, Status.FAILED)).aggregate(
        waiting=Count("pk", filter=queued & Q(due_at__lte=now)),
        delayed=Count("pk", filter=queued & Q(due_at__gt=now)),
        running=Count("pk", filter=Q(status=Status.RUNNING)),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        oldest_since=Min("queued_at", filter=queued),
    )
    return Queue(**found)


@dataclass(frozen=True, slots=True)
class Finished:
    """The outcome of one analysis: `code` is empty when it is done; seconds by stage, as far as there was one."""

    code: str
    seconds: dict[str, float]


FIELDS: Final = ("failure_code", "timings_ms", "queued_at", "started_at", "finished_at")
Row = tuple[str, dict[str, float], datetime, datetime | None, datetime]


def finished_between(since: datetime, now: datetime) -> tuple[list[Finished], datetime]:
    """Analyses that finished from `since` on, and until when they are complete: `since` for the next call.

    The moment is SETTLE before `now`, or earlier when there are more than MOST. Each analysis is in one answer only.
    """
    until = max(since, now - SETTLE)
    finished = Analysis.objects.filter(status__in=(Status.DONE, Status.FAILED), finished_at__gte=since)
    rows = finished.filter(finished_at__lt=until).order_by("finished_at").values_list(*FIELDS)
    found: list[Row] = list(rows[: MOST + 1])
    if len(found) > MOST and found[0][4] < found[-1][4]:
        until = found[-1][4]
        found = [row for row in found if row[4] < until]
    elif len(found) > MOST:  # many were given up at the same moment
        until = found[0][4] + timedelta(microseconds=1)
        found = list(rows.filter(finished_at__lt=until))
    return [_finished(row) for row in found], until


def _finished(row: Row) -> Finished:
    code, timings, queued, started, finished = row
    seconds: dict[str, float] = {stage: timings[stage] / 1e3 for stage in ENGINE_STAGES if stage in timings}
    if started:
        seconds["wait"] = max((started - queued).total_seconds(), 0.0)
    return Finished(code, seconds | {"total": max((finished - queued).total_seconds(), 0.0)})


@dataclass(frozen=True, slots=True)
class Engine:
    """Warm workers with the same versions, seen lately."""

    engine_version: str
    model_version: str
    workers: int


def engines() -> list[Engine]:
    """Which versions read photos now, and how many workers of each; more than one during an upgrade."""
    seen = Counter(there().values_list("engine_version", "model_version"))
    return [Engine(engine, model, count) for (engine, model), count in sorted(seen.items())]


def there() -> QuerySet[Worker]:
    """Workers that were seen lately."""
    return Worker.objects.filter(seen_at__gte=timezone.now() - workers.MISSED_AFTER)


def outcomes(within: timedelta) -> tuple[int, list[tuple[str, int]]]:
    """How many were done lately, and how many failed by code, the most frequent first."""
    lately = Analysis.objects.filter(finished_at__gte=timezone.now() - within)
    failed = lately.filter(status=Status.FAILED).values_list("failure_code").annotate(times=Count("pk"))
    return lately.filter(status=Status.DONE).count(), list(failed.order_by("-times", "failure_code"))


@dataclass(frozen=True, slots=True)
class Duration:
    """Of one stage over the latest analyses, in milliseconds."""

    stage: str
    median_ms: float
    p95_ms: float


def durations() -> list[Duration]:
    """By stage, over the latest RECENT that are done; empty when there are fewer than two."""
    done = Analysis.objects.filter(status=Status.DONE).order_by("-due_at")
    rows: list[Row] = list(done.values_list(*FIELDS)[:RECENT])
    taken = [_finished(row).seconds for row in rows]
    by_stage = {stage: [seconds[stage] * 1e3 for seconds in taken if stage in seconds] for stage in STAGES}
    return [
        Duration(stage, statistics.median(ms), statistics.quantiles(ms, n=20, method="inclusive")[-1])
        for stage, ms in by_stage.items()
        if len(ms) > 1
    ]
