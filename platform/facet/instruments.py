"""Counters that only go up, kept by the processes of one web server together in small files of their own.

The rows of the database cannot tell them: HTTP requests leave none, and an analysis disappears with its photo, while a
counter that falls looks to Prometheus like a restart. See docs/decisions/0010-metrics.md.
"""

import fcntl
import os
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from prometheus_client import Counter, Histogram, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.webhooks import figures as webhooks
from analysis.metrics import CAUSES, CODES, STAGES, Finished, finished_between

HTTP_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STAGE_BUCKETS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Seconds: a stage of the engine takes milliseconds, a wait behind a backlog may take an hour."""


class Instruments:
    """The counters of one web server, whatever the number of its processes."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which is made. Figures of this kind start at zero with the server, as usual."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # for all made below
        self._requests = Counter(
            "facet_http_requests", "HTTP requests answered.", ("route", "method", "status"), registry=None
        )
        self._latency = Histogram(
            "facet_http_request_seconds", "Time to answer a request.", ("route",), registry=None, buckets=HTTP_BUCKETS
        )
        self._finished = Counter(
            "facet_analyses_finished", "Analyses with an outcome.", ("outcome", "code"), registry=None
        )
        self._repeated = Counter(
            "facet_analyses_repeated", "Analyses that took more than one attempt.", ("cause",), registry=None
        )
        self._deliveries = Counter(
            "facet_webhook_deliveries", "Messages to webhooks with an outcome.", ("outcome",), registry=None
        )
        self._stages = Histogram(
            "facet_analysis_seconds", "Time that an analysis spent in a stage.", ("stage",),
            registry=None, buckets=STAGE_BUCKETS,
        )  # fmt: skip
        self._announce()
        with self._cursor() as (since, move):
            move(since)

    def _announce(self) -> None:
        """Series that appear only with their first event hide that event from increase() and rate()."""
        self._finished.labels("done", "")
        self._finished.labels("cancelled", "")
        for code in CODES:
            self._finished.labels("failed", code)
        for cause in CAUSES:
            self._repeated.labels(cause)
        for outcome in webhooks.OUTCOMES:
            self._deliveries.labels(outcome)
        for stage in STAGES:
            self._stages.labels(stage)

    def request(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(route, method, str(status)).inc()
        self._latency.labels(route).observe(seconds)

    def catch_up(self) -> int:
        """Count what was finished and delivered since it was counted last; how many analyses. One at a time does it."""
        with self._cursor() as (since, move):
            found, until = finished_between(since, timezone.now())
            move(until)
            for analysis in found:
                self._add(analysis)
            for outcome, number in webhooks.ended_between(since, until).items():
                self._deliveries.labels(outcome).inc(number)
            return len(found)

    def _add(self, analysis: Finished) -> None:
        self._finished.labels(analysis.outcome, analysis.code).inc()
        if analysis.repeated:
            self._repeated.labels(analysis.repeated).inc()
        for stage, seconds in analysis.seconds.items():
            self._stages.labels(stage).observe(seconds)

    @contextmanager
    def _cursor(self) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        """Until when analyses have been counted, and how to move that on; starts with now. Others wait meanwhile."""
        with (self._folder / "counted-until").open("a+", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            handle.seek(0)
            text = handle.read()

            def move(until: datetime) -> None:
                handle.truncate(0)
                handle.write(until.isoformat())
                handle.flush()

            yield (datetime.fromisoformat(text) if text else timezone.now()), move

    def collect(self) -> Iterable[Metric]:
        """The sums over all processes; for a registry of prometheus_client."""
        return MultiProcessCollector(None, path=str(self._folder)).collect()  # type: ignore[no-untyped-call,no-any-return]


@lru_cache(maxsize=1)
def shared() -> Instruments:
    """Those of the web server that this process belongs to: its processes are children of one parent."""
    folder: Path = settings.METRICS_DIR
    host = socket.gethostname()
    _forget_ended_servers(folder, host)
    return Instruments(folder / f"{host}-{os.getppid()}")


def _forget_ended_servers(folder: Path, host: str) -> None:
    """Remove what servers on this host left that no longer run."""
    for left in folder.glob(f"{host}-*"):
        number = left.name.removeprefix(f"{host}-")
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
