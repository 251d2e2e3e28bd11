"""The outbox is emptied: each message is claimed under a lease, sent, and kept with what came of it.

A process that dies with a message in its hands loses the lease, and the message is sent once more with the same id: at
least once, never unnoticed. Rows are touched by one thread; others only wait for receivers.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.webhooks import sending, signing, vault
from accounts.webhooks.models import Disabled, State, Trouble, Webhook, WebhookDelivery
from accounts.webhooks.sending import Outcome

log = logging.getLogger(__name__)

AGAIN_S: Final = (5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600, sending.LONGEST_WAIT_S)
"""Seconds until the next attempt, after the first one, the second one and so on; then it is given up."""

JITTER: Final = 0.2
"""Up to so much longer, so that what failed at once does not come back at once."""

PAUSES_S: Final = (0, 5, 30, 120, 600)
"""After so many failures in a row nothing is tried at this webhook for so long, whatever is due: it keeps others up."""

FAILING_FOR: Final = timedelta(days=5)
"""After so long without a single success a webhook is switched off."""

LEASE: Final = timedelta(minutes=2)
"""Longer than an attempt can take, a name that is slow to be found included."""

AT_ONCE: Final = 8
"""Receivers that are waited for at a time, each for one message."""

LOOK_S: Final = 1.0
"""While receivers are waited for, what has become due meanwhile is looked for so often, if a place is free."""

SHIFT_S: Final = 20.0
"""Then other chores have their turn, and a process that is to stop has not far to go."""

GONE: Final = 410

Post = Callable[[str, dict[str, str], bytes], Outcome]


def deliver_due(post: Post = sending.post) -> bool:
    """Send what is due until nothing is or the shift is over; whether something may be left."""
    over = time.monotonic() + SHIFT_S
    under_way: dict[Future[Outcome], WebhookDelivery] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            while len(under_way) < AT_ONCE and time.monotonic() < over:
                claimed = claim_next(busy=[one.webhook_id for one in under_way.values()])
                if claimed is None:
                    break
                if signed := _signed(claimed):
                    under_way[pool.submit(post, claimed.webhook.url, *signed)] = claimed
            if not under_way:
                return time.monotonic() >= over
            for done in wait(under_way, LOOK_S, FIRST_COMPLETED).done:
                record(under_way.pop(done), done.result())


def _sendable(now: datetime) -> QuerySet[WebhookDelivery]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    ready = Q(webhook__paused_until=None) | Q(webhook__paused_until__lte=now)
    return WebhookDelivery.objects.filter(free, ready, state=State.WAITING, due_at__lte=now, webhook__disabled="")


def next_at() -> datetime | None:
    """When the first of what waits may be sent; None when nothing does. What is being sent is not counted."""
    waiting = WebhookDelivery.objects.filter(state=State.WAITING, webhook__disabled="", lease_until=None)
    ready = Greatest("due_at", Coalesce("webhook__paused_until", "due_at"))
    first: datetime | None = waiting.aggregate(first=Min(ready))["first"]
    return first


def claim_next(*, busy: Collection[int] = ()) -> WebhookDelivery | None:
    """Take what is due longest of a webhook that is not `busy` and count the attempt; None when nothing is due."""
    now = timezone.now()
    waiting = _sendable(now).exclude(webhook__in=busy).order_by("due_at", "id")
    while (pk := waiting.values_list("pk", flat=True).first()) is not None:
        token = uuid.uuid4()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        taken = WebhookDelivery.objects.filter(free, pk=pk, state=State.WAITING).update(
            lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1, tried_at=now
        )
        if taken:
            return WebhookDelivery.objects.select_related("webhook").get(pk=pk)
    return None


def _signed(delivery: WebhookDelivery) -> tuple[dict[str, str], bytes] | None:
    """Headers and body; None, noting why, when the secret cannot be read."""
    body = delivery.body.encode()
    try:
        keys = secrets_of(delivery.webhook)
    except vault.UnreadableError:
        record(delivery, Outcome(Trouble.SECRET))
        return None
    return signing.headers(keys, delivery.message_id, int(time.time()), body), body


def secrets_of(webhook: Webhook) -> Sequence[str]:
    """Those that sign now, the newest first. Raises UnreadableError."""
    current = [vault.unseal(webhook.secret)]
    if webhook.earlier_secret and webhook.earlier_until and webhook.earlier_until > timezone.now():
        current.append(vault.unseal(webhook.earlier_secret))
    return current


def record(delivery: WebhookDelivery, outcome: Outcome) -> bool:
    """Keep what came of an attempt; False, changing nothing, when the lease went to somebody else."""
    now = timezone.now()
    told = {"status_code": outcome.status_code, "answer": outcome.answer, "took_ms": outcome.took_ms}
    released = {"lease_token": None, "lease_until": None}
    held = WebhookDelivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state=State.WAITING)
    if not held.update(**_next(delivery, outcome, now), **told, **released, trouble=outcome.trouble):
        return False
    if outcome.is_taken:
        _succeeded(delivery.webhook)
    else:
        _failed(delivery.webhook, outcome, now)
    return True


def _next(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.is_taken:
        return {"state": State.DELIVERED, "ended_at": now}
    if delivery.attempts > len(AGAIN_S) or outcome.status_code == GONE:
        return {"state": State.FAILED, "ended_at": now}
    again_s = max(spread(AGAIN_S[delivery.attempts - 1]), outcome.wait_s)
    return {"due_at": now + timedelta(seconds=again_s)}


def spread(seconds: float) -> float:
    """`seconds` and a little more."""
    return seconds * (1 + JITTER * random.random())  # noqa: S311  # nosec B311  # no secret


def _succeeded(webhook: Webhook) -> None:
    well = {"failures": 0, "failing_since": None, "paused_until": None}
    Webhook.objects.filter(pk=webhook.pk).exclude(**well).update(**well)


def _failed(webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    """Pause it, or switch it off when the receiver is gone or has been away for days."""
    log.info("webhook %d: attempt failed (%s, %s)", webhook.pk, outcome.trouble, outcome.status_code or "no answer")
    kept = Webhook.objects.filter(pk=webhook.pk, disabled="")
    kept.filter(failing_since=None).update(failing_since=now)
    pause = max(PAUSES_S[min(webhook.failures, len(PAUSES_S) - 1)], outcome.wait_s)
    kept.update(failures=F("failures") + 1, paused_until=now + timedelta(seconds=pause))
    if why := _reason(webhook, outcome, now):
        kept.update(disabled=why, disabled_at=now)
        log.info("webhook %d is switched off (%s)", webhook.pk, why)


def _reason(webhook: Webhook, outcome: Outcome, now: datetime) -> str:
    if outcome.trouble == Trouble.SECRET:
        return Disabled.SECRET
    if outcome.status_code == GONE:
        return Disabled.GONE
    since = webhook.failing_since
    return Disabled.FAILING if since is not None and now - since >= FAILING_FOR else ""


def forget_old() -> int:
    """What is older than its days, and secrets that no longer sign; how many deliveries."""
    now = timezone.now()
    Webhook.objects.filter(earlier_until__lte=now).update(earlier_secret="", earlier_until=None)  # nosec B106  # no secret
    old = WebhookDelivery.objects.filter(created_at__lt=now - timedelta(days=WebhookDelivery.KEPT_DAYS))
    return old.delete()[0]
