"""One request to somebody's receiver: to an address that was checked, within bounds of time and size, never further.

Nothing here knows of rows, so that several can be under way in threads.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from http.client import HTTPException
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from accounts.webhooks.addresses import Address, AddressError, RefusedError, Target, UnresolvedError, resolve, target_of
from accounts.webhooks.models import Trouble

CONNECT_S: Final = 3.0
"""For each of its addresses, of which MOST_ADDRESSES are tried."""

TOTAL_S: Final = 10.0
"""From the first connection to the last byte that is read; looking up the name before has its own time."""

MOST_ADDRESSES: Final = 3
MOST_READ: Final = 64 * 1024
"""Bytes of an answer; what comes after is not read."""

KEPT: Final = 500
"""Characters of an answer."""

LONGEST_WAIT_S: Final = 24 * 3600
"""A receiver that asks to be left alone for longer is tried again after so long."""

BUSY: Final = (429, 503)
"""Answers whose Retry-After says when to come back."""

AGENT: Final = "Facet-Webhooks/1 (+https://www.standardwebhooks.com)"


FAILURES: Final = (HTTPError, HTTPException, OSError, ValueError)
"""What urllib3 and what is below it raise for what the other side does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `trouble` is empty when the receiver took it; `status_code` is there when it answered.

    `wait_s`: for how many seconds it asks to be left alone.
    """

    trouble: str
    status_code: int | None = None
    answer: str = ""
    took_ms: int = 0
    wait_s: float = 0.0

    @property
    def is_taken(self) -> bool:
        """Whether it was answered with 2xx."""
        return not self.trouble


def post(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send it once. Never raises for what the other side does."""
    began = time.monotonic()
    outcome = _posted(url, headers, body)
    return replace(outcome, took_ms=round((time.monotonic() - began) * 1000))


def _posted(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    limit = Limit(TOTAL_S)
    try:
        target = target_of(url)
        addresses = resolve(target)
        with limit.kept():
            return _exchange(target, addresses, limit, headers, body)
    except AddressError:
        return Outcome(Trouble.ADDRESS)
    except UnresolvedError:
        return Outcome(Trouble.UNRESOLVED)
    except RefusedError:
        return Outcome(Trouble.REFUSED)
    except FAILURES as error:
        return Outcome(_trouble_of(error, limit))


def _judged(status_code: int) -> str:
    if 200 <= status_code < 300:
        return ""
    return Trouble.REDIRECT if 300 <= status_code < 400 else Trouble.STATUS


def _trouble_of(error: BaseException, limit: "Limit") -> str:
    """By what is behind what urllib3 raises, too."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if limit.is_over or any(isinstance(one, TimeoutError) for one in causes):
        return Trouble.TIMEOUT
    if not limit.is_connected:
        return Trouble.CONNECT
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Trouble.TLS
    return Trouble.ANSWER


class Limit:
    """The time that there is for all of it. At its end the connection is cut, whatever drips through it meanwhile."""

    def __init__(self, seconds: float) -> None:
        """Counts from `kept` on."""
        self._seconds, self._lock = seconds, threading.Lock()
        self._watched: socket.socket | None = None
        self.is_over = False
        self.is_connected = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Cut what is connected within once the time is over."""
        timer = threading.Timer(self._seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                if self._watched is not None:
                    self._watched.close()

    def connect(self, addresses: Sequence[Address], port: int) -> socket.socket:
        """A connection to the first of `addresses` that takes one; nothing is looked up. Raises OSError."""
        failed: OSError = TimeoutError()
        for address in addresses[:MOST_ADDRESSES]:
            try:
                made = _connected(address, port)
            except OSError as error:
                failed = error
            else:
                self._watch(made)
                return made
        raise failed

    def _watch(self, made: socket.socket) -> None:
        """By another handle to the same connection, as TLS takes the first one over. Raises TimeoutError."""
        with self._lock:
            if self.is_over:  # while it was connecting: nobody would cut it any more
                made.close()
                raise TimeoutError
            self._watched = made.dup()
            self.is_connected = True

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            if self._watched is not None and self._watched.fileno() >= 0:
                try:
                    self._watched.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other side was faster


def _connected(address: Address, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        made.settimeout(CONNECT_S)
        made.connect((str(address), port))
        made.settimeout(TOTAL_S)
    except BaseException:
        made.close()
        raise
    return made


class _ToAddress:
    """Of a connection of urllib3: goes where it is told, while name, SNI and certificate are those of the URL."""

    addresses: Sequence[Address]
    limit: Limit
    port: int

    def _new_conn(self) -> socket.socket:
        return self.limit.connect(self.addresses, self.port)


class _Plain(_ToAddress, HTTPConnection):
    """http, which FACET_WEBHOOKS_PRIVATE allows."""


class _Encrypted(_ToAddress, HTTPSConnection):
    """https."""


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The system's authorities, or those of SSL_CERT_FILE."""
    return ssl.create_default_context()


def _exchange(
    target: Target, addresses: Sequence[Address], limit: Limit, headers: Mapping[str, str], body: bytes
) -> Outcome:
    """Status and beginning of the answer; a bare connection of urllib3 follows and repeats nothing, knows no proxy."""
    connection: Any
    if target.is_encrypted:
        connection = _Encrypted(target.host, target.port, timeout=TOTAL_S, ssl_context=_trust())
    else:
        connection = _Plain(target.host, target.port, timeout=TOTAL_S)
    connection.addresses, connection.limit = addresses, limit
    try:
        sent = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close", **headers}
        connection.request("POST", target.path, body=body, headers=sent, preload_content=False, decode_content=False)
        answer = connection.getresponse()
        if limit.is_over:  # headers that were cut off look like headers that end
            raise TimeoutError
        wait_s = _asked_for(answer.headers.get("Retry-After")) if answer.status in BUSY else 0.0
        return Outcome(_judged(answer.status), answer.status, _beginning(_read(answer)), wait_s=wait_s)
    finally:
        connection.close()


def _asked_for(retry_after: str | None) -> float:
    """Seconds, whether it says these or a date; 0 for what is neither."""
    try:
        return Retry(retry_after_max=LONGEST_WAIT_S).parse_retry_after(retry_after) if retry_after else 0.0
    except (HTTPError, ValueError, OverflowError):
        return 0.0


def _read(answer: Any) -> bytes:
    """The status says whether it was taken; a body that breaks off changes nothing about that."""
    try:
        read: bytes = answer.read(MOST_READ, decode_content=False)
    except FAILURES:
        return b""
    return read


def _beginning(answer: bytes) -> str:
    """As text that every database takes and every page shows."""
    text = answer[: KEPT * 4].decode("utf-8", "replace")
    return "".join(one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in text)[:KEPT]
