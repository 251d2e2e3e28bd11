"""What people agreed to: a ledger that is only added to, and what holds now."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.consent.purposes import NOTICE_VERSION, Purpose


class Via(models.TextChoices):
    """How something was said."""

    PAGE = "page", "on the consent page"
    API = "api", "by a program with a token"
    INSTALLATION = "installation", "switched off for everybody here"


class ConsentEntry(models.Model):
    """Somebody said yes or no to a purpose; the last entry for it counts. Never changed.

    Personal data: what a person agreed to, when and how. Erased with the person by cascade.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consent_entries")
    purpose = models.CharField(max_length=11, choices=Purpose)
    granted = models.BooleanField()
    notice_version = models.PositiveSmallIntegerField(default=NOTICE_VERSION, help_text="Of the notice they had read.")
    via = models.CharField(max_length=12, choices=Via)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "consent entries"
        ordering = ("-id",)
        indexes = (models.Index(fields=("person", "-id"), name="consent_history"),)

    def __str__(self) -> str:
        return f"consent {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. Raises TypeError for an entry that is there already."""
        if self.pk is not None and not self._state.adding:
            raise TypeError("an entry of the ledger is not changed: add another")
        super().save(*args, **kwargs)


class Consent(models.Model):
    """What a person says to a purpose now; without a row they were not asked, which is no.

    `to_clear`: they said no, and what hung on it may not be removed completely yet (`accounts.consent.clearing`).

    Personal data: what a person agreed to. Erased with the person by cascade.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=11, choices=Purpose)
    granted = models.BooleanField()
    to_clear = models.BooleanField(default=False)

    class Meta:
        ordering = ("person_id", "purpose")
        constraints = (models.UniqueConstraint(fields=("person", "purpose"), name="consent_once"),)
        indexes = (models.Index(fields=("id",), name="consent_to_clear", condition=Q(to_clear=True)),)

    def __str__(self) -> str:
        return f"consent of {self.person_id} to {self.purpose}"
