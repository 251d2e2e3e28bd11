"""The app's door: what views, API and commands may do with photos, analyses and faces."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.consent import services as consent
from accounts.erasure.accounting import count_rows, erasing
from accounts.erasure.models import ErasureReceipt, Kind
from accounts.exports import services as exports
from accounts.models import User
from analysis import announcing, batches, bounds, keeping, line, runs, tasks, trail, workers
from analysis.intake import CleanPhoto, Received, Rejected, Upload, clean, receive
from analysis.models import Analysis, Batch, Lane, Photo, Status, UploadKey
from analysis.models.photo import HAS_PICTURE

log = logging.getLogger(__name__)


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


def upload_photos(
    *,
    owner: User,
    uploads: Sequence[Upload],
    lane: Lane = Lane.INTERACTIVE,
    batch: Batch | None = None,
    resumed: datetime | None = None,
) -> UploadOutcome:
    """Keep every readable file as a photo with a waiting analysis; one bad file stops none of the others.

    `batch` is one that the photos join; it is written, if it is new, with the first file, as is one when there is none.
    `resumed`: since when earlier runs of the same request, which died, may have kept photos in that batch; those are
    this one's.

    Raises NotAnsweredError when the person has not said what may be done with their photos, NotNowError when the line
    is full, the person's quota is used up or the storage is; then nothing was kept.
    """
    consent.require_answer(owner)
    bounds.check(owner, len(uploads))
    decision = keeping.decided(owner)
    outcome = UploadOutcome(Batch(owner=owner) if batch is None else batch)
    for upload in uploads:
        _take(owner, receive(upload), lane, outcome, decision=decision, resumed=resumed)
    outcome.batch, _ = batches.saved(outcome.batch)
    if outcome.rejected:
        batches.reject(outcome.batch, outcome.rejected, once=resumed is not None)
    if outcome.linked:  # what is new tells when it is read
        announcing.received(outcome.batch)
    return outcome


def _take(
    owner: User,
    received: Received,
    lane: Lane,
    outcome: UploadOutcome,
    *,
    decision: keeping.Decision,
    resumed: datetime | None,
) -> None:
    """One file: into the list of `outcome` where it belongs. Raises StorageError when it would have been the first."""
    known = Photo.objects.owned_by(owner).filter(sha256=received.sha256).order_by("pk").first()
    if known is not None:
        outcome.batch, _ = batches.saved(outcome.batch)
        part = batches.link(outcome.batch, known, is_new=False)
        if resumed and part.is_new and known.created_at >= resumed and known not in outcome.accepted:
            outcome.accepted.append(known)
        else:
            refresh(known)
            outcome.linked.append(known)
        return
    cleaned = clean(received)
    if isinstance(cleaned, Rejected):
        outcome.rejected.append(cleaned)
        return
    try:
        outcome.accepted.append(_keep(owner, cleaned, lane, decision, outcome))
    except bounds.StorageError:
        if not outcome.accepted:
            raise
        outcome.rejected.append(Rejected(cleaned.name, "no_room", bounds.NO_ROOM_FOR_THIS))


def _keep(owner: User, cleaned: CleanPhoto, lane: Lane, decision: keeping.Decision, outcome: UploadOutcome) -> Photo:
    """Files first, then the row: a row without its file would be a job that cannot be done. Raises StorageError."""
    now = timezone.now()
    photo = Photo(
        owner=owner,
        name=cleaned.name,
        sha256=cleaned.sha256,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.image),
        created_at=now,
        keep=decision.keep,
        erase_at=decision.erase_at(now),
    )
    written = False
    try:
        _store(photo, cleaned)
        with transaction.atomic():
            photo.save(force_insert=True)
            batch, is_new = batches.saved(outcome.batch)
            batch.links.create(photo=photo, is_new=True)
            photo.has_only(_queue(photo, lane))
            if not is_new:  # otherwise nothing can have been told of it
                announcing.joined(batch)
            written = True
    except BaseException:
        if not written:  # a commit that was not answered may have been done: litter is better than a row without files
            _remove_files(photo)
        raise
    outcome.batch = batch
    return photo


def _store(photo: Photo, cleaned: CleanPhoto) -> None:
    try:
        photo.image.save("image.jpg", ContentFile(cleaned.image), save=False)
        photo.thumbnail.save("thumbnail.jpg", ContentFile(cleaned.thumbnail), save=False)
    except Exception as error:  # a full disk is an OSError, and object storages have errors of their own
        log.exception("the storage did not keep a photo: %s", type(error).__name__)
        raise bounds.StorageError from error


def _remove_files(photo: Photo) -> None:
    """What was kept of a photo that came to nothing, also half a file, which has no name in the row yet."""
    try:
        for stored in (photo.image, photo.thumbnail):
            stored.storage.delete(stored.name or stored.field.generate_filename(photo, ""))
    except Exception as error:  # a storage that is down must not hide why nothing was kept
        log.warning("files of a photo could not be removed (%s)", type(error).__name__)


def _queue(photo: Photo, lane: Lane, earlier: Analysis | None = None) -> Analysis:
    """A new analysis in the line, within a transaction. Raises IntegrityError when one is unfinished."""
    analysis = Analysis.objects.create(
        photo=photo,
        owner_id=photo.owner_id,
        earlier=earlier,
        lane=lane,
        turn=line.place(photo.owner_id, lane),
        request_id=trail.request_id(),
    )
    _told_after_commit(analysis)
    return analysis


def _told_after_commit(analysis: Analysis) -> None:
    """Workers and the log hear of what is in the line once it really is."""
    transaction.on_commit(lambda: trail.queued(analysis), robust=True)
    transaction.on_commit(tasks.ring_for_new, robust=True)


def reread_photos(results: Sequence[Analysis]) -> None:
    """Queue the photos of these results, all of one person, behind everything else; the results stay until then.

    Within a transaction that holds the photos' rows, with their pictures and nothing of them under way.
    """
    first = line.place(results[0].owner_id, Lane.RERUN) if results else 0
    again = Analysis.objects.bulk_create(
        Analysis(
            photo_id=result.photo_id,
            owner_id=result.owner_id,
            earlier=result,
            lane=Lane.RERUN,
            turn=turn,
            request_id=trail.request_id(),
        )
        for turn, result in enumerate(results, start=first)
    )
    transaction.on_commit(lambda: _tell_of(again), robust=True)


def _tell_of(many: Sequence[Analysis]) -> None:
    for analysis in many:
        trail.queued(analysis)
    tasks.ring_for_waiting(lost=len(many))


def delete_photo(photo: Photo) -> ErasureReceipt:
    """Remove a photo, everything read from it and, once that is committed, its files."""
    with erasing(Kind.PHOTO) as receipt, transaction.atomic():
        exports.drop_those_with([photo.owner_id])
        Photo.objects.filter(pk=photo.pk).hold()
        UploadKey.objects.naming(photo).delete()  # sent again under its key, the upload brings it anew
        _, rows = photo.delete()
        count_rows(rows)
    return receipt


def refresh(photo: Photo) -> None:
    """Its owner wants a result once more: try again what failed or was stopped, read again what older models read.

    Nothing happens where the picture was not kept.
    """
    newest = photo.newest
    if newest is None or not retry_analysis(newest):
        reread_photo(photo, lane=Lane.INTERACTIVE)


def retry_analysis(analysis: Analysis, *, lane: Lane = Lane.INTERACTIVE) -> bool:
    """Queue a failed or stopped analysis again with fresh attempts.

    False when there is nothing to try again, or no picture to read.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            if not _hold_picture(analysis.photo_id):
                return False
            changed = Analysis.objects.filter(pk=analysis.pk, status__in=(Status.FAILED, Status.CANCELLED)).update(
                status=Status.QUEUED,
                lane=lane,
                turn=line.place(analysis.owner_id, lane),
                request_id=trail.request_id(),
                attempts=0,
                queued_at=now,
                due_at=now,
                started_at=None,
                finished_at=None,
                failure_code="",
                failure_sentence="",
                last_error="",
            )
            if changed:
                _told_after_commit(analysis)
    except IntegrityError:  # a newer one of the same photo is under way
        return False
    return bool(changed)


