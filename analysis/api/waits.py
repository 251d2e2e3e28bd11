"""How long photos still wait: for everything in an answer at once."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from analysis import line
from analysis.models import Analysis, Photo, Status

SOONEST_S: Final = 1
LATEST_S: Final = 30
UNKNOWN_S: Final = 5
"""When to ask again, in seconds: within these two, and so many while nobody knows how long it takes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How many are read before, and whole seconds until it is read; None while nobody knows."""

    ahead: int
    seconds_left: int | None


def waits_of(analyses: Iterable[Analysis]) -> dict[int, Wait]:
    """By primary key of each of these that waits: three queries however many, none when nothing waits."""
    queued = [one for one in analyses if one.status == Status.QUEUED]
    if not queued:
        return {}
    places, pace, now = line.ahead(queued), line.pace(), timezone.now()
    waits = {}
    for one in queued:
        delay = (one.due_at - now).total_seconds()
        left = line.seconds_left(places[one.pk], pace)
        waits[one.pk] = Wait(places[one.pk], None if left is None else math.ceil(max(left, delay)))
    return waits


def ask_again_after_s(photo: Photo, waits: dict[int, Wait]) -> int | None:
    """Seconds until an unfinished photo is worth another look; None when it is finished."""
    newest = photo.newest
    if newest is None or newest.is_finished:
        return None
    if newest.pk not in waits:  # it is being read
        return SOONEST_S
    return within_bounds(waits[newest.pk].seconds_left)


def within_bounds(left: int | None) -> int:
    """When to ask again about what is read in `left` seconds."""
    return min(max(UNKNOWN_S if left is None else left, SOONEST_S), LATEST_S)
