"""What a person may do with their webhooks, whichever way they ask."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import chores
from accounts.models import User
from accounts.webhooks import signing, vault
from accounts.webhooks.events import Event
from accounts.webhooks.models import Disabled, State, Webhook, WebhookDelivery
from accounts.webhooks.outbox import CHORE, body_of


class TooManyError(Exception):
    """The person has as many as are allowed; the text says what to do."""


class SwitchedOffError(Exception):
    """Nothing is sent while it is off; the text says what to do."""


class UnderWayError(Exception):
    """It waits to be sent anyway; the text says so."""


def create(*, person: User, url: str, events: Sequence[str], site: str, name: str = "") -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown once. Raises TooManyError; `url` was looked at before."""
    secret = signing.new_secret()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(
            pk=person.pk
        )  # two at once are still counted one after the other
        if Webhook.objects.filter(person=person).count() >= Webhook.MOST:
            raise TooManyError(f"You have {Webhook.MOST} webhooks, which is the most. Delete one you no longer use.")
        webhook = Webhook.objects.create(
            person=person, name=name, url=url, events=list(events), site=site, secret=vault.seal(secret)
        )
    return webhook, secret


def change(webhook: Webhook, **fields: Any) -> None:
    """Other values for `name`, `url` or `events`; another address starts with a clean record."""
    if "url" in fields and fields["url"] != webhook.url:
        fields |= {"failures": 0, "failing_since": None, "paused_until": None}
    for name, value in fields.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=list(fields))


def rotate(webhook: Webhook) -> str:
    """A new secret, which is shown once; the one before signs too for a day."""
    secret = signing.new_secret()
    webhook.earlier_secret, webhook.secret = webhook.secret, vault.seal(secret)
    webhook.earlier_until = timezone.now() + signing.BOTH_FOR
    try:
        vault.unseal(webhook.earlier_secret)
    except vault.UnreadableError:
        webhook.earlier_secret, webhook.earlier_until = "", None
    webhook.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    return secret


def switch_off(webhook: Webhook) -> None:
    """Nothing more is sent or written down for it; what waits, waits."""
    webhook.disabled, webhook.disabled_at = Disabled.OWNER, timezone.now()
    webhook.save(update_fields=["disabled", "disabled_at"])


def switch_on(webhook: Webhook) -> None:
    """With a clean record; what waited is sent."""
    fields = {"disabled": "", "disabled_at": None, "failures": 0, "failing_since": None, "paused_until": None}
    with transaction.atomic():
        for name, value in fields.items():
            setattr(webhook, name, value)
        webhook.save(update_fields=list(fields))
        chores.ring(CHORE)


def ping(webhook: Webhook) -> WebhookDelivery:
    """A message that says nothing, sent at once. Raises SwitchedOffError."""
    _must_be_on(webhook)
    with transaction.atomic():
        body = body_of(Event.PING, {})
        delivery = WebhookDelivery.objects.create(webhook=webhook, event=Event.PING, body=body)
        _at_once(webhook)
    return delivery


def replay(delivery: WebhookDelivery) -> None:
    """Send what was delivered or given up again, with the same id. Raises SwitchedOffError, UnderWayError."""
    _must_be_on(delivery.webhook)
    again = {"state": State.WAITING, "attempts": 0, "due_at": timezone.now(), "ended_at": None}
    with transaction.atomic():
        ended = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=State.WAITING)
        if not ended.update(**again, lease_token=None, lease_until=None):
            raise UnderWayError("This message waits to be sent anyway. Look again in a moment.")
        _at_once(delivery.webhook)
    delivery.refresh_from_db()


def _must_be_on(webhook: Webhook) -> None:
    if not webhook.is_on:
        raise SwitchedOffError("This webhook is switched off. Switch it on first.")


def _at_once(webhook: Webhook) -> None:
    """Somebody waits for it: a pause is over."""
    Webhook.objects.filter(pk=webhook.pk).update(paused_until=None)
    chores.ring(CHORE)
