"""The app's door: what views, API and commands may do with photos, analyses and faces."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.consent import services as consent
from accounts.erasure.accounting import count_rows, erasing
from accounts.erasure.models import ErasureReceipt, Kind
from accounts.exports import services as exports
from accounts.models import User
from analysis import announcing, batches, bounds, keeping, runs, trail, workers
from analysis.entering import enter, give_turns, told_after_commit
from analysis.intake import Upload
from analysis.models import UNFINISHED, Analysis, Batch, Lane, Photo, Status, UploadKey
from analysis.models.photo import HAS_PICTURE
from analysis.taking import Taking, UploadOutcome, groups


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
    outcome = UploadOutcome(Batch(owner=owner) if batch is None else batch)
    taking = Taking(owner, lane, outcome, decision=keeping.decided(owner), resumed=resumed)
    for group in groups(uploads):
        before = len(outcome.linked)
        taking.take(group)
        for photo in outcome.linked[before:]:
            refresh(photo)
    outcome.batch, _ = batches.saved(outcome.batch)
    if outcome.rejected:
        batches.reject(outcome.batch, outcome.rejected, once=resumed is not None)
    if outcome.linked:  # what is new tells when it is read
        announcing.received(outcome.batch)
    return outcome


def reread_photos(results: Sequence[Analysis]) -> None:
    """Queue the photos of these results, all of one person, behind everything else; the results stay until then.

    Within a transaction that holds the photos' rows, with their pictures and nothing of them under way.
    """
    enter(
        [
            Analysis(photo_id=result.photo_id, owner_id=result.owner_id, earlier=result, lane=Lane.RERUN)
            for result in results
        ]
    )


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
    return retry_analyses([analysis], lane=lane) == 1


@transaction.atomic
def retry_analyses(analyses: Sequence[Analysis], *, lane: Lane | None = None) -> int:
    """The same for many, in `lane` or each where it was; how many were queued. Of a photo only the last is."""
    photos = Photo.objects.filter(HAS_PICTURE, pk__in={analysis.photo_id for analysis in analyses})
    held = photos.hold()  # so nothing of them comes into the line meanwhile
    ended = Analysis.objects.filter(pk__in=[analysis.pk for analysis in analyses], photo__in=held)
    under_way = Analysis.objects.filter(photo=OuterRef("photo"), status__in=UNFINISHED)
    again = ended.filter(~Exists(under_way), status__in=(Status.FAILED, Status.CANCELLED)).order_by("pk")
    chosen = list({analysis.photo_id: analysis for analysis in again}.values())
    if not chosen:
        return 0
    for analysis in chosen:
        analysis.lane = analysis.lane if lane is None else lane
    give_turns(chosen)
    Analysis.objects.bulk_update(chosen, ["lane", "turn"], batch_size=100)
    now = timezone.now()
    Analysis.objects.filter(pk__in=[analysis.pk for analysis in chosen]).update(
        status=Status.QUEUED,
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
    told_after_commit(chosen)
    return len(chosen)


def retry_batch(batch: Batch) -> tuple[int, int]:
    """Queue again what of a batch failed or was stopped, each in the lane where it was, `batches.AT_ONCE` at most.

    How many that were, and how many are left.
    """
    ended = batches.to_try_again(batch)
    queued = retry_analyses(list(ended[: batches.AT_ONCE]))
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
            return enter([Analysis(photo=photo, owner_id=photo.owner_id, earlier=now.latest, lane=lane)])[0]
    except IntegrityError:
        return None
