"""Pictures in lists of the staff: a list is noted as a whole, and its small pictures carry the proof of that.

Whatever is asked for without the proof, or after its hour, is noted by itself as a look at the picture.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.accesslog.noting import hour_of

SALT: Final = "analysis.listed"
PARAMETER: Final = "listed"

LATE: Final = timedelta(minutes=2)
"""For pictures of a page that came just before the hour was over."""


def address(path: str, thing: UUID, viewer: int) -> str:
    """`path` of a small picture of `thing`, for the person with the number `viewer`, whose list is noted now."""
    return f"{path}?{PARAMETER}={_proof(thing, viewer, timezone.now())}"


def is_noted(request: HttpRequest, thing: UUID) -> bool:
    """Whether the list that asks for the picture was noted: this hour, for who asks, with this in it."""
    said, viewer, now = request.GET.get(PARAMETER, ""), request.user.pk, timezone.now()
    return any(constant_time_compare(said, _proof(thing, viewer, moment)) for moment in (now, now - LATE))


def _proof(thing: UUID, viewer: int | None, moment: datetime) -> str:
    """The same for an hour, so that browsers keep the picture."""
    return salted_hmac(SALT, f"{viewer} {thing} {hour_of(moment).isoformat()}", algorithm="sha256").hexdigest()[:32]
