"""Messages that wake a worker: best effort, since what there is to do is in the database and looked for in any case."""

import logging
import time
from typing import Any, Final

from celery import Task

log = logging.getLogger(__name__)

SILENCE_S: Final = 10.0
"""A broker that does not answer is left alone for so long: asking it costs every upload seconds."""


class Bell:
    """Publishes, and leaves a broker that failed alone for a while."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def ring(self, task: "Task[Any, Any]", *arguments: str) -> None:
        """Send `task` a message. Never raises: a broker that is down costs a delay."""
        if time.monotonic() < self._silent_until:
            return
        try:
            # once more, as a connection that was not used for long may be found broken only now
            again = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
            task.apply_async(args=arguments, retry=True, retry_policy=again)
        except Exception as error:  # kombu raises its transports' own errors
            self._silent_until = time.monotonic() + SILENCE_S
            log.warning("the broker takes no messages (%s); what waits is found later", type(error).__name__)


bell: Final = Bell()
"""Of this process: its broker is one."""
