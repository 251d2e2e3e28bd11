"""Where somebody wants to be told, and what is or was to be told there."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.webhooks.events import Event


class Disabled(models.TextChoices):
    """Why nothing is sent; the label says what to do."""

    OWNER = "owner", "You switched it off."
    GONE = "gone", "The receiver answered 410 Gone, so it wants no more. Switch it on again if that was a mistake."
    FAILING = "failing", "For days nothing arrived. Look below at what the receiver answered, mend it, switch it on."
    SECRET = "secret", "The installation has another key now and cannot read its secret. Make a new one, switch it on."


class Webhook(models.Model):
    """An address of somebody's program that wants to be told.

    Personal data: the address, which may hold a key of the receiver's; the secrets, encrypted. Erased with the person
    or by hand.
    """

    MOST: Final = 10
    """Of one person."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=500)
    site = models.CharField(max_length=300, help_text="Of this installation, as its owner calls it: for links.")
    events = models.JSONField(default=list, help_text="A list of `Event`.")
    secret = models.TextField(editable=False, help_text="Encrypted; see accounts.webhooks.vault.")
    earlier_secret = models.TextField(blank=True, editable=False, help_text="Signs too until `earlier_until`.")
    earlier_until = models.DateTimeField(null=True)
    disabled = models.CharField(max_length=7, choices=Disabled, blank=True, help_text="Empty: it is on.")
    disabled_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="One after the other, until now.")
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True, help_text="After a failure nothing is tried for a while.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"webhook {self.pk}"

    @property
    def is_on(self) -> bool:
        """Whether it is told anything."""
        return not self.disabled

    @property
    def host(self) -> str:
        """The address for lists: without the path, which may hold a key."""
        return self.url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0]


class State(models.TextChoices):
    """Where a delivery is.

    waiting: to be sent when it is due; while its lease holds, somebody sends it.
    waiting -> delivered: the receiver answered with 2xx.
    waiting -> failed: the attempts are used up, or the receiver is gone.
    delivered, failed -> waiting: its owner wants it sent again, with the same id.
    """

    WAITING = "waiting", "waiting"
    DELIVERED = "delivered", "delivered"
    FAILED = "failed", "given up"


class Trouble(models.TextChoices):
    """Why there was no answer, or none that counts; the label is for people."""

    UNRESOLVED = "unresolved", "Its name was not found."
    REFUSED = "refused", "Its name leads to an address of a private network, to which nothing is sent."
    ADDRESS = "address", "Its address is none to which anything is sent."
    CONNECT = "connect", "It could not be reached."
    TLS = "tls", "Its certificate is not valid for its name."
    TIMEOUT = "timeout", "It did not answer in time."
    ANSWER = "answer", "What it answered was no HTTP."
    REDIRECT = "redirect", "It sent on to another address, which is not followed. Give the webhook that one."
    STATUS = "status", "It did not answer with success."
    SECRET = "secret", "The webhook's secret could not be read."


WAITS: Final = Q(state=State.WAITING)


class WebhookDelivery(models.Model):
    """A message for one webhook, and what came of it: outbox, line and log in one.

    Personal data: ids of the person's photos, in the body; the beginning of what their receiver answered. Erased after
    KEPT_DAYS (chore "webhook deliveries"), with the photo or batch that it is about, with the webhook or the person.
    """

    KEPT_DAYS: Final = 14

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20, choices=Event)
    about = models.UUIDField(null=True, db_index=True, help_text="Of the photo or batch.")
    body = models.TextField(help_text="As it is sent, each time the same bytes.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, help_text="The last time.")
    ended_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer.")
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True, help_text="Of the last attempt.")
    answer = models.CharField(max_length=500, blank=True, help_text="Its beginning.")
    took_ms = models.PositiveIntegerField(null=True)

    objects: ClassVar[models.Manager["WebhookDelivery"]] = models.Manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "webhook deliveries"
        indexes = (
            models.Index(fields=("due_at", "id"), name="webhook_due", condition=WAITS),
            models.Index(fields=("webhook", "-id"), name="webhook_log"),
            models.Index(fields=("created_at",), name="webhook_old"),
            models.Index(fields=("ended_at",), name="webhook_ended"),
        )

    def __str__(self) -> str:
        return f"delivery {self.pk} of webhook {self.webhook_id}"

    @property
    def message_id(self) -> str:
        """The header `webhook-id`: the same at every attempt and when it is sent again."""
        return f"msg_{self.uuid.hex}"

    @property
    def next_at(self) -> datetime:
        """While it waits: when it is tried at the earliest, as the webhook may be left alone for a while."""
        return max(self.due_at, self.webhook.paused_until or self.due_at)

    @property
    def told(self) -> Any:
        """How the last attempt ended, in words."""
        return Trouble(self.trouble).label if self.trouble else ""
