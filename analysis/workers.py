"""Worker processes: warm before the first job, and known to be so."""

import logging
import os
import socket
import threading
import time
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from analysis.engine import reader
from analysis.models import Worker

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 20.0
MISSED_AFTER: Final = timedelta(seconds=90)
FORGOTTEN_AFTER: Final = timedelta(days=1)


def warm_up() -> None:
    """Load the models in this process and say so in the database. Raises vision.EngineError."""
    engine = reader()
    now = timezone.now()
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    Worker.objects.update_or_create(
        host=socket.gethostname(),
        pid=os.getpid(),
        defaults={
            "engine_version": engine.engine_version,
            "model_version": engine.model_version,
            "warm_at": now,
            "seen_at": now,
        },
    )


def start_heartbeat() -> None:
    """Keep saying that this process is there, also while it has nothing to do; ends with the process."""
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


def _beat() -> None:
    while True:
        time.sleep(HEARTBEAT_S)
        try:
            seen()
        except DatabaseError:
            log.warning("the database did not take this worker's heartbeat; trying again in %.0f s", HEARTBEAT_S)
        finally:
            close_old_connections()


def seen() -> None:
    """This process is there."""
    Worker.objects.filter(host=socket.gethostname(), pid=os.getpid()).update(seen_at=timezone.now())


def forget_all() -> None:
    """Known to be gone: at the start of an embedded installation, whose only worker is not running."""
    Worker.objects.all().delete()


def warm_since(moment: datetime) -> bool:
    """Whether some worker became warm after `moment`."""
    return Worker.objects.filter(warm_at__gte=moment).exists()


def any_there() -> bool:
    """Whether a warm worker was seen lately."""
    return Worker.objects.filter(seen_at__gte=timezone.now() - MISSED_AFTER).exists()
