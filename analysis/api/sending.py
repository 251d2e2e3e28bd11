"""One upload through the API, also one that comes again under its Idempotency-Key."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.api.consent import ConsentMissingError
from accounts.consent.services import NotAnsweredError
from accounts.models import User
from analysis import batches, idempotency, services
from analysis.api.refusals import KeyInProgressError, KeyMismatchError, TurnedAwayError
from analysis.api.serializers import DEFAULT_LANE, PhotoUploadInput
from analysis.bounds import NotNowError
from analysis.idempotency import InProgressError, MismatchError, Told
from analysis.models import Batch, Photo, UploadKey
from analysis.taking import UploadOutcome

HEADER: Final = "Idempotency-Key"


class Sending:
    """What one request sends. Raises ValidationError for what is missing or wrong about it."""

    def __init__(self, request: Request, owner: User) -> None:
        """Nothing is kept yet. `new` are afterwards those that were, where nothing else needs to be told."""
        self.new: list[Photo] | None = None
        self._owner = owner
        self._key = _key(request)
        form: Any = request.data
        lane = form.get("lane", request.query_params.get("lane", DEFAULT_LANE))
        named = {name: form[name] for name in ("batch", "label") if form.get(name)}
        self._entered = PhotoUploadInput(data={"photos": request.FILES.getlist("photos"), "lane": lane, **named})
        self._entered.is_valid(raise_exception=True)
        self._files = self._entered.validated_data["photos"]
        self._label = self._entered.validated_data.get("label", "")
        self._batch: UUID | None = self._entered.validated_data.get("batch")
        if self._batch and self._label:
            raise ValidationError({"label": "A batch keeps the label that it began with. Leave out one of the two."})

    def done(self) -> tuple[Told, int]:
        """What became of the files, and the status of the first answer. Raises APIException when nothing was done."""
        if self._key is None:
            return self._kept(None)
        row = self._claimed(self._key)
        if (told := idempotency.told_before(row)) is not None:
            return told, row.status_code or status.HTTP_202_ACCEPTED
        try:
            told, status_code = self._kept(row)
        except BaseException:
            idempotency.release(row)
            raise
        idempotency.finish(row, told, status_code)
        return told, status_code

    def _claimed(self, key: str) -> UploadKey:
        said = [self._entered.validated_data["lane"], str(self._batch or ""), self._label]
        content = idempotency.fingerprint(said, self._files)
        try:
            return idempotency.claim(owner=self._owner, key=key, content=content, batch=self._batch or uuid4())
        except MismatchError:
            raise KeyMismatchError from None
        except InProgressError:
            raise KeyInProgressError from None

    def _kept(self, row: UploadKey | None) -> tuple[Told, int]:
        try:
            outcome = services.upload_photos(
                owner=self._owner,
                uploads=self._files,
                lane=self._entered.entered_lane,
                batch=self._joined(row),
                resumed=row.created_at if row else None,
            )
        except NotAnsweredError as reason:
            raise ConsentMissingError from reason
        except NotNowError as reason:
            raise TurnedAwayError(reason) from reason
        self.new = None if outcome.linked or row else outcome.accepted
        return Told.of(outcome), _status_of(outcome)

    def _joined(self, row: UploadKey | None) -> Batch:
        """An own one that has room, or a new one; an upload that goes on has its own."""
        batch = batches.joined(self._owner, self._batch or (row.batch if row else None))
        if self._batch is None:
            batch.label = batch.label or self._label
            return batch
        if batch.pk is None:
            raise ValidationError({"batch": "There is no such batch of yours. Leave it out to begin a new one."})
        if not batches.has_room_for(batch, len(self._files)):
            most = f"{batches.MOST_FILES:,}"
            raise ValidationError({"batch": f"A batch holds {most} files, and these would be more. Begin a new one."})
        return batch


def _status_of(outcome: UploadOutcome) -> int:
    """Of the first answer: what is new is 202, even if it was read at once."""
    if outcome.accepted:
        return status.HTTP_202_ACCEPTED
    if not outcome.linked:
        return status.HTTP_400_BAD_REQUEST
    fresh = Photo.objects.filter(pk__in=[photo.pk for photo in outcome.linked]).prefetch_related("analyses")
    return status.HTTP_200_OK if all_finished(fresh) else status.HTTP_202_ACCEPTED


def all_finished(photos: Iterable[Photo]) -> bool:
    """Whether nothing more happens to any of these by itself."""
    return all(photo.newest is None or photo.newest.is_finished for photo in photos)


def _key(request: Request) -> str | None:
    written = request.headers.get(HEADER)
    if written is None:
        return None
    try:
        return idempotency.key_of(written)
    except ValueError as error:
        raise ValidationError({HEADER: str(error)}, code="invalid") from None
