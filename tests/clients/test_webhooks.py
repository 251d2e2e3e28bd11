"""Webhooks by the client, and telling that a message is ours."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from accounts.models import ApiToken, User, WebhookDelivery
from accounts.webhooks import delivery, sending, signing
from accounts.webhooks.sending import Outcome
from analysis import tasks
from analysis.models import Analysis
from facet_client import Conflict, Facet, Invalid, NotVerified, verify
from tests.accounts.webhooks.conftest import Receiver
from tests.accounts.webhooks.conftest import receiver as receiver  # noqa: PLC0414  a fixture
from tests.analysis.test_keeping import SeeingEngine
from tests.conftest import jpeg

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_700_000_000
BODY = json.dumps({"type": "photo.done", "timestamp": "2023-11-14T22:13:20Z", "data": {"id": "i", "url": "u"}}).encode()


def signed(secret: str = SECRET, *, body: bytes = BODY, at: int = NOW) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    value = hmac.new(key, b"msg_1.%d.%s" % (at, body), hashlib.sha256).digest()
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": "v1," + base64.b64encode(value).decode(),
    }


def test_a_message_with_the_right_signature_is_taken_apart() -> None:
    message = verify(BODY, signed(), SECRET, now=NOW + 299)
    assert (message.id, message.type) == ("msg_1", "photo.done")
    assert (message.about, message.url, message.status) == ("i", "u", None)
    assert message.timestamp.isoformat() == "2023-11-14T22:13:20+00:00"
    assert verify(BODY.decode(), signed(), SECRET, now=NOW) == message
    assert verify(BODY, signed(), SECRET, 3600, now=NOW - 3599) == message


def test_while_a_secret_is_exchanged_one_of_two_signatures_is_enough() -> None:
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    signatures = [one["Webhook-Signature"] for one in (signed(other), signed())]
    both = signed() | {"Webhook-Signature": " ".join(["v1a,x", *signatures])}
    assert verify(BODY, both, SECRET, now=NOW) == verify(BODY, both, other, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda headers: headers.pop("Webhook-Id"),
        lambda headers: headers.pop("Webhook-Timestamp"),
        lambda headers: headers.pop("Webhook-Signature"),
        lambda headers: headers.update({"Webhook-Id": "msg_2"}),
        lambda headers: headers.update({"Webhook-Timestamp": str(NOW + 1)}),
        lambda headers: headers.update({"Webhook-Timestamp": f"{NOW}.0"}),
        lambda headers: headers.update({"Webhook-Timestamp": "-1"}),
        lambda headers: headers.update({"Webhook-Timestamp": "9" * 400}),
        lambda headers: headers.update({"Webhook-Signature": headers["Webhook-Signature"].replace("v1,", "v2,")}),
        lambda headers: headers.update({"Webhook-Signature": headers["Webhook-Signature"][3:]}),
        lambda headers: headers.update({"Webhook-Signature": headers["Webhook-Signature"][:-2]}),
        lambda headers: headers.update({"Webhook-Signature": "v1,é"}),
        lambda headers: headers.update({"Webhook-Signature": "v1,"}),
    ],
)
def test_what_is_changed_or_missing_is_not_taken(change: Callable[[dict[str, str]], object]) -> None:
    headers = signed()
    change(headers)
    with pytest.raises(NotVerified):
        verify(BODY, headers, SECRET, now=NOW)


@pytest.mark.parametrize("now", [NOW + 301, NOW - 301])
def test_what_is_too_old_or_from_the_future_is_not_taken(now: float) -> None:
    with pytest.raises(NotVerified, match="clocks"):
        verify(BODY, signed(), SECRET, now=now)
    with pytest.raises(NotVerified):
        verify(BODY, signed(), SECRET)


def test_another_body_or_secret_is_not_taken_and_no_secret_is_an_error_of_ones_own() -> None:
    with pytest.raises(NotVerified):
        verify(BODY + b" ", signed(), SECRET, now=NOW)
    with pytest.raises(NotVerified):
        verify(BODY, signed(signing.new_secret()), SECRET, now=NOW)
    for wrong in ("", "whsec_", "whsec_!!!"):
        with pytest.raises(ValueError, match="whsec_"):
            verify(BODY, signed(), wrong, now=NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"type":"x","timestamp":"y","data":{}}', b"\xff"])
def test_what_is_signed_and_no_message_is_told_apart(body: bytes) -> None:
    with pytest.raises(NotVerified, match="not a message"):
        verify(body, signed(body=body), SECRET, now=NOW)


@pytest.fixture
def account(facet: Facet) -> Facet:
    """Whose token may look after webhooks too."""
    ApiToken.objects.update(scopes=["read", "upload", "account"])
    return facet


def test_a_webhook_from_its_making_to_its_end(account: Facet) -> None:
    made = account.webhooks.create("https://hooks.example.org/facet", ["photo.done"], name="Archive")
    assert made.secret.startswith("whsec_")
    assert made.secret not in repr(made)
    assert [one.id for one in account.webhooks.list()] == [made.id]
    assert account.webhooks.get(made.id).name == "Archive"
    changed = account.webhooks.change(made.id, events=["batch.done"], name="")
    assert (changed.events, changed.name, changed.target_url) == (("batch.done",), "", made.target_url)
    assert account.webhooks.change(made.id, is_on=False).disabled_reason == "owner"
    with pytest.raises(Conflict) as raised:
        account.webhooks.ping(made.id)
    assert raised.value.code == "webhook_off"
    account.webhooks.change(made.id, is_on=True)
    assert account.webhooks.rotate(made.id).secret != made.secret
    assert account.webhooks.get(made.id).earlier_secret_until is not None
    account.webhooks.delete(made.id)
    assert list(account.webhooks.list()) == []
    with pytest.raises(Invalid, match="https"):
        account.webhooks.create("http://hooks.example.org/", ["photo.done"])


def test_messages_and_their_second_sending(account: Facet) -> None:
    made = account.webhooks.create("https://hooks.example.org/", ["photo.done"])
    assert account.webhooks.ping(made.id).state == "waiting"
    delivery.deliver_due(lambda *_: Outcome("", 200, "ok", 4))
    (noted,) = account.webhooks.deliveries(made.id)
    assert (noted.event, noted.state, noted.status_code, noted.attempts) == ("ping", "delivered", 200, 1)
    assert account.webhooks.replay(made.id, noted.id).message_id == noted.message_id
    with pytest.raises(Conflict) as raised:
        account.webhooks.replay(made.id, noted.id)
    assert raised.value.code == "delivery_waits"


def test_from_the_upload_to_a_verified_message(
    account: Facet, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, ann: User
) -> None:
    """A receiver on this machine, which asks the API for what the message is about."""
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    made = account.webhooks.create(receiver.url, ["photo.done", "photo.erased"])
    (photo,) = account.photos.upload(jpeg()).photos
    tasks.read()
    delivery.deliver_due(sending.post)
    ((_, headers, body),) = receiver.requests
    message = account.webhooks.verify(body, headers, made.secret)
    assert (message.type, message.about, message.status) == ("photo.done", photo.id, "done")
    assert message.url == photo.url
    assert account.photos.get(message.about or "").faces
    assert not any(word in body.decode() for word in ("age", "gender", "emotion", "face"))

    renewed = account.webhooks.rotate(made.id)
    account.photos.delete(photo.id)
    delivery.deliver_due(sending.post)
    _, headers, body = receiver.requests[-1]
    erased = account.webhooks.verify(body, headers, made.secret)
    assert (erased.type, erased.about) == ("photo.erased", photo.id)
    assert account.webhooks.verify(body, headers, renewed.secret) == erased
    assert not Analysis.objects.exists()
    assert WebhookDelivery.objects.get().status_code == 204
