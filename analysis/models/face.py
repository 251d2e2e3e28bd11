"""Faces, what their owners say about them and what reviewers decide."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.consent.purposes import Purpose
from accounts.consent.services import attributes_allowed, granted_by
from analysis.engine import EMOTIONS
from analysis.models.analysis import Analysis

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.fields.related_descriptors import RelatedManager

    from accounts.models import User

GENDERS = (("female", "female"), ("male", "male"))
EMOTION_CHOICES = tuple((name, name) for name in EMOTIONS)
OLDEST = 120


def _storage() -> Any:
    return storages["default"]


def _crop_path(face: "Face", name: str) -> str:  # noqa: ARG001
    return f"faces/{face.uuid.hex[:2]}/{face.uuid}.jpg"


class FaceQuerySet(models.QuerySet["Face"]):
    """Selections of faces that several rooms need."""

    def viewable_by(self, user: "User | AnonymousUser") -> "FaceQuerySet":
        """Faces whose picture `user` may see: in their own photos, and for a reviewer those that may be reviewed."""
        if user.is_authenticated and user.is_active and user.has_perm("analysis.view_photo"):
            return self.filter(Q(analysis__owner=user) | Q(granted_by("analysis__owner", Purpose.IMPROVEMENT)))
        return self.owned_by(user)

    def owned_by(self, user: "User | AnonymousUser") -> "FaceQuerySet":
        """Faces in photos that `user` uploaded."""
        return self.filter(analysis__photo__owner_id=user.pk) if user.is_authenticated else self.none()


class Face(models.Model):
    """One face found in a photo; never anything by which it could be recognised in another (no embedding).

    An attribute that its owner has not agreed to was not estimated, or its estimate was removed: `age_years`,
    `gender_confidence` and `probabilities` are None then.

    Personal data: estimates about a person; a picture of the face alone where only that is kept of the photo. Erased
    with the photo.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="faces")
    index = models.PositiveSmallIntegerField(help_text="0 is the largest face of the photo.")
    x = models.FloatField(help_text="Pixels of the upright photo.")
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    landmarks = models.JSONField(null=True, help_text="Five points in pixels, or none.")
    quality = models.JSONField(default=dict, help_text="What was measured, and the codes of why it is hard to read.")
    age_years = models.FloatField(null=True)
    age_low = models.FloatField(null=True)
    age_high = models.FloatField(null=True)
    age_widening = models.FloatField(default=1.0, help_text="How many times wider the interval is for the quality.")
    age_bucket = models.CharField(
        max_length=8, blank=True, help_text="Nearest of the original system's eight groups, as 21-28."
    )
    gender = models.CharField(max_length=6, choices=GENDERS, blank=True, help_text="Empty: not sure.")
    gender_confidence = models.FloatField(null=True)
    emotion = models.CharField(max_length=10, choices=EMOTION_CHOICES, blank=True, help_text="Empty: not sure.")
    emotion_confidence = models.FloatField(null=True)
    probabilities = models.JSONField(null=True, help_text="Of all eight expressions; they sum to 1.")
    crop = models.FileField(
        storage=_storage, upload_to=_crop_path, max_length=120, blank=True, default="", db_default=""
    )

    objects = FaceQuerySet.as_manager()
    corrections: "RelatedManager[Correction]"

    class Meta:
        ordering = ("analysis_id", "index")
        indexes = (models.Index(fields=("emotion_confidence",), name="face_least_sure"),)
        constraints = (models.UniqueConstraint(fields=("analysis", "index"), name="face_once"),)

    def __str__(self) -> str:
        return f"face {self.index + 1}"

    @property
    def attributes(self) -> frozenset[str]:
        """Which were estimated."""
        told = {"age": self.age_years, "gender": self.gender_confidence, "emotion": self.probabilities}
        return frozenset(name for name, value in told.items() if value is not None)


class Statement(models.Model):
    """What a person says a face shows; empty fields say nothing."""

    age_years = models.PositiveSmallIntegerField(
        "age", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(OLDEST)]
    )
    gender = models.CharField(max_length=6, choices=GENDERS, blank=True)
    emotion = models.CharField("expression shown", max_length=10, choices=EMOTION_CHOICES, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Correction(Statement):
    """The owner says "this is wrong". Personal data: what they say. Erased with the photo or the person."""

    face = models.ForeignKey(Face, on_delete=models.CASCADE, related_name="corrections")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections")
    not_a_face = models.BooleanField("this is not a face", default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Verdict(models.TextChoices):
    """What a reviewer decided about a face."""

    ACCEPTED = "accepted", "accepted"
    CORRECTED = "corrected", "corrected"
    UNUSABLE = "unusable", "unusable"


class Review(Statement):
    """A reviewer's decision on a face, with its history. Personal data: the reviewer's name. Erased with the photo."""

    face = models.OneToOneField(Face, on_delete=models.CASCADE, related_name="review")
    verdict = models.CharField(max_length=9, choices=Verdict)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reviews")
    reviewed_at = models.DateTimeField(default=timezone.now)

    history = HistoricalRecords(cascade_delete_history=True)

    def __str__(self) -> str:
        return f"review: {self.verdict}"

    def clean(self) -> None:
        """What is said must be about what the owner agrees to, and a correction must say something.

        Raises ValidationError: else it would reach the owner as an empty sentence.
        """
        allowed = attributes_allowed(self.face.analysis.owner_id)
        said = {"age_years": ("age", self.age_years), "gender": ("gender", self.gender)}
        said["emotion"] = ("emotion", self.emotion)
        refused = [field for field, (name, value) in said.items() if value not in (None, "") and name not in allowed]
        if refused:
            raise ValidationError(dict.fromkeys(refused, "The owner does not agree to this. Leave it empty."))
        if self.verdict == Verdict.CORRECTED and self.age_years is None and not (self.gender or self.emotion):
            raise ValidationError({"verdict": "Say what is right: an age, a gender or an expression."})
