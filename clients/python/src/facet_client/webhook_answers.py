"""What the server answers about webhooks, and what it sends to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where you are told, and of what. `disabled_reason` is None while it is on: owner, gone, failing or secret."""

    id: str
    url: str
    deliveries_url: str
    target_url: str
    events: tuple[str, ...]
    is_on: bool
    created_at: datetime
    name: str = ""
    disabled_reason: str | None = None
    disabled_at: datetime | None = None
    failing_since: datetime | None = None
    earlier_secret_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook(Webhook):
    """With the secret, which is told once."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message and what became of it: waiting, delivered or failed. `trouble` is why the last attempt failed."""

    id: str
    message_id: str
    event: str
    state: str
    created_at: datetime
    attempts: int = 0
    tried_at: datetime | None = None
    next_attempt_at: datetime | None = None
    ended_at: datetime | None = None
    status_code: int | None = None
    trouble: str | None = None
    answer: str = ""
    took_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage:
    """A page of webhooks."""

    results: tuple[Webhook, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """A page of deliveries."""

    results: tuple[Delivery, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What came by a webhook, verified. `id` is the same when it comes again; `raw` is the whole of it.

    `photo.done`, `photo.failed`, `photo.erased` and `batch.done` have `about`, the id of the photo or batch, `url`,
    where to ask the API for it, and `status`; a `ping` has none of these.
    """

    id: str
    type: str
    timestamp: datetime
    about: str | None = None
    url: str | None = None
    status: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
