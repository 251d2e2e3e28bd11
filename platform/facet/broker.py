"""What Celery has to know about each broker: a message may be late, double or lost, but nobody waits for ever."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kombu import Exchange, Queue

DOORBELL: Final = "celery"
"""The queue of messages that say that there is something in the line."""

SWEEP: Final = "sweep"
"""A queue of its own: the sweep must not stand behind thousands of doorbells."""

SWEEP_TASK: Final = "analysis.sweep"

CHORES: Final = "chores"
"""A queue that only the process for chores reads: what they do must not hold up photos, nor photos them."""

CHORES_TASK: Final = "accounts.chores"

READING: Final = (DOORBELL, SWEEP)
"""What workers that read photos listen to."""

CONNECT_WITHIN_S: Final = 3
ANSWER_WITHIN_S: Final = 3
"""A broker that takes a connection and then says nothing would otherwise hold an upload for ever."""

HEARTBEAT_S: Final = 20
"""RabbitMQ and worker miss each other after two of these; the default of 120 s is long for a cable that was pulled."""

SHORTEST_EXPIRY_S: Final = 60
"""The publisher's clock says when a message expires, the worker's whether it has: they may differ by less than this."""


def options(url: str, *, folder: Path, hard_limit_s: int) -> dict[str, Any]:
    """Options for the transport of `url`; `folder` is where the embedded broker keeps its messages and is made.

    `hard_limit_s` is the longest that a task may take.
    """
    if url.startswith("filesystem:"):
        return _filesystem(folder)
    if url.startswith(("redis:", "rediss:")):
        return {
            "visibility_timeout": 3 * hard_limit_s,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": ANSWER_WITHIN_S,
            "socket_connect_timeout": CONNECT_WITHIN_S,
            "socket_keepalive": True,
            "health_check_interval": 15,
        }
    if is_rabbitmq(url):
        # without confirmation RabbitMQ drops silently what it has no room for
        return {"confirm_publish": True, "read_timeout": ANSWER_WITHIN_S, "write_timeout": ANSWER_WITHIN_S}
    return {}


def tls(url: str) -> dict[str, Any] | None:
    """For `broker_use_ssl`: with amqps and rediss the broker's certificate and name are checked, else None.

    By itself kombu speaks no TLS to rediss:// without further parameters, and checks no name with amqps://.
    """
    if url.startswith("amqps:"):
        return {"server_hostname": None}  # kombu puts in the one of the address, and py-amqp then checks it
    if url.startswith("rediss:"):
        return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    return None


def is_rabbitmq(url: str) -> bool:
    """Whether `url` is one of RabbitMQ."""
    return url.startswith(("amqp:", "amqps:", "pyamqp:"))


def _filesystem(folder: Path) -> dict[str, Any]:
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    messages = str(folder / "messages")
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(folder / "control"),
        "polling_interval": 0.1,
    }


def queues(url: str) -> tuple[Queue, ...]:
    """All queues; who reads which is said where processes are started.

    On RabbitMQ they are quorum queues, which outlive a broken node.
    """
    arguments = {"x-queue-type": "quorum"} if is_rabbitmq(url) else None
    # a topic, as Celery warns at each connection of quorum queues behind a direct exchange
    exchange = Exchange("facet", type="topic" if is_rabbitmq(url) else "direct")
    return (
        Queue(DOORBELL, exchange, routing_key=DOORBELL, queue_arguments=arguments),
        # a second sweep that waits would do nothing that the first does not; only RabbitMQ heeds the length
        Queue(SWEEP, exchange, routing_key=SWEEP, queue_arguments=arguments, max_length=1),
        Queue(CHORES, exchange, routing_key=CHORES, queue_arguments=arguments),
    )


def schedule(every_s: int) -> Mapping[str, Any]:
    """For Celery beat. What nobody takes expires, so that sweeps do not pile up while no worker runs."""
    expires = max(3 * every_s, SHORTEST_EXPIRY_S)
    return {"sweep": {"task": SWEEP_TASK, "schedule": float(every_s), "options": {"expires": expires}}}
