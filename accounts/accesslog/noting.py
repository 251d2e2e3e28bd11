"""The one function through which every look at another's data goes, and the dataclass that says what was looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.accesslog.models import AccessEntry, Kind, Place
from accounts.models import User
from accounts.roles import Role, role_of


@dataclass(frozen=True, slots=True)
class Seen:
    """`thing`, of the person with the number `owner`; `photo` is the uuid of the photo that it belongs to.

    `photos` are those of a list, which is noted as a whole.
    """

    owner: int
    kind: Kind
    thing: UUID
    photo: UUID | None = None
    photos: tuple[UUID, ...] = ()


def note(actor: AbstractBaseUser | AnonymousUser | None, place: Place, seen: Iterable[Seen]) -> None:
    """Write down that `actor` sees this, before it is shown: what cannot be noted is not shown.

    One's own is no access. `actor` is None on the server itself. The same within an hour is one line, and what is seen
    in a list is one line for each owner, so a page of fifty faces costs two statements at first and one after it.
    Raises TypeError for somebody who is not signed in.
    """
    own = None if actor is None else actor.pk
    others = {(one.kind, one.thing): one for one in _lists_together(seen) if one.owner != own}
    if not others:
        return
    now = timezone.now()
    hour = hour_of(now)
    told = _noted(own, place, hour, {one.thing for one in others.values()})
    alike = {"actor_id": own, "role": _role(actor), "place": place, "at": now, "hour": hour}
    new = [_entry(one, alike) for key, one in others.items() if key not in told]
    AccessEntry.objects.bulk_create(new, ignore_conflicts=True)  # of two requests at once


def hour_of(moment: datetime) -> datetime:
    """Its beginning, by which looks are taken together."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _lists_together(seen: Iterable[Seen]) -> Iterator[Seen]:
    """What is not in a list as it is; the photos of a list as one for each owner."""
    photos: dict[int, set[UUID]] = defaultdict(set)
    for one in seen:
        if one.kind == Kind.LISTED and one.photo is not None:
            photos[one.owner].add(one.photo)
        else:
            yield one
    for owner, listed in photos.items():
        yield _list_of(owner, sorted(listed))


def _list_of(owner: int, photos: list[UUID]) -> Seen:
    """A list has a uuid by what is in it: the same page again within the hour is no other line, another page is."""
    if len(photos) == 1:
        return Seen(owner, Kind.LISTED, photos[0], photos[0], (photos[0],))
    return Seen(owner, Kind.LISTED, uuid5(photos[0], " ".join(map(str, photos))), None, tuple(photos))


def _noted(actor: int | None, place: Place, hour: datetime, things: set[UUID]) -> set[tuple[str, UUID]]:
    """What needs no other line this hour: reading does not make others wait, as writing does."""
    kept = AccessEntry.objects.filter(actor=actor, place=place, hour=hour, thing__in=things).order_by()
    return set(kept.values_list("kind", "thing"))


def _entry(seen: Seen, alike: dict[str, Any]) -> AccessEntry:
    photos = [str(photo) for photo in seen.photos]
    return AccessEntry(person_id=seen.owner, kind=seen.kind, thing=seen.thing, photo=seen.photo, photos=photos, **alike)


def _role(actor: AbstractBaseUser | AnonymousUser | None) -> Role:
    """Who works on the server administers; who sees what is another's by a right of their own reviews."""
    if actor is None:
        return Role.ADMINISTRATOR
    if not isinstance(actor, User):
        raise TypeError("what is another's was to be shown to somebody who is not signed in")
    role = role_of(actor)
    return Role.REVIEWER if role == Role.PERSON else role
