"""`/metrics` for Prometheus: there only with a token, whole whichever web process answers."""

import hmac
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts import chores
from accounts.models import OrphanCheck
from accounts.webhooks import figures as webhooks
from analysis import metrics as figures
from analysis import workers
from facet import health, instruments


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever knows FACET_METRICS_TOKEN; without that setting there is nothing here."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _knows_the_token(request):
        return HttpResponse("Send FACET_METRICS_TOKEN as a bearer token.\n", "text/plain", 401, headers=CHALLENGE)
    registry = CollectorRegistry()
    parts = health.parts()
    registry.register(Now(parts))
    registry.register(SinceStart(catch_up=parts["database"]))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


CHALLENGE = {"WWW-Authenticate": 'Bearer realm="metrics"'}


def _knows_the_token(request: HttpRequest) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    return kind.lower() == "bearer" and same


class SinceStart(Collector):
    """Counters and histograms since the web server started."""

    def __init__(self, *, catch_up: bool) -> None:
        """A database that is away or hangs is not asked: it is caught up with later."""
        self._catch_up = catch_up

    def collect(self) -> Iterable[Metric]:
        """The sums over all processes of this web server."""
        shared = instruments.shared()
        if self._catch_up:
            with suppress(DatabaseError):
                shared.catch_up()
        return shared.collect()


class Now(Collector):
    """How things stand, asked from the database and the parts."""

    def __init__(self, parts: dict[str, bool]) -> None:
        """`parts` as in facet.health."""
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """Gauges; without those of the database while that is away."""
        ready = GaugeMetricFamily("facet_ready", "1 when a part can serve.", labels=["part"])
        for part, good in self._parts.items():
            ready.add_metric([part], float(good))
        yield ready
        if self._parts["database"]:
            with suppress(DatabaseError):
                yield from [*_queue(), *_speed(), *_workers(), *_refused(), *_chores(), *_orphans(), *_webhooks()]
        yield from _space()


def _queue() -> Iterator[Metric]:
    found = figures.queue()
    depth = GaugeMetricFamily("facet_analyses", "Analyses that are not done.", labels=["status"])
    for status in ("waiting", "delayed", "running", "failed"):
        depth.add_metric([status], getattr(found, status))
    yield depth
    yield GaugeMetricFamily("facet_oldest_waiting_seconds", "Age of the oldest that waits.", value=found.oldest_s)
    lanes = GaugeMetricFamily("facet_waiting", "Analyses in the line, by lane.", labels=["lane"])
    for lane, count in found.lanes.items():
        lanes.add_metric([lane.name.lower()], count)
    yield lanes
    yield GaugeMetricFamily("facet_queue_max", "How many may wait.", value=settings.QUEUE_MAX)
    yield GaugeMetricFamily("facet_given_up", "Analyses whose attempts were used up.", value=found.given_up)


def _speed() -> Iterator[Metric]:
    """Without a value while nobody knows: zero would be a lie and set off alarms."""
    speed = figures.speed()
    yield GaugeMetricFamily("facet_pace_per_second", "Photos that the workers there can read.", value=speed.per_second)
    yield GaugeMetricFamily("facet_next_read_seconds", "Until a photo sent now is read.", value=speed.next_s)


def _workers() -> Iterator[Metric]:
    engines = figures.engines()
    count = sum(engine.workers for engine in engines)
    yield GaugeMetricFamily("facet_workers", "Worker processes with warm models, seen lately.", value=count)
    info = GaugeMetricFamily(
        "facet_engine_info", "Workers by the versions they read with.", labels=["engine_version", "model_version"]
    )
    for engine in engines:
        info.add_metric([engine.engine_version, engine.model_version], engine.workers)
    yield info


def _refused() -> Iterator[Metric]:
    count = CounterMetricFamily("facet_messages_refused", "Messages that workers did not act on.", labels=["reason"])
    for reason, times in workers.refused().items():
        count.add_metric([reason], times)
    yield count


def _chores() -> Iterator[Metric]:
    """One that never ran has no time, but is overdue."""
    success = GaugeMetricFamily(
        "facet_chore_last_success_timestamp_seconds", "When a chore was last done, since 1970.", labels=["chore"]
    )
    taken = GaugeMetricFamily("facet_chore_duration_seconds", "Time that its last run took.", labels=["chore"])
    overdue = GaugeMetricFamily("facet_chore_overdue", "1 when it should have been done since.", labels=["chore"])
    for state in chores.states():
        if state.succeeded_at is not None:
            success.add_metric([state.name], state.succeeded_at.timestamp())
        if state.seconds is not None:
            taken.add_metric([state.name], state.seconds)
        overdue.add_metric([state.name], float(state.overdue))
    yield from (success, taken, overdue)


def _orphans() -> Iterator[Metric]:
    """Of the last look at storage and rows; without values before the first."""
    last = OrphanCheck.objects.first()
    age = (timezone.now() - last.ended_at).total_seconds() if last else None
    without_rows = last.files_without_rows - last.removed if last else None
    without_files = last.rows_without_files if last else None
    yield GaugeMetricFamily("facet_files_without_rows", "Found by the last look, and still there.", value=without_rows)
    yield GaugeMetricFamily("facet_rows_without_files", "Found by the last look.", value=without_files)
    yield GaugeMetricFamily("facet_orphans_looked_seconds", "Since the last look.", value=age)


def _webhooks() -> Iterator[Metric]:
    found = webhooks.outbox()
    messages = GaugeMetricFamily("facet_webhook_outbox", "Messages that wait, new or failed before.", labels=["state"])
    for state in ("waiting", "retrying"):
        messages.add_metric([state], getattr(found, state))
    yield messages
    bad = GaugeMetricFamily("facet_webhooks_troubled", "Webhooks at which nothing arrives.", labels=["state"])
    for state in ("failing", "switched_off"):
        bad.add_metric([state], getattr(found, state))
    yield bad


def _space() -> Iterator[Metric]:
    """Of the photos' disk; a storage elsewhere has its own figures."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    try:
        usage = shutil.disk_usage(settings.MEDIA_ROOT)
    except OSError:
        return
    yield GaugeMetricFamily("facet_media_free_bytes", "Free space where photos are kept.", value=usage.free)
    yield GaugeMetricFamily("facet_media_size_bytes", "Size of the disk where photos are kept.", value=usage.total)
