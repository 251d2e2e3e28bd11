"""What other apps call: something happened that somebody may want to be told.

Called within the transaction in which it happens, so that it is told if and only if it happened. Who has no webhook
costs one look at an index.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts import chores
from accounts.webhooks.events import Event
from accounts.webhooks.models import State, Webhook, WebhookDelivery

CHORE: Final = "webhooks"


ANY: Final = "SELECT 1 FROM accounts_webhook WHERE person_id = %s AND disabled = '' LIMIT 1"
"""Asked for each photo; of a query of Django's, making its words is most of the time."""


def webhooks_of(person_id: int) -> Sequence[Webhook]:
    """Those of a person that are on; usually none."""
    with connection.cursor() as cursor:
        cursor.execute(ANY, [person_id])
        there = cursor.fetchone() is not None
    return list(Webhook.objects.filter(person_id=person_id, disabled="")) if there else []


def announce(
    webhooks: Sequence[Webhook], event: Event, *, about: UUID, path: str, status: str, after: timedelta = timedelta()
) -> None:
    """Tell those of `webhooks` that want `event`: what `path` of the API is about has this `status` now.

    It is told `after` a while, and not at all when it is withdrawn until then.
    """
    wanting = [webhook for webhook in webhooks if event in webhook.events]
    if not wanting:
        return
    data = {"id": str(about), "status": status}
    due_at = timezone.now() + after
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook=webhook,
            event=event,
            about=about,
            due_at=due_at,
            body=body_of(event, data | {"url": webhook.site + path}),
        )
        for webhook in wanting
    )
    chores.ring(CHORE)


def body_of(event: Event, data: dict[str, str]) -> str:
    """A message says what happened and where to ask, and nothing that was read from a photo."""
    told = {"type": event.value, "timestamp": timezone.now().isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, separators=(",", ":"))


def withdraw(event: Event, about: UUID) -> None:
    """It holds no longer: where it was not sent yet it is not sent."""
    WebhookDelivery.objects.filter(about=about, event=event, state=State.WAITING, attempts=0).delete()


def forget(about: UUID) -> None:
    """The thing is erased, and so is what was told of it."""
    WebhookDelivery.objects.filter(about=about).delete()
