"""Webhooks of ann's, and receivers that run."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from accounts.models import User
from accounts.webhooks import services
from accounts.webhooks.models import Webhook


@dataclass
class Receiver:
    """A server on this machine. `answer` is called with each request's handler; what came is in `requests`."""

    url: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[Any], None] = lambda handler: say(handler, 204)


def say(handler: Any, status: int, body: bytes = b"", **headers: str) -> None:
    """An ordinary answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def serving(receiver: Receiver, server: ThreadingHTTPServer, scheme: str, host: str) -> Iterator[Receiver]:
    """While the test runs."""
    server.daemon_threads = True
    server.receiver = receiver  # type: ignore[attr-defined]
    receiver.url = f"{scheme}://{host}:{server.server_address[1]}/facet?key=k"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Keeps what comes and lets the receiver answer."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receiver.requests.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        try:
            self.server.receiver.answer(self)  # type: ignore[attr-defined]
        except (BrokenPipeError, ConnectionResetError):
            return  # the sender has gone

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Over http, which is allowed on one's own network only."""
    settings.WEBHOOKS_PRIVATE = True
    yield from serving(Receiver(), ThreadingHTTPServer(("127.0.0.1", 0), Handler), "http", "127.0.0.1")


ALL = ["photo.done", "photo.failed", "photo.erased", "batch.done"]


@pytest.fixture
def make_webhook(db: None) -> Callable[..., Webhook]:
    """A webhook of `person`; its secret is in `shown`."""

    def make(person: User, url: str = "https://hooks.example.org/facet", **more: Any) -> Webhook:
        fields = {"events": ALL, "site": "https://photos.example.org"} | more
        webhook, secret = services.create(person=person, url=url, **fields)
        webhook.shown = secret  # type: ignore[attr-defined]
        return webhook

    return make
