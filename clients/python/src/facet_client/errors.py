"""What can go wrong, one class for each thing that a program would handle differently.

FacetError
├── ConnectionFailed        no answer: no such host, refused, broken off, too slow
├── InsecureAddress         the token would travel in the clear
├── UnexpectedAnswer        an answer that is not of Facet's API
├── WaitTimedOut            photos that were not read in the time given
├── Invalid                 400: a value is missing or wrong, see `errors`
│   └── TooManyFiles        more photos in a request than this server takes
├── NotAuthenticated        401: no token, or one that is wrong or has been deleted
├── PermissionRefused       403
│   └── ScopeMissing        the token was not made for this
├── NotFound                404: nothing there, or it is not yours
├── Conflict                409: not in the state for what was asked
├── TooLarge                413: a proxy in front of Facet takes no request of this size
├── NotNow                  try the same again in `retry_after` seconds
│   ├── TooManyRequests     429
│   ├── QuotaReached        429: as many photos as you may send in a day
│   ├── QueueFull           503: too many photos wait to be read
│   ├── Unavailable         503: the server is not ready
│   └── StorageFull         507: the server has no room
├── NotVerified             what came by a webhook is not from your Facet
└── ServerFailed            any other 5xx
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from facet_client.answers import FieldError, Photo


class FacetError(Exception):
    """The base of all. What the server did not say is empty or None.

    `status` is the HTTP status, `code` a word for programs, `detail` a sentence for people, `errors` one entry for each
    wrong field and `retry_after` the seconds until trying again is worth it.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        code: str = "",
        errors: Iterable[FieldError] = (),
        retry_after: float | None = None,
    ) -> None:
        """All but the sentence by keyword."""
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.retry_after = retry_after


class ConnectionFailed(FacetError):
    """No answer came. Whether the server did what was asked is not known."""


class InsecureAddress(FacetError):
    """An http:// address of another machine: whoever is between would read the token."""


class UnexpectedAnswer(FacetError):
    """Something else than Facet answered, or a Facet that this client does not know."""


class WaitTimedOut(FacetError):
    """`finished` are the photos that were read in time, `unfinished` the ids of the others; those are read later."""

    def __init__(self, detail: str, *, finished: Iterable[Photo], unfinished: Iterable[str]) -> None:
        """With what is there already."""
        super().__init__(detail)
        self.finished = tuple(finished)
        self.unfinished = tuple(unfinished)


class Invalid(FacetError):
    """A value is missing or wrong."""


class TooManyFiles(Invalid):
    """More photos in one request than this server takes."""


class NotAuthenticated(FacetError):
    """The server does not know this token."""


class PermissionRefused(FacetError):
    """Known, but may not do this."""


class ScopeMissing(PermissionRefused):
    """The token is right, and was made without what this needs. A token keeps its scopes: make another."""


class NotFound(FacetError):
    """Nothing there, or it is not yours: the server does not tell which."""


class Conflict(FacetError):
    """The thing is not in the state for what was asked; `code` says in which it is."""


class TooLarge(FacetError):
    """The request is larger than what stands before the server lets through."""


class NotNow(FacetError):
    """Nothing is wrong with what was asked; it came at the wrong time, and was not done."""


class TooManyRequests(NotNow):
    """More requests in a minute than the server allows."""


class QuotaReached(NotNow):
    """As many photos as one person may send in a day."""


class QueueFull(NotNow):
    """Too many photos wait to be read."""


class Unavailable(NotNow):
    """The server is not ready."""


class StorageFull(NotNow):
    """The server has no room for photos; somebody has to mend that first."""


class ServerFailed(FacetError):
    """The server's own fault."""


BY_CODE: Final[Mapping[str, type[FacetError]]] = {
    "scope_missing": ScopeMissing,
    "too_many_files": TooManyFiles,
    "quota_reached": QuotaReached,
    "queue_full": QueueFull,
    "storage_full": StorageFull,
    "not_now": NotNow,
}
BY_STATUS: Final[Mapping[int, type[FacetError]]] = {
    400: Invalid,
    401: NotAuthenticated,
    403: PermissionRefused,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    429: TooManyRequests,
    503: Unavailable,
    507: StorageFull,
}


def error_of(status: int, body: Any, retry_after: float | None) -> FacetError:
    """The error that an answer stands for; `body` is the decoded problem+json, or anything else."""
    told: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    code = str(told.get("code", ""))
    kind = BY_CODE.get(code) or BY_STATUS.get(status) or (ServerFailed if status >= 500 else UnexpectedAnswer)
    detail = told.get("detail") or _SENTENCES.get(status) or f"The server answered with HTTP status {status}."
    return kind(str(detail), status=status, code=code, errors=_fields(told), retry_after=retry_after)


_SENTENCES: Final[Mapping[int, str]] = {
    404: "There is no Facet API at this address.",
    413: "The request is larger than what the server takes. Send fewer or smaller photos at once.",
    502: "What stands before Facet does not reach it right now. Try again in a minute.",
    503: "Facet is not ready right now. Try again in a minute.",
    504: "What stands before Facet had no answer from it in time. Try again in a minute.",
}


def _fields(told: Mapping[str, Any]) -> Iterable[FieldError]:
    entries = told.get("errors")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield FieldError(*(str(entry.get(name, "")) for name in ("field", "code", "message")))
