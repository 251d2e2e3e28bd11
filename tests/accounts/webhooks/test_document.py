"""What docs/webhooks.md tells receivers is so, and its examples work."""

import re
import time
from typing import Any, Final

from accounts.models import Webhook, WebhookDelivery
from accounts.webhooks import addresses, delivery, sending, signing
from accounts.webhooks.events import Event
from facet.env import BASE_DIR

TEXT: Final = (BASE_DIR / "docs" / "webhooks.md").read_text(encoding="utf-8")
PLAIN: Final = " ".join(TEXT.split())
BODY: Final = b'{"type":"photo.done","timestamp":"2026-11-29T03:00:00Z","data":{"id":"i","status":"done","url":"u"}}'


def example(name: str, **known: Any) -> Any:
    """The function of this name, made from its example."""
    (source,) = (one for one in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if f"def {name}" in one)
    made: dict[str, Any] = dict(known)
    exec(source, made)
    return made[name]


def test_the_example_without_the_client_tells_what_is_genuine() -> None:
    secret, now = signing.new_secret(), int(time.time())
    is_genuine = example("is_genuine")
    headers = signing.headers([signing.new_secret(), secret], "msg_1", now, BODY)
    assert is_genuine(BODY, headers, secret)
    assert not is_genuine(BODY + b" ", headers, secret)
    assert not is_genuine(BODY, headers, signing.new_secret())
    assert not is_genuine(BODY, signing.headers([secret], "msg_1", now - 400, BODY), secret)


def test_the_example_with_the_client_takes_what_is_genuine() -> None:
    from queue import SimpleQueue

    secret, queue = signing.new_secret(), SimpleQueue[str]()
    receive = example("receive", SECRET=secret, queue=queue)
    assert receive(BODY, signing.headers([secret], "msg_1", int(time.time()), BODY)) == 204
    assert queue.get() == "i"
    assert receive(BODY, {}) == 401


def test_its_numbers_are_those_of_the_code() -> None:
    words = {
        5: "5 s",
        30: "30 s",
        120: "2 min",
        600: "10 min",
        3600: "1 h",
        10_800: "3 h",
        28_800: "8 h",
        86_400: "24 h",
    }
    *first, last = (words[seconds] for seconds in delivery.AGAIN_S)
    assert f"after about {', '.join(first)} and {last}," in PLAIN
    assert (delivery.FAILING_FOR.days, sending.TOTAL_S, max(delivery.PAUSES_S)) == (5, 10, 600)
    assert (WebhookDelivery.KEPT_DAYS, Webhook.MOST, signing.BOTH_FOR.total_seconds()) == (14, 10, 24 * 3600)
    for told in ("five days without any success", "within ten seconds", "up to ten minutes", "of the last 14 days",
                 "For 24 hours", "has ten webhooks at most"):  # fmt: skip
        assert told in PLAIN, told
    assert f"on port {' or '.join(map(str, sorted(addresses.PORTS)))}" in PLAIN


def test_every_event_is_in_its_table() -> None:
    assert set(re.findall(r"^\| `([a-z.]+)` \|", TEXT, re.MULTILINE)) == set(Event.values)
