"""Photos gone through a portion at a time, from the newest on: counted, or queued as the line has room.

Each portion is one transaction over the row of `Renewal`, which says how far it is, and the photos' own. So what a
crash cuts off goes on where it ended, and nothing is queued twice.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import chores
from accounts.consent import services as consent
from analysis import line, outdated, services, workers
from analysis.models import Photo, Renewal
from analysis.models.photo import PhotoQuerySet

log = logging.getLogger(__name__)

CHORE: Final = "renewals"

PORTION: Final = 500
"""Photos that are gone through in one transaction."""

SHIFT_S: Final = 20.0
"""So long the chore works at once, for other chores to have their turn."""

Results = list[tuple[Photo, Any]]
"""Photos with the result that is shown of each, which bears whether it `lacks` something."""


def go_through(renewal: Renewal, *, within_s: float) -> None:
    """One portion, and others within the time; the chore is rung for the rest."""
    over = time.monotonic() + within_s
    while _portion(renewal.pk) and time.monotonic() < over:
        pass
    renewal.refresh_from_db()
    if renewal.through_at is None:
        chores.ring(CHORE)


def go_on(*, within_s: float = SHIFT_S) -> bool:
    """A portion of everybody's in turn, until all are through, the line has no room or the time is over.

    Whether there was more to do than time.
    """
    over = time.monotonic() + within_s
    while to_do := list(
        Renewal.objects.filter(through_at=None).order_by("began_at", "pk").values_list("pk", flat=True)
    ):
        moved = False
        for pk in to_do:
            if time.monotonic() > over:
                return True
            moved |= _tried(pk)
        if not moved:
            break
    return False


def _tried(pk: int) -> bool:
    """A portion; what goes wrong with one person's holds up nobody else's."""
    try:
        return _portion(pk)
    except DatabaseError as error:
        log.warning("photos could not be queued to be read again (%s); they are tried again", type(error).__name__)
        return False


@transaction.atomic
def _portion(pk: int) -> bool:
    """Count or queue the next photos; False when nothing is left to do, or when the line has no room."""
    renewal = Renewal.objects.select_for_update().filter(pk=pk, through_at=None).first()
    if renewal is None:
        return False
    photos: Sequence[Photo] = list(_next(renewal)[:PORTION])
    is_last = len(photos) < PORTION
    results = _improvable(renewal.person_id, _held(photos) if renewal.asked_at else photos)
    if renewal.asked_at is None:
        renewal.found += sum(photo.has_picture for photo, _ in results)
        renewal.lacking += sum(photo.has_picture and result.lacks for photo, result in results)
    else:
        fit = _fitting(photos, results)
        if photos and not fit:
            return False
        is_last = is_last and len(fit) == len(photos)
        photos = fit
        renewal.queued += _queue(results, upto=photos)
    _note(renewal, photos, results, is_last=is_last)
    return True


def _fitting(photos: Sequence[Photo], results: Results) -> Sequence[Photo]:
    """The first ones, as many as the line has room for."""
    room = line.room_for_rereading()
    readable = {photo.pk for photo, _ in results if photo.has_picture}
    if len(readable) <= room:
        return photos
    beyond = [number for number, photo in enumerate(photos) if photo.pk in readable][room]
    return photos[:beyond]


def _queue(results: Results, *, upto: Sequence[Photo]) -> int:
    fit = {photo.pk for photo in upto}
    chosen = [result for photo, result in results if photo.has_picture and photo.pk in fit]
    services.reread_photos(chosen)
    return len(chosen)


def _next(renewal: Renewal) -> PhotoQuerySet:
    """The photos after the last, from the newest on, by the index of the history."""
    photos = Photo.objects.filter(owner=renewal.person_id).only("pk", "created_at", "image")
    if renewal.last_time:
        at_once = photos.filter(created_at__lte=renewal.last_time)
        photos = at_once.exclude(created_at=renewal.last_time, pk__gte=renewal.last_photo)
    return photos


def _held(photos: Sequence[Photo]) -> Sequence[Photo]:
    """Those that are there, as they are now: while they are held nobody else queues them, and pictures stay."""
    held = Photo.objects.filter(pk__in=[photo.pk for photo in photos]).hold(to_delete=False)
    there = Photo.objects.only("pk", "created_at", "image").in_bulk(held)
    return [there[photo.pk] for photo in photos if photo.pk in there]


def _improvable(person_id: int, photos: Sequence[Photo]) -> Results:
    allowed = consent.attributes_allowed(person_id)
    found = outdated.improvable(workers.versions(), allowed).filter(photo__in=photos)
    results = {result.photo_id: result for result in found}
    return [(photo, results[photo.pk]) for photo in photos if photo.pk in results]


def _note(renewal: Renewal, photos: Sequence[Photo], results: Results, *, is_last: bool) -> None:
    """How far it is."""
    gone_through = {photo.pk for photo in photos}
    renewal.looked += len(photos)
    renewal.without_picture += sum(photo.pk in gone_through and not photo.has_picture for photo, _ in results)
    if photos:
        renewal.last_time, renewal.last_photo = photos[-1].created_at, photos[-1].pk
    if is_last:
        renewal.through_at = timezone.now()
    renewal.save()
