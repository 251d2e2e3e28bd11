"""The app's door: what views, API and commands may do with photos, analyses and faces."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analysis import tasks, trail
from analysis.intake import CleanPhoto, Rejected, Upload, clean
from analysis.models import Analysis, Correction, Face, Photo, Review, Status, Verdict

log = logging.getLogger(__name__)


@dataclass(slots=True)
class UploadOutcome:
    """What became of the files of one upload, in their order within each list."""

    accepted: list[Photo] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def upload_photos(*, owner: User, uploads: Iterable[Upload]) -> UploadOutcome:
    """Keep every readable file as a photo with a waiting analysis; one bad file stops none of the others."""
    outcome = UploadOutcome()
    for upload in uploads:
        cleaned = clean(upload)
        if isinstance(cleaned, Rejected):
            outcome.rejected.append(cleaned)
        else:
            outcome.accepted.append(_keep(owner, cleaned))
    return outcome


def _keep(owner: User, cleaned: CleanPhoto) -> Photo:
    """Files first, then the row: a row without its file would be a job that cannot be done."""
    photo = Photo(
        owner=owner,
        name=cleaned.name,
        sha256=cleaned.sha256,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.image),
    )
    photo.image.save("image.jpg", ContentFile(cleaned.image), save=False)
    photo.thumbnail.save("thumbnail.jpg", ContentFile(cleaned.thumbnail), save=False)
    try:
        with transaction.atomic():
            photo.save()
            analysis = Analysis.objects.create(photo=photo)
            _ring_after_commit(analysis)
    except BaseException:
        photo.remove_files()
        raise
    trail.queued(analysis)
    return photo


def _ring_after_commit(analysis: Analysis) -> None:
    transaction.on_commit(lambda: _ring(analysis.pk), robust=True)


def _ring(analysis_id: int) -> None:
    """Tell the workers. A broker that is down costs a delay, never the upload: the sweep rings again."""
    try:
        tasks.read.apply_async((analysis_id,), retry=False)
    except Exception as error:  # kombu raises its transports' own errors
        log.warning("the broker did not take analysis %s: %s", analysis_id, error)


def delete_photo(photo: Photo) -> None:
    """Remove a photo, everything read from it and, once that is committed, its files."""
    photo.delete()


def retry_analysis(analysis: Analysis) -> bool:
    """Queue a failed analysis again with fresh attempts; False when it has not failed."""
    with transaction.atomic():
        now = timezone.now()
        changed = Analysis.objects.filter(pk=analysis.pk, status=Status.FAILED).update(
            status=Status.QUEUED,
            attempts=0,
            queued_at=now,
            due_at=now,
            started_at=None,
            finished_at=None,
            failure_code="",
            failure_sentence="",
        )
        if changed:
            _ring_after_commit(analysis)
    if changed:
        trail.queued(analysis)
    return bool(changed)


def correct_face(
    *,
    face: Face,
    author: User,
    age_years: int | None = None,
    gender: str = "",
    emotion: str = "",
    not_a_face: bool = False,
    note: str = "",
) -> Correction:
    """The owner says "this is wrong"; a later correction replaces the earlier one as the one that counts."""
    return Correction.objects.create(
        face=face, author=author, age_years=age_years, gender=gender, emotion=emotion, not_a_face=not_a_face, note=note
    )


def withdraw_corrections(*, face: Face, author: User) -> int:
    """Take back everything `author` said about a face; how many corrections that removed."""
    removed, _ = Correction.objects.filter(face=face, author=author).delete()
    return removed


def review_face(
    *,
    face: Face,
    reviewer: User,
    verdict: Verdict,
    age_years: int | None = None,
    gender: str = "",
    emotion: str = "",
    note: str = "",
) -> Review:
    """A reviewer decides about a face; deciding again changes the decision and keeps its history."""
    review, _ = Review.objects.update_or_create(
        face=face,
        defaults={
            "reviewer": reviewer,
            "verdict": verdict,
            "age_years": age_years,
            "gender": gender,
            "emotion": emotion,
            "note": note,
            "reviewed_at": timezone.now(),
        },
    )
    return review
