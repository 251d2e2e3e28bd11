"""One question about a part of the installation, asked so that nobody waits for an answer that never comes."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)


class Probe:
    """Asks in a thread of its own, one at a time, and remembers the answer for a moment.

    A part that hangs holds up one thread and not one for every request; the thread does not hold up the end of the
    process either.
    """

    def __init__(self, name: str, ask: Callable[[], bool], *, what_to_do: str, fresh_s: float = 2.0) -> None:
        """`ask` answers or raises; `what_to_do` is for the operator when the answer is no."""
        self.name = name
        self.what_to_do = what_to_do
        self._ask = ask
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._asking = False
        self._fresh_until = 0.0
        self._good = True

    def start(self) -> None:
        """Ask, unless the last answer is fresh or somebody asks already."""
        with self._lock:
            if self._asking or (self._answered.is_set() and time.monotonic() < self._fresh_until):
                return
            self._asking = True
            self._answered.clear()
        threading.Thread(target=self._run, name=f"probe-{self.name}", daemon=True).start()

    def good(self, deadline: float) -> bool:
        """The answer; False when there is none by `deadline` (time.monotonic)."""
        return self._answered.wait(max(deadline - time.monotonic(), 0.0)) and self._good

    def ask_here(self) -> bool:
        """The answer, asked now and in this thread, for what cannot hang."""
        self._judge()
        return self._good

    def _run(self) -> None:
        try:
            self._judge()
        finally:
            connections.close_all()  # this thread's own
            self._fresh_until = time.monotonic() + self._fresh_s
            self._asking = False
            self._answered.set()

    def _judge(self) -> None:
        """Ask and log a change; by the error's kind only, as its words may hold addresses and passwords."""
        try:
            good, why = bool(self._ask()), "the answer is no"
        except Exception as error:
            good, why = False, type(error).__name__
        if good != self._good:
            if good:
                log.info("%s: ready again", self.name)
            else:
                log.warning("%s: not ready (%s). %s", self.name, why, self.what_to_do)
        self._good = good
