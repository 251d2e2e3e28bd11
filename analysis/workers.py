"""Worker processes: warm before the first job, known to be so, and told when to stop."""

import logging
import mmap
import os
import socket
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.db.models import F, QuerySet
from django.utils import timezone

from analysis.engine import reader
from analysis.models import Refusal, Worker

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 20.0
MISSED_AFTER: Final = timedelta(seconds=90)
FORGOTTEN_AFTER: Final = timedelta(days=1)

REFUSALS: Final = {
    "unsigned": "by whoever reaches the broker, or by a version of Facet from before messages were signed",
    "forged": "by whoever reaches the broker, or by a process with another FACET_SECRET_KEY",
    "old": "it waited so long that the sweep has rung since, or somebody sent it again",
}
"""Why a message to a worker is not acted upon, and who may have sent it."""

_stop = mmap.mmap(-1, 1)
"""One byte that the pool's processes share with their parent, since it is made before the fork."""


def warm_up() -> None:
    """Load the models in this process and say so in the database. Raises vision.EngineError.

    A database that is away is told later, by the heartbeat.
    """
    reader()
    try:
        register()
    except DatabaseError as error:
        log.warning("the database does not know of this worker yet (%s)", type(error).__name__)


def register() -> None:
    """This process is warm. Raises DatabaseError."""
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
    """This process is there, also for a database that does not know of it: it was away at the start, or restored."""
    if not Worker.objects.filter(host=socket.gethostname(), pid=os.getpid()).update(seen_at=timezone.now()):
        register()


def forget_all() -> None:
    """Known to be gone: at the start of an embedded installation, whose only worker is not running."""
    Worker.objects.all().delete()


def warm_since(moment: datetime) -> bool:
    """Whether some worker became warm after `moment`."""
    return Worker.objects.filter(warm_at__gte=moment).exists()


def there() -> QuerySet[Worker]:
    """Warm workers that were seen lately."""
    return Worker.objects.filter(seen_at__gte=timezone.now() - MISSED_AFTER)


def any_there() -> bool:
    """Whether a warm worker was seen lately."""
    return there().exists()


def versions() -> set[tuple[str, str]]:
    """Engine and model versions that photos are read with now; more than one during an upgrade."""
    return set(there().values_list("engine_version", "model_version").order_by())


def ask_to_stop() -> None:
    """In the parent: its processes finish the photo in their hands and take no other."""
    _stop[0] = 1


def stopping() -> bool:
    """Whether this process should take nothing new."""
    return bool(_stop[0])


def count_refused(times: Mapping[str, int]) -> None:
    """Add to what was refused before, by reason. Raises DatabaseError."""
    for reason, count in times.items():
        Refusal.objects.get_or_create(reason=reason)
        Refusal.objects.filter(reason=reason).update(count=F("count") + count, last_at=timezone.now())


def refused() -> dict[str, int]:
    """How many messages were refused so far, by each reason there is."""
    return dict.fromkeys(REFUSALS, 0) | dict(Refusal.objects.values_list("reason", "count"))
