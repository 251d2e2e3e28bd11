"""A warm worker process shows that it lives by touching a file, so that a probe needs no database, broker or Python."""

import logging
import threading
import time
from pathlib import Path
from typing import Final

from django.conf import settings

log = logging.getLogger(__name__)

EVERY_S: Final = 10.0
"""Of the probe's minute, so that a busy processor may delay a few."""

FILE: Final = "worker.pulse"


def start() -> threading.Thread:
    """Touch FILE in FACET_VAR_DIR every EVERY_S while this process is there; in a thread that ends with it."""
    thread = threading.Thread(target=_beat, args=(settings.VAR_DIR / FILE,), name="pulse", daemon=True)
    thread.start()
    return thread


def _beat(file: Path) -> None:
    while True:
        try:
            file.touch()
        except OSError as error:
            log.warning("%s cannot be touched (%s): a probe that looks at it will end this worker", file, error)
        time.sleep(EVERY_S)
