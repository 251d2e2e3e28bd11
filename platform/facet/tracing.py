"""One id from the request that uploads a photo to the worker that reads it: in header, row and logs."""

import re
import secrets
from typing import Final

from celery.signals import setup_logging

HEADER: Final = "X-Request-ID"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


def accepted(given: str | None) -> str:
    """The id that a caller or a proxy gave, if it is 8 to 64 letters, digits, `_` and `-`; else a new one."""
    return given if given and WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


@setup_logging.connect
def _leave_logging_alone(**_: object) -> None:
    """Celery sets up no logging of its own while somebody listens to this signal: the settings have done it."""
