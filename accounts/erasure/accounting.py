"""Counts what goes while something is erased, for its receipt."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from accounts.erasure.models import ErasureReceipt, Kind


@dataclass(slots=True)
class Erasure:
    """An erasure under way: `rows` by what people call them, `stores` what lies elsewhere."""

    receipt: ErasureReceipt
    rows: Counter[str] = field(default_factory=Counter)
    stores: Counter[str] = field(default_factory=Counter)


_current: ContextVar[Erasure | None] = ContextVar("erasure", default=None)


@contextmanager
def erasing(kind: Kind) -> Iterator[ErasureReceipt]:
    """What is deleted within is counted; afterwards the receipt says so. Within another one, all counts there."""
    outer = _current.get()
    if outer is not None:
        yield outer.receipt
        return
    erasure = Erasure(ErasureReceipt.objects.create(kind=kind))
    mark = _current.set(erasure)
    try:
        yield erasure.receipt
    finally:
        _current.reset(mark)
    _finish(erasure)


def _finish(erasure: Erasure) -> None:
    receipt, now = erasure.receipt, timezone.now()
    receipt.erased_at = now
    receipt.counts = {"rows": dict(sorted(erasure.rows.items())), **dict(sorted(erasure.stores.items()))}
    receipt.backups_until = now + timedelta(days=settings.BACKUP_DAYS) if settings.BACKUP_DAYS else None
    receipt.save()


def receipt_under_way() -> ErasureReceipt | None:
    """Of the erasure within which this is called."""
    current = _current.get()
    return current.receipt if current else None


def count_rows(deleted: Mapping[str, int]) -> None:
    """Take in what Django's delete() tells: how many rows of each model."""
    if (current := _current.get()) is not None:
        for label, count in deleted.items():
            if count:
                current.rows[str(apps.get_model(label)._meta.verbose_name_plural)] += count


def count(store: str, number: int) -> None:
    """`number` things went from `store`, as "files" or "sessions"."""
    if number and (current := _current.get()) is not None:
        current.stores[store] += number
