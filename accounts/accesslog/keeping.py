"""For how long it is kept who looked."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.accesslog.models import AccessEntry

AT_ONCE: Final = 5_000
"""Lines that go in one statement, so that nobody who looks has to wait for the rest."""


def forget_old() -> int:
    """Remove what is older than FACET_ACCESS_LOG_DAYS; how many lines that were."""
    removed = 0
    old = AccessEntry.objects.filter(at__lt=timezone.now() - timedelta(days=settings.ACCESS_LOG_DAYS))
    while chosen := list(old.order_by("at", "id").values_list("pk", flat=True)[:AT_ONCE]):
        count, _ = AccessEntry.objects.filter(pk__in=chosen).delete()
        removed += count
    return removed
