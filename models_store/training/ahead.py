"""Batches made while the one before is learnt."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

AHEAD: Final = 4
"""Batches prepared in advance: enough to hide a slow one, few enough to cost no memory."""

Made = TypeVar("Made")


def made_ahead(make: Callable[[int], Made], start: int, stop: int) -> Iterator[Made]:
    """`make(start)` to `make(stop - 1)` in order, made ahead on one background thread."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as pool:
        ahead: deque[Future[Made]] = deque()
        for step in range(start, stop):
            ahead.append(pool.submit(make, step))
            if len(ahead) > AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
