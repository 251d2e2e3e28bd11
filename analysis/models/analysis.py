"""One run of the engine over one photo: the job."""

import uuid
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import models
from django.db.models import Case, Prefetch, Q, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

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
    queued, running -> cancelled: the owner or an administrator stops it; a result that comes later is refused.
    failed, cancelled -> queued: the owner or an administrator retries; attempts start anew.
    """

    QUEUED = "queued", "waiting"
    RUNNING = "running", "being read"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "stopped"


FINISHED: Final = (Status.DONE, Status.FAILED, Status.CANCELLED)
UNFINISHED: Final = (Status.QUEUED, Status.RUNNING)
MARK_SALT: Final = "analysis.mark"
MARK_LENGTH: Final = 12
WAITS: Final = Q(status=Status.QUEUED)


class Lane(models.IntegerChoices):
    """Which part of the line an analysis waits in; a lower one goes first."""

    INTERACTIVE = 0, "somebody waits for it"
    BATCH = 1, "many at once"
    RERUN = 2, "read again by newer models"


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    """Selections of analyses that several rooms need."""

    def best_first(self) -> "AnalysisQuerySet":
        """Of one photo: what is shown of it comes first, that is the newest result or, without one, the newest."""
        return self.order_by(Case(When(status=Status.DONE, then=0), default=1), "-pk")

    def with_faces(self) -> "AnalysisQuerySet":
        """With faces and their corrections and reviews at hand: two queries more."""
        from analysis.models.face import Face

        faces = Face.objects.select_related("review").prefetch_related("corrections")
        return self.prefetch_related(Prefetch("faces", queryset=faces))


class Analysis(models.Model):
    """The job and its outcome; its status column is the truth, the broker's message only a doorbell.

    Personal data: whose it is, what was read from the photo, the id of the request that brought it. Erased with the
    photo.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="analyses")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="analyses",
        help_text="The photo's, for the line.",
    )
    earlier = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", help_text="The result that this is to replace."
    )
    request_id = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.INTERACTIVE)
    turn = models.PositiveBigIntegerField(default=0, help_text="Place within the lane; see analysis.line.")
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
    last_error = models.CharField(max_length=200, blank=True, help_text="Of the last attempt, for operators.")
    timings_ms = models.JSONField(default=dict)

    objects = AnalysisQuerySet.as_manager()
    faces: "RelatedManager[Face]"

    class Meta:
        verbose_name_plural = "analyses"
        ordering = ("-id",)
        # what is under way is a few thousand rows among millions: partial indexes hold only those
        indexes = (
            models.Index(fields=("lane", "turn", "id"), name="analysis_line", condition=WAITS),
            models.Index(fields=("owner", "lane", "turn"), name="analysis_waiting_of", condition=WAITS),
            models.Index(fields=("queued_at",), name="analysis_oldest", condition=WAITS),
            models.Index(fields=("lease_until",), name="analysis_leases", condition=Q(status=Status.RUNNING)),
            models.Index(fields=("failure_code", "-id"), name="analysis_failures", condition=Q(status=Status.FAILED)),
            models.Index(fields=("photo", "-id"), name="analysis_of_photo"),
            models.Index(fields=("finished_at",), name="analysis_finished"),
            models.Index(fields=("model_version", "id"), name="analysis_models"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("photo",), condition=Q(status__in=UNFINISHED), name="analysis_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"analysis {self.uuid} ({self.status})"

    @property
    def mark(self) -> str:
        """What the logs call it: found from the row, and leading nowhere once the row is erased."""
        return salted_hmac(MARK_SALT, str(self.uuid), algorithm="sha256").hexdigest()[:MARK_LENGTH]

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in FINISHED

    @property
    def seconds(self) -> float | None:
        """From upload to outcome, or None while it is under way."""
        return (self.finished_at - self.queued_at).total_seconds() if self.finished_at else None
