"""The door: `Facet(url, token)`."""

from types import TracebackType
from urllib.parse import urlsplit

import httpx

from facet_client.addresses import base_of, is_this_machine, site_of
from facet_client.answers import Person
from facet_client.resources import Batches, Faces, Photos, SuggestionLists
from facet_client.review import Review
from facet_client.transport import Clock, OnWait, Transport, make_http
from facet_client.webhooks import Webhooks


class Facet:
    """A Facet at `url`, as the person whose `token` it is; tokens are made on its page "API tokens".

    Use it as a context manager, or call `close()`. It may be shared between threads. Every call raises FacetError.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 60.0,
        patience: float = 60.0,
        allow_http: bool = False,
        on_wait: OnWait | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Nothing is sent yet. Raises ValueError for an address or token that is none, and InsecureAddress.

        `timeout`: seconds without a byte until the connection counts as lost. `patience`: seconds that one call may
        wait altogether when the server says when to come back. `on_wait` is told of each such pause. `allow_http`:
        send the token to another machine unencrypted. `transport` and `clock` are for tests.
        """
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError("This is no token of Facet. Copy it once more from the page where it was made.")
        base = base_of(url, allow_http=allow_http)
        own = is_this_machine(urlsplit(base).hostname or "")
        self.url = site_of(base)
        self._transport = Transport(
            make_http(base, token, timeout_s=timeout, own=own, transport=transport),
            patience_s=patience,
            clock=clock or Clock(),
            on_wait=on_wait,
        )
        self.photos = Photos(self._transport)
        self.batches = Batches(self._transport)
        self.faces = Faces(self._transport)
        self.suggestions = SuggestionLists(self._transport)
        self.review = Review(self._transport)
        self.webhooks = Webhooks(self._transport)

    def me(self) -> Person:
        """Whose token this is."""
        return self._transport.get("me/", Person)

    def close(self) -> None:
        """End the connections."""
        self._transport.close()

    def __enter__(self) -> "Facet":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Facet({self.url!r})"  # without the token, which would end up in logs
