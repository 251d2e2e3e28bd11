"""Reading all of a person's photos again in one go."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Renewal(models.Model):
    """How many photos of a person could be read again to their gain, and their wish that all of them are.

    The photos are gone through from the newest on, a part at a time (`analysis.renewal`): to count them, and once more
    to queue them when `asked_at` is set. `last_time` and `last_photo` are of the last one that was gone through.

    Personal data: whose it is, how many of their photos lack something, when they asked. Erased with the person by
    cascade.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="renewal")
    ledger = models.BigIntegerField(default=0, help_text="Their newest entry about consent when this began.")
    versions = models.JSONField(default=list, help_text="What photos were read with when this began.")
    began_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, help_text="When they wanted it; none: it is only counted.")
    through_at = models.DateTimeField(null=True, help_text="When the last photo was gone through.")
    last_time = models.DateTimeField(null=True)
    last_photo = models.BigIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0, help_text="Photos that were gone through.")
    found = models.PositiveIntegerField(default=0, help_text="Those that could be read again, as they were counted.")
    lacking = models.PositiveIntegerField(default=0, help_text="Of these, those read before something was agreed to.")
    without_picture = models.PositiveIntegerField(default=0, help_text="Left out: their picture was not kept.")
    queued = models.PositiveIntegerField(default=0, help_text="Put into the line since they asked.")

    class Meta:
        indexes = (models.Index(fields=("began_at",), name="renewal_to_do", condition=Q(through_at=None)),)

    def __str__(self) -> str:
        return f"renewal {self.pk}"
