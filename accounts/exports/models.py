"""An archive on its way."""

import uuid
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone


class State(models.TextChoices):
    """Where an archive is.

    queued -> running: the chore claims it, which counts an attempt and sets a lease.
    running -> ready: the holder of the lease stored the file.
    running -> queued: the lease ran out, or an error that may pass; with no attempts left it becomes failed.
    ready -> expired: its time is over; the file goes, the row a while after.
    """

    QUEUED = "queued", "waiting"
    RUNNING = "running", "being made"
    READY = "ready", "ready"
    FAILED = "failed", "failed"
    EXPIRED = "expired", "expired"


UNDER_WAY: Final = (State.QUEUED, State.RUNNING)


def _storage() -> Any:
    return storages["default"]


def _path(export: "DataExport", name: str) -> str:  # noqa: ARG001
    return f"exports/{export.uuid.hex[:2]}/{export.uuid}.zip"


class DataExport(models.Model):
    """A person's archive of everything that is kept about them.

    Personal data: all of it, in the file. The file goes after KEPT_DAYS (chore "exports"), both with the person.
    """

    KEPT_DAYS: Final = 7

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    files_done = models.PositiveIntegerField(default=0)
    files_total = models.PositiveIntegerField(null=True, help_text="None before it was counted.")
    file = models.FileField(storage=_storage, upload_to=_path, max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the archive.")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("id",), name="export_line", condition=Q(state__in=UNDER_WAY)),
            models.Index(fields=("expires_at",), name="export_ends", condition=Q(state=State.READY)),
        )
        constraints = (
            models.UniqueConstraint(fields=("person",), condition=Q(state__in=UNDER_WAY), name="export_one_at_a_time"),
        )

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether it becomes something by itself."""
        return self.state in UNDER_WAY
