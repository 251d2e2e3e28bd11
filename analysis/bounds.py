"""How much may wait, and how much one person may send: who is turned away is told when to come back."""

import math
from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from analysis import line
from analysis.models import Photo

DAY: Final = timedelta(days=1)

STORAGE_WAIT_S: Final = 300.0
"""What to ask for when photos cannot be kept: a person has to look at it."""

NO_ROOM: Final = "There is no room for photos right now. Try again later; the log tells the administrator why."
NO_ROOM_FOR_THIS: Final = "There was no room to keep this photo. Send it again later."
"""For one of several, when others were kept."""


class NotNowError(Exception):
    """Nothing is wrong with the photos; `retry_after_s` is when to send them again, `sentence` says so in words.

    `status` is the HTTP status that says the same.
    """

    status: ClassVar[int] = 503

    def __init__(self, sentence: str, retry_after_s: float) -> None:
        """Whole seconds, rounded up."""
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after_s = math.ceil(retry_after_s)


class QueueFullError(NotNowError):
    """More waits than FACET_QUEUE_MAX."""


class QuotaError(NotNowError):
    """The person has sent FACET_PHOTOS_PER_DAY within a day."""

    status = 429


class StorageError(NotNowError):
    """The storage keeps no more photos; somebody has to mend that first."""

    status = 507

    def __init__(self) -> None:
        """What went wrong is in the log and not for the person."""
        super().__init__(NO_ROOM, STORAGE_WAIT_S)


class BusyError(NotNowError):
    """A photo that is not to be kept cannot be read just now."""


def check(owner: User, count: int) -> None:
    """Whether `owner` may send `count` photos now. Raises QueueFullError and QuotaError."""
    if (wait := line.full_for()) is not None:
        raise QueueFullError(f"Too many photos are waiting to be read. Try again in {in_words(wait)}.", wait)
    if (wait := _over_quota_for(owner, count)) is not None:
        most = f"{settings.PHOTOS_PER_DAY:,}"
        raise QuotaError(
            f"You can send {most} photos a day, and these would be more. Try again in {in_words(wait)}.", wait
        )


def _over_quota_for(owner: User, count: int) -> float | None:
    """Seconds until `count` more fit into a day; None when they do now."""
    if not settings.PHOTOS_PER_DAY:
        return None
    # the photo that has to be a day old before these fit in
    at = max(settings.PHOTOS_PER_DAY - count, 0)
    now = timezone.now()
    today = Photo.objects.owned_by(owner).filter(created_at__gt=now - DAY).order_by("-created_at", "-id")
    blocking = today.values_list("created_at", flat=True)[at : at + 1].first()
    return (blocking + DAY - now).total_seconds() if blocking else None


def in_words(seconds: float) -> str:
    """Rounded up to what a person plans with: seconds to a minute, minutes to two hours, then hours."""
    if seconds <= 55:
        return f"about {math.ceil(seconds / 5) * 5} seconds"
    if seconds <= 90 * 60:
        minutes = math.ceil(seconds / 60)
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    hours = math.ceil(seconds / 3600)
    return f"about {hours} hours"
