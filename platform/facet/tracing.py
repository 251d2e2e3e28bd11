"""One id from the request that uploads a photo to the worker that reads it: in header, message and logs."""

import re
import secrets
from typing import Any, Final

import structlog
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

HEADER: Final = "X-Request-ID"
MESSAGE_HEADER: Final = "facet_request_id"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


def accepted(given: str | None) -> str:
    """The id that a caller or a proxy gave, if it is 8 to 64 letters, digits, `_` and `-`; else a new one."""
    return given if given and WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


@before_task_publish.connect
def _send_along(headers: dict[str, Any] | None = None, **_: object) -> None:
    known = structlog.contextvars.get_contextvars().get("request_id")
    if known and headers is not None:
        headers[MESSAGE_HEADER] = known


@task_prerun.connect
def _pick_up(task: Any = None, **_: object) -> None:
    known = task.request.get(MESSAGE_HEADER)
    structlog.contextvars.clear_contextvars()
    if isinstance(known, str) and WELL_FORMED.fullmatch(known):
        structlog.contextvars.bind_contextvars(request_id=known)


@task_postrun.connect
def _put_down(**_: object) -> None:
    structlog.contextvars.clear_contextvars()


@setup_logging.connect
def _leave_logging_alone(**_: object) -> None:
    """Celery sets up no logging of its own while somebody listens to this signal: the settings have done it."""
