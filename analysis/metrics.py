"""How the work goes, in figures from the database: what waits, since when, what came of it and how long it took."""

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from analysis import line, runs, workers
from analysis.models import FINISHED, Analysis, Lane, Status

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
    """What is not done, and when the photo that waits longest was uploaded (or tried again by hand).

    `delayed` waits for its next attempt; `lanes` counts both kinds of waiting; `failed` waits for somebody to look, and
    `given_up` are those of them whose attempts were used up.
    """

    waiting: int
    delayed: int
    lanes: dict[Lane, int]
    running: int
    failed: int
    given_up: int
    oldest_since: datetime | None

    @property
    def oldest_s(self) -> float:
        """For how long the oldest has waited, in seconds; 0 when nothing waits."""
        since = self.oldest_since
        return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0


def queue() -> Queue:
    """Three queries, each over an index that holds only what it counts."""
    now = timezone.now()
    by_lane = line.waiting().order_by().values("lane")
    rows = by_lane.annotate(
        due=Count("pk", filter=Q(due_at__lte=now)),
        delayed=Count("pk", filter=Q(due_at__gt=now)),
        oldest=Min("queued_at"),
    )
    found = {Lane(row["lane"]): row for row in rows}
    failed = Analysis.objects.filter(status=Status.FAILED).aggregate(
        failed=Count("pk"), given_up=Count("pk", filter=Q(failure_code=runs.LOST_CODE))
    )
    return Queue(
        waiting=sum(row["due"] for row in found.values()),
        delayed=sum(row["delayed"] for row in found.values()),
        lanes={lane: found[lane]["due"] + found[lane]["delayed"] if lane in found else 0 for lane in Lane},
        running=Analysis.objects.filter(status=Status.RUNNING).count(),
        oldest_since=min((row["oldest"] for row in found.values()), default=None),
        **failed,
    )


def given_up() -> int:
    """How many dead letters there are."""
    return Analysis.objects.filter(status=Status.FAILED, failure_code=runs.LOST_CODE).count()


@dataclass(frozen=True, slots=True)
class Speed:
    """Photos a second that the workers seen lately can read, and seconds until one that is sent now is read.

    None while nobody knows: no worker is there, or nothing was read yet.
    """

    per_second: float | None
    next_s: float | None


def speed() -> Speed:
    """Of a photo that somebody waits for: it comes after one turn of everybody else who does."""
    pace = line.pace()
    if pace is None:
        return Speed(None, None)
    others = line.due().filter(lane=Lane.INTERACTIVE)
    turn = others.values_list("turn", flat=True).first()
    ahead = 0 if turn is None else others.filter(turn__lte=turn).count()
    return Speed(pace, line.seconds_left(ahead, pace))


LOST: Final = "lost"
ERROR: Final = "error"
CAUSES: Final = (LOST, ERROR)


@dataclass(frozen=True, slots=True)
class Finished:
    """The outcome of one analysis: done, failed with its code, or cancelled; seconds by stage, as far as there was one.

    `repeated` says why its last attempt but one, or the last of all when it was given up, came to nothing: the worker
    was lost, or an error; empty when the first attempt was enough. Of what somebody stopped only that is told.
    """

    outcome: str
    code: str
    seconds: dict[str, float]
    repeated: str = ""


FIELDS: Final = ("status", "failure_code", "last_error", "timings_ms", "queued_at", "started_at", "finished_at")
Row = tuple[str, str, str, dict[str, float], datetime, datetime | None, datetime]


def finished_between(since: datetime, now: datetime) -> tuple[list[Finished], datetime]:
    """Analyses that finished from `since` on, and until when they are complete: `since` for the next call.

    The moment is SETTLE before `now`, or earlier when there are more than MOST. Each analysis is in one answer only.
    """
    until = max(since, now - SETTLE)
    finished = Analysis.objects.filter(status__in=FINISHED, finished_at__gte=since)
    rows = finished.filter(finished_at__lt=until).order_by("finished_at").values_list(*FIELDS)
    found: list[Row] = list(rows[: MOST + 1])
    if len(found) > MOST and found[0][-1] < found[-1][-1]:
        until = found[-1][-1]
        found = [row for row in found if row[-1] < until]
    elif len(found) > MOST:  # many were given up at the same moment
        until = found[0][-1] + timedelta(microseconds=1)
        found = list(rows.filter(finished_at__lt=until))
    return [_finished(row) for row in found], until


def _finished(row: Row) -> Finished:
    status, code, last_error, timings, queued, started, finished = row
    if status == Status.CANCELLED:
        return Finished(status, "", {})
    seconds: dict[str, float] = {stage: timings[stage] / 1e3 for stage in ENGINE_STAGES if stage in timings}
    if started:
        seconds["wait"] = max((started - queued).total_seconds(), 0.0)
    total = max((finished - queued).total_seconds(), 0.0)
    repeated = "" if not last_error else LOST if last_error == runs.LOST_ERROR else ERROR
    return Finished(status, code, seconds | {"total": total}, repeated)


@dataclass(frozen=True, slots=True)
class Engine:
    """Warm workers with the same versions, seen lately."""

    engine_version: str
    model_version: str
    workers: int


def engines() -> list[Engine]:
    """Which versions read photos now, and how many workers of each; more than one during an upgrade."""
    seen = Counter(workers.there().values_list("engine_version", "model_version"))
    return [Engine(engine, model, count) for (engine, model), count in sorted(seen.items())]


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
    done = Analysis.objects.filter(status=Status.DONE, finished_at__isnull=False).order_by("-finished_at")
    rows: list[Row] = list(done.values_list(*FIELDS)[:RECENT])
    taken = [_finished(row).seconds for row in rows]
    by_stage = {stage: [seconds[stage] * 1e3 for seconds in taken if stage in seconds] for stage in STAGES}
    return [
        Duration(stage, statistics.median(ms), statistics.quantiles(ms, n=20, method="inclusive")[-1])
        for stage, ms in by_stage.items()
        if len(ms) > 1
    ]
