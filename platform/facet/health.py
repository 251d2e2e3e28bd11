"""For load balancers, monitoring and people: is the web server alive, and can the whole path serve?"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis import workers
from facet.celery import app
from facet.probes import Probe

WITHIN_S: Final = 1.5
"""Seconds after which a part that has not answered is missing."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 while this process answers."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when a photo can be taken, kept and read; else 503 with the parts that are missing and what to do.

    `?parts=database,storage` asks only these: who decides whether this one web server may get requests must not ask
    for what all of them share and can do without, or they all go at once. An unknown part is 400.
    """
    asked = [name for name in request.GET.get("parts", "").split(",") if name]
    unknown = sorted(set(asked) - {probe.name for probe in PROBES})
    if unknown:
        return JsonResponse({"unknown": unknown, "parts": [probe.name for probe in PROBES]}, status=400)
    missing = [name for name, good in parts(asked).items() if not good]
    if "database" in missing and "worker" in missing:  # the database is where workers are known from
        missing.remove("worker")
    advice = {probe.name: probe.what_to_do for probe in PROBES if probe.name in missing}
    body = {"status": "not ready" if missing else "ready", "missing": missing, "what_to_do": advice}
    return JsonResponse(body, status=503 if missing else 200)


def parts(names: Iterable[str] = ()) -> dict[str, bool]:
    """Each part by name, or those of `names`, and whether it can serve; within WITHIN_S."""
    deadline = time.monotonic() + WITHIN_S
    wanted = set(names)
    probes = [probe for probe in PROBES if not wanted or probe.name in wanted]
    here = {DATABASE, WORKER} if connection.vendor == "sqlite" else set()  # a local file, read without locks
    for probe in probes:
        if probe not in here:
            probe.start()
    return {probe.name: probe.ask_here() if probe in here else probe.good(deadline) for probe in probes}


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() is not None


def _broker() -> bool:
    """Whether it takes messages: the embedded one is a folder, any other has to accept a connection."""
    if settings.BROKER_URL.startswith("filesystem:"):
        return _writable(settings.BROKER_DIR)
    with app.connection_for_write() as there:
        there.connect()
    return True


def _writable(folder: Path) -> bool:
    """Writes and flushes, since a full disk shows only then. Raises OSError."""
    with NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
        probe.write(b"probe")
        probe.flush()
        os.fsync(probe.fileno())
    return True


def _media() -> bool:
    """Whether the storage keeps a small file and lets go of it. Raises what the storage raises."""
    default_storage.delete(default_storage.save("probe", ContentFile(b"probe")))
    return True


DATABASE: Final = Probe(
    "database", _database, fresh_s=1.0,
    what_to_do="Start the database, and check DATABASE_URL. Nothing is lost; pages fail until it is back.",
)  # fmt: skip
BROKER: Final = Probe(
    "broker", _broker,
    what_to_do="Start the broker, and check FACET_BROKER_URL. Uploads are accepted meanwhile and read later.",
)  # fmt: skip
WORKER: Final = Probe(
    "worker", workers.any_there, fresh_s=1.0,
    what_to_do="Start a worker, or read the log of the one that runs: its models may not load. Photos wait meanwhile.",
)  # fmt: skip
STORAGE: Final = Probe(
    "storage", _media,
    what_to_do="Make room on the disk of FACET_MEDIA_DIR, or let the web server write there. Uploads fail meanwhile.",
)  # fmt: skip
PROBES: Final = (DATABASE, BROKER, WORKER, STORAGE)
