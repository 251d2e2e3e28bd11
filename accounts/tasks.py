"""What the process for chores is woken for."""

import threading
import time
from typing import Final

from celery import shared_task

from accounts import chores as rules
from accounts.bell import bell
from accounts.clock import clock

EXPIRES_S: Final = 300
"""A message that nobody took for so long is dropped: the chore has had its time since."""


# Acknowledged at once: a chore may take longer than a broker waits for its end, and the row says whether it was done.
@shared_task(name="accounts.chores", ignore_result=True, acks_late=False, expires=EXPIRES_S)
def chores(name: str | None = None) -> int:
    """Run the chore `name`, or without a name all that are due; how many were run."""
    return rules.run_due() if name is None else int(rules.run(name))


def ring_for_ever(every_s: float) -> threading.Thread:
    """Wake this process for what is due, now, every `every_s` seconds and when a chore said; in a thread."""
    thread = threading.Thread(target=_ring, args=(every_s,), name="clock", daemon=True)
    thread.start()
    return thread


def _ring(every_s: float) -> None:
    for name in rules.with_alarms():
        bell.ring(chores, name)
    while True:
        bell.ring(chores)
        next_round = time.monotonic() + every_s
        while names := clock.wait(next_round):
            for name in names:
                bell.ring(chores, name)
