"""Signatures as standardwebhooks.com has them, and secrets that nobody reads from the rows."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.webhooks import delivery, services, signing, vault
from accounts.webhooks.models import Disabled, Webhook

BODY = b'{"type":"ping"}'


def by_hand(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The specification's words, in Python."""
    key = base64.b64decode(secret[len("whsec_") :])
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def test_a_signature_is_the_one_of_the_specification() -> None:
    """The vector of the Standard Webhooks libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    told = signing.headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert told == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert told["webhook-signature"] == by_hand(secret, told["webhook-id"], 1614265330, body)


def test_a_secret_is_long_enough_and_never_the_same() -> None:
    made = {signing.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert all(24 <= len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) <= 64 for one in made)


def test_rows_do_not_hold_the_secret_and_this_installation_reads_it(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    row = str(Webhook.objects.filter(pk=webhook.pk).values_list()[0])
    assert webhook.shown not in row
    assert webhook.shown.removeprefix("whsec_") not in row
    assert delivery.secrets_of(webhook) == [webhook.shown]


def test_for_a_day_both_secrets_sign_and_then_the_new_one_alone(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    new = services.rotate(webhook)
    assert delivery.secrets_of(webhook) == [new, webhook.shown]
    told = signing.headers(delivery.secrets_of(webhook), "msg_1", 1700000000, BODY)
    expected = [by_hand(secret, "msg_1", 1700000000, BODY) for secret in (new, webhook.shown)]
    assert told["webhook-signature"].split(" ") == expected
    assert timedelta(hours=23) < webhook.earlier_until - timezone.now() <= timedelta(hours=24)
    Webhook.objects.update(earlier_until=timezone.now() - timedelta(seconds=1))
    assert delivery.secrets_of(Webhook.objects.get()) == [new]
    delivery.forget_old()
    assert (Webhook.objects.get().earlier_secret, Webhook.objects.get().earlier_until) == ("", None)


def test_after_the_key_of_the_installation_changed_the_one_before_still_reads(
    make_webhook: Any, ann: User, settings: Any
) -> None:
    webhook = make_webhook(ann)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert delivery.secrets_of(webhook) == [webhook.shown]


def test_without_any_key_that_reads_it_the_webhook_is_switched_off_and_says_what_to_do(
    make_webhook: Any, ann: User, settings: Any
) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(vault.UnreadableError):
        delivery.secrets_of(webhook)
    delivery.deliver_due(lambda *_: pytest.fail("nothing can be signed"))
    webhook.refresh_from_db()
    assert webhook.disabled == Disabled.SECRET
    new = services.rotate(webhook)
    services.switch_on(webhook)
    assert delivery.secrets_of(webhook) == [new]
