"""What stays of a photo once it was read: decided when it comes in, carried out after its result is stored.

A worker does it right after the commit of the result; what a crash leaves undone, the chore finds.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import chores
from accounts.erasure.files import remove_after_commit
from accounts.exports import services as exports
from accounts.models import User
from analysis.cutting import cut
from analysis.engine import PhotoError
from analysis.models import UNFINISHED, Analysis, Face, Keep, Keeping, Photo, Status
from analysis.models.keeping import MUCH
from analysis.models.photo import HAS_PICTURE, PhotoQuerySet
from analysis.runs import LOST_CODE

log = logging.getLogger(__name__)

TRY_AGAIN_FOR: Final = timedelta(days=1)
"""For so long the picture stays of what was given up or stopped: somebody may want it read after all."""

AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """What stays, and for how many days from the upload; None: until somebody deletes it."""

    keep: Keep
    days: int | None

    def erase_at(self, uploaded: datetime) -> datetime | None:
        """When everything of a photo goes."""
        return None if self.days is None else uploaded + timedelta(days=self.days)


def most() -> Decision:
    """The most that anybody may choose here."""
    return Decision(Keep(settings.KEEP), settings.KEEP_DAYS or None)


def allowed() -> tuple[Keep, ...]:
    """What people may choose, from the most to the least."""
    return tuple(reversed(MUCH[: MUCH.index(most().keep) + 1]))


def decided(person: User) -> Decision:
    """For what the person sends now: their choice, within the bounds of the installation."""
    bound, chosen = most(), Keeping.objects.filter(person=person).first()
    if chosen is None:
        return bound
    keep = min(Keep(chosen.keep), bound.keep, key=MUCH.index)
    days = min((days for days in (chosen.days, bound.days) if days is not None), default=None)
    return Decision(keep, days)


def read_for_good() -> PhotoQuerySet:
    """Photos that still have the picture they should not have: read, or not to be read for a day."""
    analyses = Analysis.objects.filter(photo=OuterRef("pk"))
    under_way = analyses.filter(status__in=UNFINISHED)
    may_be_tried = Q(status=Status.CANCELLED) | Q(status=Status.FAILED, failure_code=LOST_CODE)
    wanted = analyses.filter(may_be_tried, finished_at__gt=timezone.now() - TRY_AGAIN_FOR)
    return Photo.objects.filter(HAS_PICTURE, ~Q(keep=Keep.PHOTO), ~Exists(under_way), ~Exists(wanted))


def thin(photo: Photo) -> bool:
    """Cut out the faces, if they are kept, and let go of the picture; False when it is not the time for that.

    Raises what the storage raises: nothing is lost then, and the chore tries again.
    """
    if not read_for_good().filter(pk=photo.pk).exists():
        return False
    crops = _cut(photo) if photo.keep == Keep.FACES else {}
    with transaction.atomic():
        # of somebody who wants it read again at this moment, one waits for the other
        Photo.objects.select_for_update().get(pk=photo.pk)
        thinned = read_for_good().filter(pk=photo.pk).update(image="", thumbnail="", size=0)
        if not thinned:
            remove_after_commit(crops.values())
            return False
        for pk, name in crops.items():
            Face.objects.filter(pk=pk).update(crop=name)
        remove_after_commit(photo.files)
    return True


def _cut(photo: Photo) -> dict[int, str]:
    """Names of the files, by face; none for a picture that cannot be decoded."""
    faces = list(Face.objects.filter(analysis__photo=photo, analysis__status=Status.DONE, crop="").order_by("pk"))
    with photo.image.open("rb") as stored:
        picture = stored.read()
    try:
        parts = cut(photo, picture, faces)
    except PhotoError as error:
        log.warning("no faces could be cut out of a photo: %s", error.reason.code)
        return {}
    return {face.pk: _stored(face, part) for face, part in zip(faces, parts, strict=True)}


def _stored(face: Face, part: bytes) -> str:
    """In the place of one that a crash left there, under the same name."""
    name = face.crop.field.generate_filename(face, "crop.jpg")
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(part))


def thin_all() -> int:
    """What workers left undone; how many photos that were."""
    done, after = 0, 0
    while found := list(read_for_good().filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = found[-1].pk
        for photo in found:
            try:
                done += thin(photo)
            except (OSError, Photo.DoesNotExist) as error:
                log.warning("a picture that is not to be kept is still there (%s)", type(error).__name__)
    return done


def erase_old() -> int:
    """Photos whose time is over, with everything; how many that were."""
    gone = 0
    over = Photo.objects.filter(erase_at__lte=timezone.now()).order_by("erase_at")
    while chosen := list(over.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            exports.drop_those_with(Photo.objects.filter(pk__in=chosen).values_list("owner_id", flat=True))
            Photo.objects.filter(pk__in=Photo.objects.filter(pk__in=chosen).hold()).delete()
        gone += len(chosen)
    return gone


def choose(person: User, decision: Decision) -> None:
    """For what the person sends from now on."""
    Keeping.objects.update_or_create(person=person, defaults={"keep": decision.keep, "days": decision.days})


@dataclass(frozen=True, slots=True)
class Earlier:
    """What holding photos that were sent already to a decision would take at once: `pictures` and whole `photos`."""

    total: int
    pictures: int
    photos: int


def earlier(person: User) -> Earlier:
    """What `apply_to_earlier` would take."""
    decision, own = decided(person), Photo.objects.owned_by(person)
    over = own.filter(created_at__lte=_days_ago(decision.days)) if decision.days else own.none()
    pictures = 0 if decision.keep == Keep.PHOTO else own.filter(HAS_PICTURE).count()
    return Earlier(own.count(), pictures, over.count())


def apply_to_earlier(person: User) -> None:
    """Hold what the person has sent already to what is decided now; pictures that are gone stay gone."""
    decision, own = decided(person), Photo.objects.owned_by(person)
    own.filter(HAS_PICTURE).exclude(keep=decision.keep).update(keep=decision.keep)
    at = None if decision.days is None else F("created_at") + timedelta(days=decision.days)
    own.update(erase_at=at)
    chores.ring("keeping")


def _days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
