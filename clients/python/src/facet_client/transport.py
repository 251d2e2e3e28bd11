"""Requests and answers: the token, patience, and errors with names."""

import email.utils
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from facet_client.decoding import DecodeError, decode
from facet_client.errors import ConnectionFailed, FacetError, NotNow, ServerFailed, UnexpectedAnswer, error_of
from facet_client.version import __version__

T = TypeVar("T")
Answer = httpx.Response
Files = Callable[[], AbstractContextManager[list[tuple[str, tuple[str, Any]]]]]
"""Opens the files of a request; called once for each attempt, since a stream can be read once."""

OnWait = Callable[[float, FacetError], None]
"""Told before each pause, with its seconds and what made it necessary."""

TRIES: Final = 4
"""How often something safe is sent when the connection is lost, the first time included."""

FIRST_PAUSE_S: Final = 0.5
"""Before the second try; doubled before each one after it."""


@dataclass(frozen=True)
class Clock:
    """Where time comes from: `now` in seconds from anywhere, `sleep` for seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Transport:
    """Sends requests; every method raises FacetError."""

    def __init__(self, http: httpx.Client, *, patience_s: float, clock: Clock, on_wait: OnWait | None) -> None:
        """`patience_s`: how long one call may wait, altogether, for a server that says "not now"."""
        self._http = http
        self._patience_s = patience_s
        self.clock = clock
        self._on_wait = on_wait

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def get(self, path: str, kind: type[T], query: Mapping[str, Any] | None = None) -> T:
        """The answer of a GET as `kind`."""
        return decoded(self.send("GET", path, query=query), kind)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        data: Mapping[str, str] | None = None,
        files: Files | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool = False,
        accept: Callable[[Answer], bool] = lambda _: False,
    ) -> Answer:
        """The answer, when it is a success or when `accept` takes it as one.

        GETs, and what is said to `repeat`, go again when the connection is lost or what stands before the server cannot
        reach it. Anything goes again when the server says that it did nothing and when to come back.
        """
        safe = repeat or method == "GET"
        patience = _Patience(self._patience_s, self.clock, self._on_wait)
        while True:
            try:
                with (files or _no_files)() as opened:
                    answer = self._http.request(
                        method,
                        path,
                        params=_given(query),
                        json=json,
                        data=data,
                        files=opened or None,
                        headers=headers,
                    )
            except httpx.TransportError as lost:
                patience.after_loss(_connection_failed(self._http.base_url, lost), safe=safe)
                continue
            if answer.is_success or accept(answer):
                return answer
            patience.after_refusal(_refusal(answer), safe=safe)


class _Patience:
    """How often, and for how long altogether, one call tries."""

    def __init__(self, seconds: float, clock: Clock, on_wait: OnWait | None) -> None:
        self._left = seconds
        self._clock = clock
        self._on_wait = on_wait
        self._lost = 0

    def after_loss(self, error: FacetError, *, safe: bool) -> None:
        """Pause before another try, or raise `error`."""
        self._lost += 1
        if not safe or self._lost >= TRIES:
            raise error
        self._pause(FIRST_PAUSE_S * 2 ** (self._lost - 1), error)

    def after_refusal(self, error: FacetError, *, safe: bool) -> None:
        """The same for an answer that is no success."""
        # an upload whose answer was lost may still be under way when it is sent again under its key
        waits = isinstance(error, NotNow) or error.code == "idempotency_in_progress"
        if waits and error.retry_after is not None:
            self._pause(error.retry_after, error)
        elif isinstance(error, NotNow) or (isinstance(error, ServerFailed) and error.status in {502, 504}):
            self.after_loss(error, safe=safe)
        else:
            raise error

    def _pause(self, seconds: float, error: FacetError) -> None:
        seconds = max(seconds, FIRST_PAUSE_S)
        if seconds > self._left:
            raise error
        self._left -= seconds
        if self._on_wait is not None:
            self._on_wait(seconds, error)
        self._clock.sleep(seconds)


@contextmanager
def _no_files() -> Iterator[list[tuple[str, tuple[str, Any]]]]:
    yield []


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in query.items() if value is not None} if query else None


def make_http(base: str, token: str, *, timeout_s: float, own: bool, transport: httpx.BaseTransport | None) -> Any:
    """The HTTP client. `own`: the server is this machine, so no proxy of the environment may see the token."""
    headers = {
        "Authorization": f"Token {token}",
        "Accept": "application/json, application/problem+json",
        "User-Agent": f"facet-client/{__version__}",
    }
    return httpx.Client(
        base_url=base,
        headers=headers,
        timeout=httpx.Timeout(timeout_s, connect=min(10.0, timeout_s)),
        trust_env=not own,
        transport=transport,
    )


def decoded(answer: Answer, kind: type[T]) -> T:
    """What the answer holds. Raises UnexpectedAnswer."""
    try:
        return decode(kind, answer.json())
    except DecodeError as error:
        raise UnexpectedAnswer(f"The server's answer is not as expected: {error}.", status=answer.status_code) from None
    except ValueError:
        raise UnexpectedAnswer(
            "What answered is not Facet's API. Check the address.", status=answer.status_code
        ) from None


def seconds_in(answer: Answer) -> float | None:
    """Retry-After, which is seconds or a date; None without one."""
    written = answer.headers.get("Retry-After", "").strip()
    if written.isdigit():
        return float(written)
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(moment.timestamp() - time.time(), 0.0)


def _refusal(answer: Answer) -> FacetError:
    if answer.is_redirect:
        target = answer.headers.get("Location", "another address")
        return UnexpectedAnswer(
            f"The server sends on to {target}. Use that address; the token was not sent there.",
            status=answer.status_code,
        )
    try:
        body = answer.json()
    except ValueError:
        body = None
    return error_of(answer.status_code, body, seconds_in(answer))


def _connection_failed(base: httpx.URL, lost: httpx.TransportError) -> ConnectionFailed:
    where = f"{base.scheme}://{base.netloc.decode('ascii')}"
    if isinstance(lost, httpx.ConnectTimeout | httpx.ConnectError):
        return ConnectionFailed(f"{where} cannot be reached ({lost}). Check the address, and whether Facet runs.")
    if isinstance(lost, httpx.TimeoutException):
        return ConnectionFailed(f"{where} did not answer in time.")
    return ConnectionFailed(f"The connection to {where} was lost ({lost or type(lost).__name__}).")
