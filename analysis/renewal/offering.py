"""After a new yes on the consent page: the photos that were read before it."""

from django.urls import reverse

from accounts.consent import widening
from accounts.consent.purposes import ATTRIBUTES, Purpose
from accounts.models import User
from analysis.models import Photo
from analysis.renewal import services
from analysis.renewal.services import WHILE_ASKED_S


def offer(owner: User, granted: frozenset[Purpose]) -> widening.Offer | None:
    """After a new yes: the photos that were read before it."""
    if granted.isdisjoint(ATTRIBUTES) or not Photo.objects.owned_by(owner).exists():
        return None
    outlook = services.outlook(owner, within_s=WHILE_ASKED_S)
    if not outlook.lacking:
        return None
    many = photos(outlook.lacking, is_more=outlook.is_counting)
    one = many.startswith("1 ")
    sentence = f"{many} {'was' if one else 'were'} read before you agreed to this."
    return widening.Offer(sentence, reverse("analysis:reread-all"), "Read it again" if one else "Read them again")


def photos(count: int, *, is_more: bool = False) -> str:
    """`1 photo`, `37 photos`, `More than 500 photos`."""
    return f"{'More than ' if is_more else ''}{count:,} photo{'' if count == 1 and not is_more else 's'}"
