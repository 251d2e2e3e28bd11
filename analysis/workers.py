"""Worker processes: warm before the first job, and known to be so."""

import os
import socket
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from analysis.engine import reader
from analysis.models import Worker

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


def seen() -> None:
    """This process is alive and working."""
    Worker.objects.filter(host=socket.gethostname(), pid=os.getpid()).update(seen_at=timezone.now())


def warm_since(moment: datetime) -> bool:
    """Whether some worker became warm after `moment`."""
    return Worker.objects.filter(warm_at__gte=moment).exists()
