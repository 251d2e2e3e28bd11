"""What this app holds about a person; see `accounts.personal`."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction

from accounts.erasure.accounting import count_rows
from accounts.models import User
from accounts.personal import Enclosure, Holding, register
from analysis.models import Analysis, Batch, Face, Keeping, Photo, Renewal, Review, UploadKey

AT_ONCE: Final = 500
"""Photos that are deleted in one transaction when their owner leaves: memory does not grow with how many there are."""

CHUNK: Final = 200

PHOTOS: Final = ("analysis.photo", "analysis.analysis", "analysis.face", "analysis.correction", "analysis.deadletter")
BATCHES: Final = ("analysis.batch", "analysis.batchphoto", "analysis.batchrejection")
REVIEWS: Final = ("analysis.review", "analysis.historicalreview")


def register_all() -> None:
    """Photos with everything read from them, and what reviewers decided."""
    register(Holding("keeping", ("analysis.keeping",), _keeping))
    register(Holding("photos", PHOTOS, _photos, enclosures=_pictures, erase=remove_photos))
    register(Holding("batches", BATCHES, _batches))
    register(Holding("reading again", ("analysis.renewal",), _renewal))
    register(Holding("upload keys", ("analysis.uploadkey",), _upload_keys))
    register(Holding("reviews of my faces", REVIEWS, _reviews_of_mine))
    register(Holding("reviews by me", REVIEWS, _reviews_by_me, erase=_leave_reviews))


def _keeping(person: User) -> dict[str, Any] | None:
    chosen = Keeping.objects.filter(person=person).first()
    return {"keep": chosen.keep, "days": chosen.days} if chosen else None


def _renewal(person: User) -> dict[str, Any] | None:
    """What they asked for; what was counted is in the photos anyway."""
    kept = Renewal.objects.filter(person=person).values("asked_at", "queued", "through_at").first()
    return dict(kept) if kept else None


def _photos(person: User) -> Iterator[dict[str, Any]]:
    photos = Photo.objects.owned_by(person).with_results().order_by("pk")
    return (_photo(photo) for photo in photos.iterator(chunk_size=CHUNK))


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "id": photo.uuid,
        "name": photo.name,
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "size": photo.size,
        "uploaded_at": photo.created_at,
        "keep": photo.keep,
        "erase_at": photo.erase_at,
        "file": f"photos/{photo.uuid}.jpg" if photo.has_picture else None,
        "analyses": [_analysis(one) for one in sorted(photo.analyses.all(), key=lambda analysis: analysis.pk)],
    }


PLAIN_OF_ANALYSIS: Final = (
    "status", "queued_at", "started_at", "finished_at", "attempts", "engine_version", "model_version", "failure_code",
    "failure_sentence", "request_id", "timings_ms",
)  # fmt: skip


def _analysis(analysis: Analysis) -> dict[str, Any]:
    plain = {name: getattr(analysis, name) for name in PLAIN_OF_ANALYSIS}
    return {"id": analysis.uuid, **plain, "faces": [_face(face) for face in analysis.faces.all()]}


PLAIN_OF_FACE: Final = (
    "x", "y", "width", "height", "landmarks", "quality", "age_years", "age_low", "age_high", "age_widening",
    "age_bucket", "gender", "gender_confidence", "emotion", "emotion_confidence", "probabilities",
)  # fmt: skip
SAID: Final = ("age_years", "gender", "emotion", "note")


def _face(face: Face) -> dict[str, Any]:
    return {
        "id": face.uuid,
        **{name: getattr(face, name) for name in PLAIN_OF_FACE},
        "file": f"faces/{face.uuid}.jpg" if face.crop.name else None,
        "corrections": [
            {name: getattr(one, name) for name in (*SAID, "not_a_face", "created_at")} for one in face.corrections.all()
        ],
    }


def _batches(person: User) -> Iterator[dict[str, Any]]:
    found = Batch.objects.owned_by(person).prefetch_related("photos", "rejections").order_by("pk")
    for batch in found.iterator(chunk_size=CHUNK):
        yield {
            "id": batch.uuid,
            "label": batch.label,
            "created_at": batch.created_at,
            "photos": [photo.uuid for photo in batch.photos.all()],
            "rejected": [{"name": one.name, "code": one.code} for one in batch.rejections.all()],
        }


def _upload_keys(person: User) -> Iterator[dict[str, Any]]:
    """They are forgotten after a day."""
    for key, created_at in UploadKey.objects.filter(owner=person).order_by("pk").values_list("key", "created_at"):
        yield {"key": key, "created_at": created_at}


def _reviews_of_mine(person: User) -> Iterator[dict[str, Any]]:
    """Every decision there was about the person's faces; not who made it."""
    of_mine = Review.history.filter(face__analysis__owner=person).order_by("history_id")
    yield from of_mine.values("face__uuid", "verdict", *SAID, "history_date").iterator(chunk_size=CHUNK)


def _reviews_by_me(person: User) -> Iterator[dict[str, Any]]:
    """What the person decided as a reviewer; not about whom."""
    by_me = Review.objects.filter(reviewer=person).order_by("pk")
    yield from by_me.values("verdict", *SAID, "reviewed_at").iterator(chunk_size=CHUNK)


def _pictures(person: User) -> Iterator[Enclosure]:
    own = Photo.objects.owned_by(person).order_by("pk")
    for uuid, name in own.exclude(image="").values_list("uuid", "image").iterator(chunk_size=CHUNK):
        yield Enclosure(f"photos/{uuid}.jpg", name)
    cut = Face.objects.owned_by(person).exclude(crop="").order_by("pk")
    for uuid, name in cut.values_list("uuid", "crop").iterator(chunk_size=CHUNK):
        yield Enclosure(f"faces/{uuid}.jpg", name)


def remove_photos(person: User) -> None:
    """Of a person who is about to be deleted, a few hundred at a time."""
    photos = Photo.objects.filter(owner=person).order_by("pk")
    while chosen := list(photos.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            _, rows = Photo.objects.filter(pk__in=Photo.objects.filter(pk__in=chosen).hold()).delete()
        count_rows(rows)


def _leave_reviews(person: User) -> None:
    """What they decided about faces of others stays, without their number."""
    Review.history.filter(reviewer_id=person.pk).update(reviewer_id=None)
    Review.history.filter(history_user_id=person.pk).update(history_user_id=None)
    Review.objects.filter(reviewer=person).update(reviewer=None)
