"""The clock of a process for chores: beside its rounds it wakes for a chore that said when it wants to be run again.

In memory alone. A process that ends forgets its alarms, so the next one has what sets them run once.
"""

import threading
import time
from typing import Final

SOONEST_S: Final = 0.5
"""A chore that always wants to be run at once must not become a loop without a pause."""


class Clock:
    """Alarms by the names of chores, at most one for each. One thread waits, any may set."""

    def __init__(self) -> None:
        self._alarms: dict[str, float] = {}
        self._changed = threading.Condition()

    def set(self, name: str, in_s: float | None) -> None:
        """An alarm for `name` in so many seconds in place of the one before; None: no alarm any more."""
        with self._changed:
            self._alarms.pop(name, None)
            if in_s is not None:
                self._alarms[name] = time.monotonic() + max(in_s, SOONEST_S)
            self._changed.notify()

    def wait(self, until: float) -> list[str]:
        """Wait for alarms that go off, but no longer than to `until` (monotonic); their names, or none by then."""
        with self._changed:
            while True:
                now = time.monotonic()
                if over := [name for name, at in self._alarms.items() if at <= now]:
                    for name in over:
                        del self._alarms[name]
                    return over
                if now >= until:
                    return []
                self._changed.wait(min([until, *self._alarms.values()]) - now)


clock: Final = Clock()
"""Of this process. Where nobody waits for it, in a web server say, an alarm that is set does nothing."""
