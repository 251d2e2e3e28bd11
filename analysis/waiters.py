"""Threads of this web process that do nothing but wait: at most FACET_WEB_WAITERS, so that the others answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class _Waiters:
    """Threads of this process that may do nothing but wait; the others go on answering."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def enter(self) -> bool:
        with self._lock:
            if self._count >= settings.WEB_WAITERS:
                return False
            self._count += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._count -= 1


_waiters = _Waiters()


@contextmanager
def waiter() -> Iterator[bool]:
    """Whether this thread may wait, while within."""
    is_free = _waiters.enter()
    try:
        yield is_free
    finally:
        if is_free:
            _waiters.leave()
