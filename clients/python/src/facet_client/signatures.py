"""Telling that what came by a webhook is from your Facet: https://www.standardwebhooks.com.

It takes nothing but the standard library, the webhook's secret and what came; no token, no server.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from facet_client.errors import FacetError
from facet_client.webhook_answers import Message

PREFIX: Final = "whsec_"
TOLERANCE_S: Final = 300.0


class NotVerified(FacetError):
    """It is not from who has the secret, was changed, or is too old. Answer with 401 and do nothing."""


def verify(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: str,
    tolerance: float = TOLERANCE_S,
    *,
    now: float | None = None,
) -> Message:
    """The message, when its signature is of `secret`. Raises NotVerified, and ValueError for what is no secret.

    `body` is what came, byte for byte: verify before anything parses it. `headers` may have names in any case.
    `tolerance`: seconds by which its time may differ from `now`, which is this machine's clock unless given; what is
    older may be a copy that somebody kept.
    """
    raw = body.encode() if isinstance(body, str) else bytes(body)
    told = {name.lower(): value for name, value in headers.items()}
    message_id, written, signatures = (_header(told, name) for name in ("id", "timestamp", "signature"))
    _check_time(written, time.time() if now is None else now, tolerance)
    signed = b".".join((message_id.encode("utf-8", "replace"), written.encode(), raw))
    expected = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest())
    if not any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in _of_version_1(signatures)):
        raise NotVerified("The signature does not fit. Is it the secret of this webhook, and the body as it came?")
    return _message(message_id, raw)


def _header(told: Mapping[str, str], name: str) -> str:
    value = told.get(f"webhook-{name}", "")
    if not value:
        raise NotVerified(f"The header webhook-{name} is missing.")
    return value


def _check_time(written: str, now: float, tolerance: float) -> None:
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise NotVerified("The header webhook-timestamp is no time.")
    if abs(now - int(written)) > tolerance:
        raise NotVerified("The message is too old, or the clocks differ.")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError("This is no secret of a webhook. Copy it once more: it begins with whsec_")
    return key


def _of_version_1(signatures: str) -> Iterator[str]:
    """While a secret is being exchanged there are two."""
    for one in signatures.split(" "):
        version, _, value = one.partition(",")
        if version == "v1":
            yield value


def _message(message_id: str, raw: bytes) -> Message:
    try:
        told: Any = json.loads(raw)
        timestamp = datetime.fromisoformat(told["timestamp"].replace("Z", "+00:00"))
        data = told["data"]
        about, url, status = data.get("id"), data.get("url"), data.get("status")
        return Message(
            id=message_id, type=told["type"], timestamp=timestamp, about=about, url=url, status=status, raw=told
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotVerified("It is signed, and not a message that this client understands. Is it newer?") from None
