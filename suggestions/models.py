"""The catalogue, and what people say about it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from analysis.engine import EMOTIONS
from analysis.models import Analysis

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

OLDEST = 120


class Kind(models.TextChoices):
    """What sort of thing an item is."""

    MUSIC = "music", "music"
    FILM = "film", "film"
    BOOK = "book", "book"
    ACTIVITY = "activity", "activity"


def validate_emotions(value: Any) -> None:
    """A mapping from names of expressions to weights from 0 to 1, at least one above 0."""
    if not isinstance(value, dict) or not value:
        raise ValidationError("Give at least one expression with a weight, as {“happiness”: 0.8}.")
    if unknown := sorted(set(value) - set(EMOTIONS)):
        raise ValidationError(f"These are no expressions: {', '.join(unknown)}. Choose from {', '.join(EMOTIONS)}.")
    weights = list(value.values())
    if not all(isinstance(weight, int | float) and not isinstance(weight, bool) for weight in weights):
        raise ValidationError("Every weight must be a number.")
    if not all(0 <= weight <= 1 for weight in weights) or not any(weights):
        raise ValidationError("Weights lie between 0 and 1, and at least one is above 0.")


class CatalogueItem(models.Model):
    """Something to suggest, described in our own words. No personal data.

    Items with a `source_digest` come from the files in `suggestions/catalogue`; `suggestions.loading` keeps them.
    """

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=120)
    by = models.CharField(max_length=80, blank=True, help_text="Who made it, where a real work is named.")
    description = models.CharField(max_length=300)
    emotions = models.JSONField(
        validators=[validate_emotions], help_text="How well it goes with each expression shown, 0 to 1."
    )
    age_from = models.PositiveSmallIntegerField("suits from", validators=[MaxValueValidator(OLDEST)])
    age_to = models.PositiveSmallIntegerField("suits to", validators=[MaxValueValidator(OLDEST)])
    minimum_age = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(OLDEST)], help_text="0: fit for every child. 18: adults only."
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it takes, if that is clear.")
    standing = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="The editors' order, 0 to 1; from 0.7 on it is called an editors' pick.",
    )
    active = models.BooleanField(default=True, help_text="Only active items are suggested.")
    source_digest = models.CharField(max_length=64, blank=True, editable=False)

    feedback: "RelatedManager[Feedback]"

    class Meta:
        ordering = ("kind", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(age_from__lte=F("age_to")),
                name="item_ages_in_order",
                violation_error_message="“Suits from” must not lie above “suits to”.",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__lte=F("age_from")),
                name="item_floor_below_ages",
                violation_error_message="What has a minimum age cannot suit people below it.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class FeedbackKind(models.TextChoices):
    """What a person says about an item."""

    NOT_FOR_ME = "not_for_me", "not for me"
    LIKED = "liked", "more like this"


class Feedback(models.Model):
    """A person's word on an item; the latest one counts, and taking it back removes the row.

    Personal data: what a person likes and dislikes, when they said so and at which photo. Erased with the person by
    cascade, or by the person with `suggestions.services.reset_feedback`; the link to a photo goes with the photo.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suggestion_feedback")
    item = models.ForeignKey(CatalogueItem, on_delete=models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=10, choices=FeedbackKind)
    analysis = models.ForeignKey(Analysis, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ("-created_at", "-id")
        constraints = (models.UniqueConstraint(fields=("person", "item"), name="feedback_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.item_id}"


class Preference(models.Model):
    """What a person wants to see and whether their photos may count; without a row the defaults hold.

    Personal data: the kinds of things a person asked for. Erased with the person by cascade.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suggestion_preference"
    )
    kinds = models.JSONField(default=list, blank=True, help_text="Kinds wanted; none chosen means all.")
    use_photos = models.BooleanField("use what my photos show", default=True)

    def __str__(self) -> str:
        return f"preference of {self.person_id}"
