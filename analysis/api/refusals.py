"""Why the API does not do what was asked, each with a code for programs and a sentence for people."""

from typing import Final

from rest_framework import status
from rest_framework.exceptions import APIException

from analysis.bounds import BusyError, NotNowError, QueueFullError, QuotaError, StorageError

NOT_NOW: Final[dict[type[Exception], str]] = {
    QueueFullError: "queue_full",
    QuotaError: "quota_reached",
    StorageError: "storage_full",
    BusyError: "busy",
    NotNowError: "not_now",
}
"""The code of each bound; the last is for those that have none of their own."""


class TurnedAwayError(APIException):
    """Nothing is wrong with the photos, they come at the wrong time; the answer has Retry-After in seconds."""

    def __init__(self, reason: NotNowError) -> None:
        """With the sentence of `reason`, which says when to come back too."""
        code = next(NOT_NOW[kind] for kind in type(reason).__mro__ if kind in NOT_NOW)
        super().__init__(reason.sentence, code)
        self.status_code = reason.status
        self.wait = max(reason.retry_after_s, 1)


class KeyMismatchError(APIException):
    """An Idempotency-Key stands for one content."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_mismatch"
    default_detail = "This Idempotency-Key was used for other photos or another lane or batch. Use a new key for these."


class KeyInProgressError(APIException):
    """The first request with the key has not been answered."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "idempotency_in_progress"
    default_detail = "The same upload is under way. Send it again under the same key to hear what became of it."
    wait = 2
    """Seconds, for Retry-After."""


class SwitchedOffError(APIException):
    """This installation does not offer it."""

    status_code = status.HTTP_404_NOT_FOUND
    default_code = "switched_off"
    default_detail = "This Facet does not read photos without keeping them. Upload the photo, and delete it afterwards."


class UnreadableError(APIException):
    """The photo itself is what is wrong."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, code: str, sentence: str) -> None:
        """As intake says it."""
        super().__init__(sentence, code)


class ConflictError(APIException):
    """The photo is not in the state for what was asked."""

    status_code = status.HTTP_409_CONFLICT


class NotFailedError(ConflictError):
    """Only what failed or was stopped can be tried again."""

    default_code = "not_failed"
    default_detail = "This photo's analysis has not failed, so there is nothing to try again."


class NoneFailedError(NotFailedError):
    """Of a batch."""

    default_detail = (
        "No photo of this batch has failed or was stopped and still has its picture, so there is nothing to try again."
    )


class NotUnfinishedError(ConflictError):
    """Only what waits or is being read can be stopped."""

    default_code = "not_unfinished"
    default_detail = "This photo is neither waiting nor being read, so there is nothing to stop."


class UnfinishedError(ConflictError):
    """One analysis of a photo at a time."""

    default_code = "unfinished"
    default_detail = "This photo waits or is being read. Ask again when that is finished."


class NotOutdatedError(ConflictError):
    """There is nothing newer than what the photo has."""

    default_code = "not_outdated"
    default_detail = "This photo's result is of the models that read now, as far as is known; it stays."


class NoResultError(ConflictError):
    """Reading again is for photos with a result; the others are tried again."""

    default_code = "no_result"
    default_detail = "This photo has no result yet that could be renewed. Try it again with retry."


class NotKeptError(ConflictError):
    """Reading needs the picture."""

    default_code = "not_kept"
    default_detail = (
        "The picture of this photo was not kept, so it cannot be read again. Delete the photo and upload the file anew."
    )


class PictureNotKeptError(APIException):
    """What stays of a photo was chosen before it was sent."""

    status_code = status.HTTP_410_GONE
    default_code = "not_kept"
    default_detail = "The picture of this photo was not kept; see its keep, and keeping/ for what stays of new ones."


class ReviewedMeanwhileError(ConflictError):
    """Two reviewers at the same face."""

    default_code = "reviewed_meanwhile"
    default_detail = (
        "Somebody else has decided about this face meanwhile. Look at it again; if you still disagree, send its new "
        "reviewed_at."
    )


class FaceNotKeptError(APIException):
    """There is nothing to cut it out of."""

    status_code = status.HTTP_410_GONE
    default_code = "not_kept"
    default_detail = "Of this photo only the results were kept: there is no picture of the face."


class CropNotKeptError(APIException):
    """Faces are cut out only where `keep` says so, once the photo was read."""

    status_code = status.HTTP_410_GONE
    default_code = "not_kept"
    default_detail = (
        "There is no picture of this face by itself. If the photo's image_url is not null, cut it out of that."
    )
