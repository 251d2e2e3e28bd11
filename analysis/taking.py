"""From the files of one upload to photos in the line: small files in groups, each of which is one transaction.

Of what an upload costs the database, and a web server that talks to it, most is the same for one photo and for ten.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from analysis import announcing, batches, bounds, keeping
from analysis.entering import enter
from analysis.intake import CleanPhoto, Received, Rejected, Upload, clean, receive
from analysis.models import Analysis, Batch, BatchPhoto, Lane, Photo

log = logging.getLogger(__name__)

GROUP_FILES: Final = 10
GROUP_BYTES: Final = 8_000_000
"""A group ends before a file with which it would be larger: all of it is in memory."""
GROUP_S: Final = 0.5
"""After so long what is there of a group is written, so that nothing waits long for the files beside it."""


@dataclass(slots=True)
class UploadOutcome:
    """What became of the files of one upload, in their order within each list.

    What is `accepted` has its analysis at hand. `linked` are photos that their owner had sent before, byte for byte:
    there is nothing new to keep. All of them, and what was rejected, are in `batch`.
    """

    batch: Batch
    accepted: list[Photo] = field(default_factory=list)
    linked: list[Photo] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def groups(uploads: Iterable[Upload]) -> Iterator[list[Received]]:
    """Files that are taken together, in their order; no two with the same bytes."""
    group: list[Received] = []
    for upload in uploads:
        one = receive(upload)
        if group and not _fits(one, group):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _fits(one: Received, group: Sequence[Received]) -> bool:
    size = sum(len(other.data) for other in group)
    again = any(other.sha256 == one.sha256 for other in group)
    return len(group) < GROUP_FILES and size + len(one.data) <= GROUP_BYTES and not again


class Taking:
    """Takes the groups of one upload: each file goes into the list of `outcome` where it belongs.

    `resumed`: since when earlier runs of the same request, which died, may have kept photos; those are this one's.
    """

    def __init__(
        self,
        owner: User,
        lane: Lane,
        outcome: UploadOutcome,
        *,
        decision: keeping.Decision,
        resumed: datetime | None = None,
    ) -> None:
        self._owner, self._lane, self._outcome = owner, lane, outcome
        self._decision, self._resumed = decision, resumed
        self._stored: list[Photo] = []
        """Photos of which the files are there, and the rows not yet."""

    def take(self, group: Sequence[Received]) -> None:
        """One bad file stops none of the others. Raises StorageError when nothing at all was kept for want of room.

        What it raises leaves no files without rows, unless the database did not answer whether it has the rows.
        """
        same = Photo.objects.owned_by(self._owner).filter(sha256__in=[one.sha256 for one in group])
        known = {photo.sha256: photo for photo in same.order_by("-pk")}
        new = [one for one in group if not self._links(known.get(one.sha256))]
        try:
            began = time.monotonic()
            for one in new:
                self._store(clean(one))
                if time.monotonic() - began > GROUP_S:
                    self._write()
                    began = time.monotonic()
            self._write()
        except BaseException:
            _remove_files(self._stored)
            raise

    def _links(self, known: Photo | None) -> bool:
        """Whether it is a part of the batch now; False where there is none, or none any more."""
        if known is None:
            return False
        self._outcome.batch, _ = batches.saved(self._outcome.batch)
        try:
            part = batches.link(self._outcome.batch, known, is_new=False)
        except IntegrityError:
            return False
        if self._resumed and part.is_new and known.created_at >= self._resumed and known not in self._outcome.accepted:
            self._outcome.accepted.append(known)
        else:
            self._outcome.linked.append(known)
        return True

    def _store(self, cleaned: CleanPhoto | Rejected) -> None:
        """Files first, then the row: a row without its file would be a job that cannot be done."""
        if isinstance(cleaned, Rejected):
            self._outcome.rejected.append(cleaned)
            return
        try:
            self._stored.append(self._with_files(cleaned))
        except bounds.StorageError:
            self._write()
            if not self._outcome.accepted:
                raise
            self._outcome.rejected.append(Rejected(cleaned.name, "no_room", bounds.NO_ROOM_FOR_THIS))

    def _with_files(self, cleaned: CleanPhoto) -> Photo:
        """Raises StorageError, and leaves nothing then."""
        now = timezone.now()
        photo = Photo(
            owner=self._owner,
            name=cleaned.name,
            sha256=cleaned.sha256,
            width=cleaned.width,
            height=cleaned.height,
            size=len(cleaned.image),
            created_at=now,
            keep=self._decision.keep,
            erase_at=self._decision.erase_at(now),
        )
        try:
            photo.image.save("image.jpg", ContentFile(cleaned.image), save=False)
            photo.thumbnail.save("thumbnail.jpg", ContentFile(cleaned.thumbnail), save=False)
        except BaseException as error:
            _remove_files([photo])
            if not isinstance(error, Exception):
                raise
            # a full disk is an OSError, and object storages have errors of their own
            log.exception("the storage did not keep a photo: %s", type(error).__name__)
            raise bounds.StorageError from error
        return photo

    def _write(self) -> None:
        """The rows of what is stored, in one transaction."""
        if not self._stored:
            return
        asked = False
        try:
            with transaction.atomic():
                photos = Photo.objects.bulk_create(self._stored)
                batch, is_new = batches.saved(self._outcome.batch)
                BatchPhoto.objects.bulk_create(BatchPhoto(batch=batch, photo=photo, is_new=True) for photo in photos)
                waiting = [Analysis(photo=photo, owner_id=photo.owner_id, lane=self._lane) for photo in photos]
                for photo, analysis in zip(photos, enter(waiting), strict=True):
                    photo.has_only(analysis)
                if not is_new:  # otherwise nothing can have been told of it
                    announcing.joined(batch)
                asked = True
        except BaseException as error:
            # Owner or batch gone meanwhile is a refusal of the commit. Any other commit that was asked for may have
            # been done: litter is better than a row without files.
            if asked and not isinstance(error, IntegrityError):
                self._stored = []
            raise
        self._stored = []
        self._outcome.batch = batch
        self._outcome.accepted += photos


def _remove_files(photos: Iterable[Photo]) -> None:
    """What was kept of photos that came to nothing, also half a file, which has no name in the row yet."""
    for photo in photos:
        for stored in (photo.image, photo.thumbnail):
            try:
                stored.storage.delete(stored.name or stored.field.generate_filename(photo, ""))
            except Exception as error:  # a storage that is down must not hide why nothing was kept
                log.warning("files of a photo could not be removed (%s)", type(error).__name__)
