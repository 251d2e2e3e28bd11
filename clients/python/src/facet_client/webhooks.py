"""Webhooks of yours; a token needs the scope `account` for them."""

from collections.abc import Iterable, Iterator

from facet_client.addresses import id_in_path
from facet_client.resources import Id, pages
from facet_client.signatures import verify
from facet_client.transport import Transport, decoded
from facet_client.webhook_answers import Delivery, DeliveryPage, NewWebhook, Webhook, WebhookPage


class Webhooks:
    """Where you are told what becomes of photos. Every method raises FacetError, and ValueError for what is no id."""

    verify = staticmethod(verify)

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def create(self, target_url: str, events: Iterable[str], *, name: str = "") -> NewWebhook:
        """Have `target_url` told of `events`, as photo.done. Keep the secret of the answer: it is not told again."""
        body = {"target_url": target_url, "events": list(events), "name": name}
        return decoded(self._transport.send("POST", "webhooks/", json=body), NewWebhook)

    def get(self, webhook: Id) -> Webhook:
        """As it is."""
        return self._transport.get(self._path(webhook), Webhook)

    def list(self) -> Iterator[Webhook]:
        """All, newest first."""
        for page in pages(self._transport, "webhooks/", WebhookPage, {}):
            yield from page.results

    def change(
        self,
        webhook: Id,
        *,
        target_url: str | None = None,
        events: Iterable[str] | None = None,
        name: str | None = None,
        is_on: bool | None = None,
    ) -> Webhook:
        """What is given, and nothing else; `is_on` switches it on or off."""
        given = {"target_url": target_url, "name": name, "is_on": is_on}
        told: dict[str, object] = {key: value for key, value in given.items() if value is not None}
        if events is not None:
            told["events"] = [*events]
        return decoded(self._transport.send("PATCH", self._path(webhook), json=told), Webhook)

    def delete(self, webhook: Id) -> None:
        """With what was noted of its messages."""
        self._transport.send("DELETE", self._path(webhook))

    def ping(self, webhook: Id) -> Delivery:
        """Try whether messages arrive. Raises Conflict when it is switched off."""
        return decoded(self._transport.send("POST", f"{self._path(webhook)}ping/"), Delivery)

    def rotate(self, webhook: Id) -> NewWebhook:
        """With a new secret; for 24 hours messages are signed with the one before, too."""
        return decoded(self._transport.send("POST", f"{self._path(webhook)}rotate/"), NewWebhook)

    def deliveries(self, webhook: Id) -> Iterator[Delivery]:
        """Messages of the last days, newest first."""
        for page in pages(self._transport, f"{self._path(webhook)}deliveries/", DeliveryPage, {}):
            yield from page.results

    def replay(self, webhook: Id, delivery: Id) -> Delivery:
        """Have a message sent again, under its `message_id`. Raises Conflict when it waits anyway."""
        path = f"{self._path(webhook)}deliveries/{id_in_path(delivery)}/replay/"
        return decoded(self._transport.send("POST", path), Delivery)

    def _path(self, webhook: Id) -> str:
        return f"webhooks/{id_in_path(webhook)}/"
