"""How deliveries go, in figures from the database, for `/metrics`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from accounts.webhooks.models import Disabled, State, Webhook, WebhookDelivery

OUTCOMES: Final = (State.DELIVERED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Messages of webhooks that are on: `waiting` was not tried yet, `retrying` was. `failing` counts webhooks."""

    waiting: int
    retrying: int
    failing: int
    switched_off: int


def outbox() -> Outbox:
    """Two queries: one over what waits, one over webhooks, which are few."""
    waits = WebhookDelivery.objects.filter(state=State.WAITING, webhook__disabled="")
    tried = Q(attempts__gt=0)
    messages = waits.aggregate(waiting=Count("pk", filter=~tried), retrying=Count("pk", filter=tried))
    webhooks = Webhook.objects.aggregate(
        failing=Count("pk", filter=Q(disabled="", failing_since__isnull=False)),
        switched_off=Count("pk", filter=~Q(disabled__in=("", Disabled.OWNER))),
    )
    return Outbox(**messages, **webhooks)


def ended_between(since: datetime, until: datetime) -> dict[str, int]:
    """How many messages were delivered or given up from `since` on, until before `until`."""
    ended = WebhookDelivery.objects.filter(ended_at__gte=since, ended_at__lt=until).order_by()
    return dict(ended.values_list("state").annotate(number=Count("pk")))
