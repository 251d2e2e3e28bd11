"""Batches: which photos belong to one, how far it is, and when it goes."""

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.exports import services as exports
from accounts.models import User
from analysis import line
from analysis.intake import Rejected
from analysis.models import FINISHED, UNFINISHED, Analysis, Batch, BatchPhoto, BatchRejection, Photo, Status
from analysis.models.photo import HAS_PICTURE

MOST_FILES: Final = 10_000
"""Photos and rejected files of one batch; sending more needs another one."""

EMPTY_FOR: Final = timedelta(days=30)
"""After so long a batch without photos is forgotten."""

AT_ONCE: Final = 500
"""Photos that are deleted in one transaction, or tried again by one request, however many the batch has."""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is, by the newest analysis of each of its photos.

    `seconds_left` is until the last of them is read, 0 while only some are being read; None when nothing is to come,
    and while nobody knows.
    """

    counts: dict[str, int]
    rejected: int
    seconds_left: int | None = None

    @property
    def total(self) -> int:
        """Photos that are there; those that were deleted do not count."""
        return sum(self.counts.values())

    @property
    def finished(self) -> int:
        """Photos for which nothing more happens by itself."""
        return sum(self.counts[status] for status in FINISHED)

    @property
    def is_finished(self) -> bool:
        """Whether that holds for all of them, as it does for none."""
        return self.finished == self.total

    @property
    def share(self) -> float:
        """From 0 to 1; 1 for a batch without photos."""
        return self.finished / self.total if self.total else 1.0


def joined(owner: User, uuid: UUID | None) -> Batch:
    """The batch of `owner` with this uuid, or a new one that is not saved yet."""
    kept = Batch.objects.filter(owner=owner, uuid=uuid).first() if uuid else None
    return kept or (Batch(owner=owner, uuid=uuid) if uuid else Batch(owner=owner))


def saved(batch: Batch) -> tuple[Batch, bool]:
    """The batch in the database and whether it was written just now: other requests of its owner may begin it too.

    Within the transaction of its first photo that costs no wait for the disk. Raises IntegrityError.
    """
    if batch.pk is not None:
        return batch, False
    new = copy(batch)  # so that `batch` stays one that is not saved, should all of this be rolled back
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        kept = Batch.objects.filter(owner_id=batch.owner_id, uuid=batch.uuid).first()
        if kept is None:
            raise
        return kept, False
    return new, True


def has_room_for(batch: Batch, files: int) -> bool:
    """Whether so many more files may join."""
    return batch.links.count() + batch.rejections.count() + files <= MOST_FILES


def link(batch: Batch, photo: Photo, *, is_new: bool) -> BatchPhoto:
    """Make a photo a part of the batch; one that is a part already stays as it was."""
    part, _ = BatchPhoto.objects.get_or_create(batch=batch, photo=photo, defaults={"is_new": is_new})
    return part


def reject(batch: Batch, rejected: Sequence[Rejected], *, once: bool = False) -> None:
    """Write down files that were not kept; `once`: but those that were written down before by the same request."""
    known = set(batch.rejections.values_list("name", "code")) if once and rejected else set()
    BatchRejection.objects.bulk_create(
        BatchRejection(batch=batch, name=one.name, code=one.code, sentence=one.sentence)
        for one in rejected
        if (one.name, one.code) not in known
    )


def progress_of(batches: Sequence[Batch], *, timed: bool = True) -> dict[int, BatchProgress]:
    """By primary key: two queries however many, and four more when something waits and `timed` asks how long."""
    found = {batch.pk: dict.fromkeys(Status.values, 0) for batch in batches}
    newest = Analysis.objects.filter(photo=OuterRef("photo")).order_by("-pk").values("status")[:1]
    links = BatchPhoto.objects.filter(batch__in=found).order_by().annotate(status=Subquery(newest))
    for pk, status, number in links.values_list("batch_id", "status").annotate(number=Count("pk")):
        found[pk][status or Status.QUEUED] += number
    rejections = BatchRejection.objects.filter(batch__in=found).order_by().values_list("batch_id")
    rejected = dict(rejections.annotate(number=Count("pk")))
    left = _seconds_left(found) if timed else {}
    return {pk: BatchProgress(counts, rejected.get(pk, 0), left.get(pk)) for pk, counts in found.items()}


def _seconds_left(found: dict[int, dict[str, int]]) -> dict[int, int]:
    """By the place in the line of the last photo of each batch."""
    waiting = [pk for pk, counts in found.items() if counts[Status.QUEUED]]
    left = {pk: 0 for pk, counts in found.items() if counts[Status.RUNNING] and not counts[Status.QUEUED]}
    if not waiting or (pace := line.pace()) is None:
        return left
    queued = Analysis.objects.filter(status=Status.QUEUED, photo__batch_links__batch=OuterRef("pk"))
    last = queued.order_by(*(f"-{name}" for name in line.ORDER)).values("pk")[:1]
    chosen = dict(Batch.objects.filter(pk__in=waiting).order_by().values_list("pk", Subquery(last)))
    analyses = Analysis.objects.in_bulk([pk for pk in chosen.values() if pk])
    places, now = line.ahead(list(analyses.values())), timezone.now()
    for pk, analysis in chosen.items():
        if analysis in analyses:
            delay = (analyses[analysis].due_at - now).total_seconds()
            left[pk] = math.ceil(max(line.seconds_left(places[analysis], pace) or 0.0, delay))
    return left


def is_unfinished(batch: Batch) -> bool:
    """Whether some photo of it waits or is being read."""
    return BatchPhoto.objects.filter(batch=batch, photo__analyses__status__in=UNFINISHED).exists()


def to_try_again(batch: Batch) -> QuerySet[Analysis]:
    """What of its photos failed or was stopped last, and can be read again, as the picture is there."""
    pictures = Photo.objects.filter(HAS_PICTURE, batch_links__batch=batch)
    newest = Analysis.objects.filter(photo=OuterRef("photo")).order_by("-pk").values("pk")[:1]
    ended = Analysis.objects.filter(photo__in=pictures, status__in=(Status.FAILED, Status.CANCELLED))
    return ended.filter(pk=Subquery(newest)).order_by("pk")


def number_to_try_again(batch: Batch, progress: BatchProgress) -> int:
    """How many those are; nothing is asked where nothing failed or was stopped."""
    ended = progress.counts[Status.FAILED] + progress.counts[Status.CANCELLED]
    return to_try_again(batch).count() if ended else 0


def delete(batch: Batch, *, photos: bool) -> None:
    """Forget a batch; with `photos` also those that came with it. Photos that were sent before it always stay."""
    new = Photo.objects.filter(batch_links__batch=batch, batch_links__is_new=True).order_by("pk")
    while photos and (chosen := list(new.values_list("pk", flat=True)[:AT_ONCE])):
        with transaction.atomic():
            exports.drop_those_with([batch.owner_id])
            Photo.objects.filter(pk__in=Photo.objects.filter(pk__in=chosen).hold()).delete()
    batch.delete()


def forget_empty() -> int:
    """Batches that have had no photo for long; how many. Theirs may have been deleted, or none was kept."""
    old = Batch.objects.filter(created_at__lt=timezone.now() - EMPTY_FOR)
    empty = old.filter(~Exists(BatchPhoto.objects.filter(batch=OuterRef("pk"))))
    _, removed = empty.delete()
    return removed.get(Batch._meta.label, 0)
