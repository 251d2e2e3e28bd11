"""Somebody who sends photos to the API, and who costs little of the processor."""

import http.client
import itertools
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

BOUNDARY: Final = "facet-bench-boundary"
HEAD: Final = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="photo.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()
TAIL: Final = f"\r\n--{BOUNDARY}--\r\n".encode()


def body_of(photos: Sequence[bytes]) -> bytes:
    """Of one request with all of them."""
    return b"\r\n".join(HEAD + photo for photo in photos) + TAIL


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo that was accepted; times in seconds since 1970, as this machine's clock has them for all processes."""

    uuid: str
    began: float
    answered: float


class Client:
    """One person's program, one connection. Use it from one thread."""

    def __init__(self, url: str, token: str) -> None:
        """Connect at the first request."""
        parts = urlsplit(url)
        self._url = url
        self._token = token
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)

    def again(self) -> "Client":
        """The same person with another connection."""
        return Client(self._url, self._token)

    def send(self, photo: bytes) -> Sent:
        """Upload a photo. Raises RuntimeError when it was not accepted."""
        return self.send_all([photo])[0]

    def send_all(self, photos: Sequence[bytes]) -> list[Sent]:
        """Upload photos in one request. Raises RuntimeError when one was not accepted."""
        began = time.time()
        status, body = self._post("/api/v1/photos/", body_of(photos))
        answered = time.time()
        accepted = json.loads(body)["accepted"] if status in {200, 202} else []
        if len(accepted) != len(photos):
            raise RuntimeError(f"the upload was answered with {status}: {body[:500]!r}")
        return [Sent(photo["id"], began, answered) for photo in accepted]

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": f"Token {self._token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        return response.status, response.read()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a GET was answered with, and the seconds that took; the connection was there before."""

    seconds: float
    status: int
    body: bytes


def get(url: str, path: str, headers: dict[str, str]) -> Answer:
    """One request on a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    seconds = time.perf_counter() - began
    connection.close()
    return Answer(seconds, response.status, body)


def distinct(photo: bytes) -> Iterator[bytes]:
    """The same picture in ever other bytes, eight more at its end: what was sent before would not be read again."""
    start = os.urandom(4)
    return (photo + start + number.to_bytes(4, "big") for number in itertools.count())


def send_together(client: Client, photos: Sequence[bytes], connections: int, *, at_once: int = 1) -> list[Sent]:
    """All photos, over several connections at once, `at_once` in each request. Raises the first error."""
    # a list's iterator hands out each element once, whichever thread asks
    waiting = iter([photos[start : start + at_once] for start in range(0, len(photos), at_once)])
    found: list[Sent] = []
    errors: list[BaseException] = []

    def work(mine: Client) -> None:
        try:
            for part in waiting:
                found.extend(mine.send_all(part))
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=work, args=(client.again(),)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return found