def retry_batch(batch: Batch) -> tuple[int, int]:
    """Queue again what of a batch failed or was stopped, each in the lane where it was, `batches.AT_ONCE` at most.

    How many that were, and how many are left.
    """
    ended = batches.to_try_again(batch)
    queued = sum(retry_analysis(one, lane=Lane(one.lane)) for one in list(ended[: batches.AT_ONCE]))
    return queued, ended.count()


def _hold_picture(photo_id: int) -> bool:
    """Whether there is one; within a transaction, until whose end it is not let go of."""
    held = Photo.objects.filter(HAS_PICTURE, pk=photo_id).order_by().select_for_update()
    return held.values_list("pk", flat=True).first() is not None


def cancel_analysis(analysis: Analysis) -> bool:
    """Stop an analysis that waits or is being read; False when it is finished. Its photo stays."""
    stopped = runs.cancel(analysis)
    if stopped:
        trail.stopped(analysis)
    return stopped


def lacking(analysis: Analysis) -> frozenset[str]:
    """Attributes that its owner agrees to by now, and of which a face of it has no estimate."""
    allowed = consent.attributes_allowed(analysis.owner_id)
    held = [face.attributes for face in analysis.faces.all()]
    return allowed - frozenset.intersection(*held) if held else frozenset()


def is_outdated(analysis: Analysis) -> bool:
    """Whether the workers that are there now read with other models than this result was made with."""
    now = workers.versions()
    return bool(now) and (analysis.engine_version, analysis.model_version) not in now


def _could_be_better(result: Analysis | None) -> bool:
    """Whether it is a result to which another reading would add something."""
    return result is not None and result.status == Status.DONE and (is_outdated(result) or bool(lacking(result)))


def reread_photo(photo: Photo, *, lane: Lane = Lane.RERUN) -> Analysis | None:
    """Read a photo again, by newer models or for what its owner agrees to by now, keeping the result there is.

    None when there is no result yet, when it is of the models that read now and lacks nothing, when an analysis is
    under way, or when the picture was not kept.
    """
    if not _could_be_better(photo.latest):  # the most frequent answer, and one for which nothing is locked
        return None
    try:
        with transaction.atomic():
            if not _hold_picture(photo.pk):
                return None
            # of two who ask, the second finds what the first asked for, whether that is done by now or not
            now = Photo.objects.with_results().get(pk=photo.pk)
            if now.newest is None or not now.newest.is_finished or not _could_be_better(now.latest):
                return None
            return _queue(photo, lane, earlier=now.latest)
    except IntegrityError:
        return None
