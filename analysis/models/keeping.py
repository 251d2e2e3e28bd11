"""What stays of a photo once it was read, and for how long."""

from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

LONGEST_DAYS: Final = 3650


class Keep(models.TextChoices):
    """What stays of a photo once it was read; the results always do."""

    PHOTO = "photo", "the whole photo"
    FACES = "faces", "only the faces, cut out of it"
    RESULTS = "results", "only the results, no picture"


MUCH: Final = (Keep.RESULTS, Keep.FACES, Keep.PHOTO)
"""From the least to the most."""


class Keeping(models.Model):
    """What a person wants kept of the photos that they send from now on; without a row, as much as is allowed.

    Personal data: that choice. Erased with the person by cascade.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keeping")
    keep = models.CharField("what stays", max_length=7, choices=Keep, default=Keep.PHOTO)
    days = models.PositiveIntegerField(
        "for how many days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)],
        help_text="Counted from the upload. None: until it is deleted.",
    )

    def __str__(self) -> str:
        return f"keeping of {self.person_id}"
