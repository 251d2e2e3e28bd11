"""The system at a glance: what waits, who reads, what failed, how long it takes and how much room is left."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Sum
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import chores
from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from accounts.models import OrphanCheck
from analysis import metrics, workers
from analysis.admin.base import ReadOnlyAdmin, administers
from analysis.engine import EngineError, manifest_document
from analysis.models import Lane, Photo, Worker

LATELY: Final = timedelta(days=1)
LITTLE_ROOM: Final = 0.1
"""Share of the disk under which the page says that room gets short."""

KEPT_S: Final = 600
"""For how long the sum over all photos is remembered: it reads every row."""

STAGES: Final = {
    "decode": "Decode the photo",
    "detect": "Find faces",
    "attributes": "Estimate",
    "wait": "Wait for a worker",
    "total": "Upload to outcome",
}


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    """One page instead of a list of rows, for administrators only."""

    def sights(self, thing: Worker, kind: Kind) -> Iterable[Seen]:
        """Nothing of anybody's."""
        return ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Reviewers judge faces; hosts and failures are not theirs."""
        return administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Workers come and go by themselves."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The glance."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | facts()
        return TemplateResponse(request, "admin/analysis/glance.html", context)


def facts() -> dict[str, Any]:
    """What the page shows."""
    done, failures = metrics.outcomes(LATELY)
    queue, states = metrics.queue(), chores.states()
    return {
        "title": "System at a glance",
        "now": timezone.now(),
        "queue": queue,
        "lanes": [(lane, Lane(lane).label, count) for lane, count in queue.lanes.items()],
        "most": settings.QUEUE_MAX,
        "speed": metrics.speed(),
        "done": done,
        "failures": [{"code": code, "words": code.replace("_", " "), "count": count} for code, count in failures],
        "durations": [(STAGES[found.stage], found) for found in metrics.durations()],
        "recent": metrics.RECENT,
        "workers": Worker.objects.order_by("host", "pid"),
        "seen_since": timezone.now() - workers.MISSED_AFTER,
        "chores": states,
        "overdue": sum(state.overdue for state in states),
        "released": _released(),
        "photos": cache.get_or_set("glance.photos", _bytes_of_photos, KEPT_S),
        "space": Space.of_media(),
        "check": OrphanCheck.objects.first(),
    }


def _bytes_of_photos() -> int:
    return Photo.objects.aggregate(bytes=Sum("size"))["bytes"] or 0


def _released() -> str:
    """The weights that are installed, as the manifest names them; empty when it cannot be read."""
    try:
        model = manifest_document()["attributes"]
    except (EngineError, KeyError):
        return ""
    return f"{model['name']}-{model['version']}"


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes on the disk where photos are kept."""

    free: int
    total: int

    @property
    def is_little(self) -> bool:
        """Whether somebody should make room."""
        return self.free < LITTLE_ROOM * self.total

    @classmethod
    def of_media(cls) -> "Space | None":
        """None for a storage that is no disk of this host, or before the first photo."""
        if not isinstance(default_storage, FileSystemStorage):
            return None
        try:
            usage = shutil.disk_usage(settings.MEDIA_ROOT)
        except OSError:
            return None
        return cls(usage.free, usage.total)
