"""One run of the engine over one photo: the job."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from analysis.models.photo import Photo

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from analysis.models.face import Face


class Status(models.TextChoices):
    """Where an analysis is.

    queued -> running: a worker claims it, which counts an attempt and sets a lease.
    running -> done: the worker that holds the lease stores the faces.
    running -> failed: the photo cannot be read, or the attempts are used up.
    running -> queued: the lease ran out, or an error that may pass; the sweep rings again.
    failed -> queued: the owner or an administrator retries; attempts start anew.
    """

    QUEUED = "queued", "waiting"
    RUNNING = "running", "being read"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class Analysis(models.Model):
    """The job and its outcome; its status column is the truth, the broker's message only a doorbell.

    Personal data: what was read from the photo. Erased with the photo.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="analyses")
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False, help_text="Of the worker that may store the result.")
    lease_until = models.DateTimeField(null=True, editable=False)
    queued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="Not to be run before; later after a failure.")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=60, blank=True)
    model_version = models.CharField(max_length=60, blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=300, blank=True)
    timings_ms = models.JSONField(default=dict)

    faces: "RelatedManager[Face]"

    class Meta:
        verbose_name_plural = "analyses"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("status", "due_at"), name="analysis_due"),
            models.Index(fields=("photo", "-id"), name="analysis_of_photo"),
            models.Index(fields=("finished_at",), name="analysis_finished"),
        )

    def __str__(self) -> str:
        return f"analysis {self.uuid} ({self.status})"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in {Status.DONE, Status.FAILED}

    @property
    def seconds(self) -> float | None:
        """From upload to outcome, or None while it is under way."""
        return (self.finished_at - self.queued_at).total_seconds() if self.finished_at else None
