"""Which webhooks are told what, within the transaction in which it happens; `accounts.webhooks` delivers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from accounts.erasure.accounting import receipt_under_way
from accounts.erasure.models import Kind
from accounts.webhooks import outbox
from accounts.webhooks.events import Event
from accounts.webhooks.models import Webhook
from analysis import batches
from analysis.models import Analysis, Batch, BatchPhoto, Photo, Status

PHOTO: Final = "/api/v1/photos/{}/"
BATCH: Final = "/api/v1/batches/{}/"
"""As in analysis.api.urls: workers load no addresses."""

SETTLE: Final = timedelta(seconds=5)
"""A batch is told to be done after so long: its first photos may be read while others are still being sent."""

EVENTS: Final = {Status.DONE: Event.PHOTO_DONE, Status.FAILED: Event.PHOTO_FAILED}


def finished(analysis: Analysis, status: Status) -> None:
    """Its outcome was stored just now: `status` is done, failed or cancelled."""
    webhooks = outbox.webhooks_of(analysis.owner_id)
    if not webhooks:
        return
    if status in EVENTS:
        photo = analysis.photo.uuid
        outbox.announce(webhooks, EVENTS[status], about=photo, path=PHOTO.format(photo), status=status)
    _tell_batches(webhooks, [analysis.photo_id])


def stopped(owner_id: int, photos: Sequence[int]) -> None:
    """Nobody wants these photos of a person read again any more, which may be all that their batches waited for."""
    _tell_batches(outbox.webhooks_of(owner_id), photos)


def joined(batch: Batch) -> None:
    """A photo that is to be read became part of it just now, so it is not done, whatever was to be told."""
    if _any_wants(outbox.webhooks_of(batch.owner_id), Event.BATCH_DONE):
        for held in _held(Batch.objects.filter(pk=batch.pk)):
            outbox.withdraw(Event.BATCH_DONE, held.uuid)


def received(batch: Batch) -> None:
    """All of an upload is there; when there is nothing to wait for, as all photos were known, it is done."""
    webhooks = outbox.webhooks_of(batch.owner_id)
    if _any_wants(webhooks, Event.BATCH_DONE):
        with transaction.atomic():
            for held in _held(Batch.objects.filter(pk__in=BatchPhoto.objects.filter(batch=batch).values("batch"))):
                _tell_if_done(webhooks, held)


def erased(photo: Photo) -> None:
    """It is deleted. When its owner goes altogether, webhooks go too and nobody is told."""
    outbox.forget(photo.uuid)
    receipt = receipt_under_way()
    if receipt is not None and receipt.kind == Kind.ACCOUNT:
        return
    webhooks = outbox.webhooks_of(photo.owner_id)
    path = PHOTO.format(photo.uuid)
    outbox.announce(webhooks, Event.PHOTO_ERASED, about=photo.uuid, path=path, status="erased")


def forgotten(batch: Batch) -> None:
    """A batch is deleted."""
    outbox.forget(batch.uuid)


def _tell_batches(webhooks: Sequence[Webhook], photos: Sequence[int]) -> None:
    """Each batch once, however many of its photos these are."""
    if _any_wants(webhooks, Event.BATCH_DONE):
        links = BatchPhoto.objects.filter(photo_id__in=photos)
        for batch in _held(Batch.objects.filter(pk__in=links.values("batch"))):
            _tell_if_done(webhooks, batch)


def _any_wants(webhooks: Sequence[Webhook], event: Event) -> bool:
    return any(event in webhook.events for webhook in webhooks)


def _held(found: QuerySet[Batch]) -> QuerySet[Batch]:
    """Locked until the transaction ends: of two workers with the last two photos the later sees both as read."""
    return found.order_by("pk").select_for_update(no_key=True)


def _tell_if_done(webhooks: Sequence[Webhook], batch: Batch) -> None:
    outbox.withdraw(Event.BATCH_DONE, batch.uuid)
    if not batches.is_unfinished(batch):
        path = BATCH.format(batch.uuid)
        outbox.announce(webhooks, Event.BATCH_DONE, about=batch.uuid, path=path, status="done", after=SETTLE)
