"""Who of the staff looked at what is whose: told to whose it is, by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.accesslog.models import Kind
from accounts.models import AccessEntry, User
from analysis.models import Face, Photo
from analysis.paging import BoundedPaginator
from analysis.views.access import person, signed_in

PER_PAGE: Final = 100
"""Lines of the log; those of one photo, day and role are shown together."""

KNOWN: Final = 20

MOST_NAMED: Final = 100
"""Photos of a day's lists that are named; all are in the archive of one's data."""


@dataclass(slots=True)
class Look:
    """What one role saw of one photo, of several in lists, or of the account, on one day.

    `did` are sentences without their beginning. `listed` are the photos of the lists, those that are gone not named.
    """

    role: str
    place: str
    photo: Photo | None
    was_photo: bool
    until: datetime
    since: datetime
    crop: UUID | None = None
    did: list[str] = field(default_factory=list)
    listed: dict[str, Photo | None] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """What it was, where what was done does not say so already."""
        if self.photo:
            return self.photo.name
        if self.was_photo:
            return "a photo that is deleted by now"
        return "" if self.listed or self.did == [Kind.ACCOUNT.label] else "your account"

    @property
    def sentence(self) -> str:
        """All that was done."""
        return f"saw {len(self.listed)} of your photos in a list" if self.listed else ", ".join(self.did)

    @property
    def named(self) -> list[Photo]:
        """Of the lists, the photos that are there still, the first of them."""
        return [photo for photo in self.listed.values() if photo][:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many of those there are still are not named."""
        return len(self.listed) - self.gone - len(self.named)

    @property
    def gone(self) -> int:
        """How many of the lists' photos are deleted by now."""
        return sum(photo is None for photo in self.listed.values())


@dataclass(slots=True)
class Day:
    """A day where the pages' clock is."""

    day: date
    looks: list[Look]


@require_safe
@signed_in
def who_looked(request: HttpRequest) -> HttpResponse:
    """Newest first. A page number that does not exist shows the nearest."""
    who, number = person(request), request.GET.get("page")
    entries = AccessEntry.objects.filter(person=who)
    paginator = BoundedPaginator(entries, PER_PAGE, known=KNOWN, asked=number)
    page = paginator.get_page(number)
    context = {
        "days": days_of(page.object_list, who),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "kept_days": settings.ACCESS_LOG_DAYS,
    }
    response = render(request, "analysis/who_looked.html", context)
    response["Cache-Control"] = "no-store"
    return response


def days_of(entries: Iterable[AccessEntry], who: User) -> list[Day]:
    """`entries`, newest first, by day; two queries for the pictures."""
    found = list(entries)
    about = {one.photo for one in found if one.photo} | {UUID(uuid) for one in found for uuid in one.photos}
    photos = {one.uuid: one for one in Photo.objects.owned_by(who).filter(uuid__in=about)}
    cut = Face.objects.owned_by(who).filter(uuid__in={one.thing for one in found}).exclude(crop="")
    crops = set(cut.values_list("uuid", flat=True))
    days: dict[date, dict[object, Look]] = {}
    for entry in found:
        looks = days.setdefault(timezone.localdate(entry.at), {})
        is_list = len(entry.photos) > 1
        look = looks.setdefault((entry.role, entry.place, entry.photo, is_list), _look(entry, photos))
        look.since = entry.at
        if is_list:
            look.listed |= {uuid: photos.get(UUID(uuid)) for uuid in entry.photos}
        elif (said := entry.get_kind_display()) not in look.did:
            look.did.insert(0, said)
        if entry.thing in crops:
            look.crop = entry.thing
    return [Day(day, list(looks.values())) for day, looks in days.items()]


def _look(entry: AccessEntry, photos: dict[UUID, Photo]) -> Look:
    photo = photos.get(entry.photo) if entry.photo else None
    return Look(entry.role, entry.get_place_display(), photo, entry.photo is not None, entry.at, entry.at)
