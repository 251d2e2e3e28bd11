"""Messages bear a signature under the secret key; a worker acts on nothing else.

Django's signing makes and checks it, so older keys in SECRET_KEY_FALLBACKS count too. A message's headers, which name
the task, are sealed into what is signed, and only the sealed ones are looked at. docs/decisions/0020-signed-messages.md
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from celery.signals import before_task_publish
from celery.worker import consumer
from django.core import signing
from django.db import DatabaseError, connection
from kombu import Message, pidbox, serialization
from kombu.utils import json
from vine import promise

log = logging.getLogger(__name__)

SERIALIZER: Final = "signed-json"
CONTENT_TYPE: Final = "application/x-facet-signed"
SALT: Final = "facet.messages"
SEALED: Final = "sealed"

GOOD_FOR_S: Final = 3600
"""Longer than anything we send is of use: tasks expire within minutes, by a header that is sealed."""

CONTROL_GOOD_FOR_S: Final = 60
"""What an operator asks of workers arrives at once or not at all, so that a `shutdown` cannot be said again later."""

COUNT_EVERY_S: Final = 10.0
"""Whoever floods the broker must not flood the database: refusals are written so often, the rest with the next one."""


class RefusedError(Exception):
    """A message that nothing is done about; the reason is one of `workers.REFUSALS`."""


class _Json:
    """Celery's JSON, which knows times and uuids, for Django's signing."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


def dumps(value: Any) -> str:
    """`value` with the time and a signature."""
    return signing.dumps(value, salt=SALT, serializer=_Json)


def loads(text: str | bytes | None, *, within_s: int = GOOD_FOR_S) -> Any:
    """What was signed less than `within_s` seconds ago. Raises signing.BadSignature."""
    given = text if isinstance(text, str) else bytes(text or b"").decode("ascii", "replace")
    return signing.loads(given, salt=SALT, serializer=_Json, max_age=within_s)


serialization.register(SERIALIZER, dumps, loads, CONTENT_TYPE, "utf-8")


@before_task_publish.connect
def seal(body: Any, headers: dict[str, Any], **_: object) -> None:
    """Put the headers into the part of the body that is Celery's own; it is signed when it is sent."""
    body[2][SEALED] = headers


def opened(message: Message, *, within_s: int = GOOD_FOR_S) -> Any:
    """What the message says. Raises RefusedError; the content type is the sender's word, so it is not enough."""
    if message.content_type != CONTENT_TYPE:
        raise RefusedError("unsigned")
    try:
        return loads(message.body, within_s=within_s)
    except signing.SignatureExpired:
        raise RefusedError("old") from None
    except Exception:
        raise RefusedError("forged") from None


def headers(message: Message) -> dict[str, Any]:
    """Those that were sealed. Raises RefusedError, also for what we signed for another purpose."""
    match opened(message):
        case [_, _, {"sealed": {"task": str(), "id": str()} as sealed}]:
            return dict(sealed)
    raise RefusedError("forged")


class Consumer(consumer.Consumer):
    """Celery's, for messages of ours only; `worker_consumer` names it.

    It never gossips: a worker that wins an election sends, signed, whatever task the unsigned event names.
    """

    connection_errors: tuple[type[Exception], ...]

    def __init__(self, on_task_request: Any, **options: Any) -> None:
        """As Celery's, whatever the command line says of gossip."""
        told = options.pop("worker_options", None) or {}
        alone = {**told, "without_gossip": True, "without_mingle": True}
        super().__init__(on_task_request, worker_options=alone, **options)

    def create_task_handler(self, promise: Any = promise) -> Callable[[Message], None]:
        """Look at the signature before Celery looks at anything."""
        act = super().create_task_handler(promise)

        def receive(message: Message) -> None:
            try:
                message.headers = headers(message)
            except RefusedError as refused:
                self._drop(message, refused)
            else:
                act(message)

        return receive

    def on_decode_error(self, message: Message, exc: Exception) -> None:  # noqa: ARG002
        """What cannot be unpacked, as its compression is unknown or a lie, and unsigned orders of `Node`'s."""
        signed = message.content_type == CONTENT_TYPE
        self._drop(message, RefusedError("forged" if signed else "unsigned"))

    def _drop(self, message: Message, refused: RefusedError) -> None:
        message.ack_log_error(log, self.connection_errors)
        refusals.tell(refused)


class Node(pidbox.Node):
    """A worker's ear for `celery inspect` and `celery control`."""

    def handle_message(self, body: Any, message: Any = None) -> Any:  # noqa: ARG002
        """Do what was signed just now; anything else is as if it had not been said."""
        try:
            asked = opened(message, within_s=CONTROL_GOOD_FOR_S)
            if not isinstance(asked, dict):
                raise RefusedError("forged")
        except RefusedError as refused:
            return refusals.tell(refused)
        return super().handle_message(asked, message)


class Refusals:
    """Says each in the log, and counts them in the database, where the metrics find them."""

    def __init__(self) -> None:
        self._uncounted: Counter[str] = Counter()
        self._quiet_until = 0.0

    def tell(self, refused: RefusedError) -> None:
        """Never raises, and says nothing of what the message holds: it is a stranger's."""
        from analysis import workers

        reason = str(refused)
        level = logging.INFO if reason == "old" else logging.WARNING
        log.log(level, "a message was refused: %s (%s)", reason, workers.REFUSALS[reason])
        self._uncounted[reason] += 1
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + COUNT_EVERY_S
            self._count()

    def _count(self) -> None:
        from analysis import workers

        try:
            workers.count_refused(self._uncounted)
            self._uncounted.clear()
        except DatabaseError as error:
            log.warning("refused messages are counted later (%s)", type(error).__name__)
        finally:
            connection.close()  # this is the parent, and its children must inherit no connection


refusals: Final = Refusals()
