"""Waiting for results without being a burden.

Photos are read about in the order in which they were sent. So of those not asked for yet only the first one is asked
for, and while it is unfinished the ones behind it are left alone. The server's Retry-After says when to ask again; an
unchanged photo comes as 304 without a body, and then the pause grows.
"""

import heapq
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from facet_client.addresses import id_in_path
from facet_client.answers import FINISHED, Batch, Photo
from facet_client.errors import NotFound, WaitTimedOut
from facet_client.transport import Clock, Transport, decoded, seconds_in

SOONEST_S: Final = 0.5
LATEST_S: Final = 30.0
GROWTH: Final = 1.5
"""Pauses in seconds stay within the first two, and grow by the third while nothing changes and nothing is said."""

BEHIND_S: Final = 5.0
"""At most so long the next photo is left alone because of the one before: that may have been put back for minutes."""

BURST: Final = 60
PER_SECOND: Final = 8.0
"""Requests at once and in the long run; below the 600 a minute that a Facet allows unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a wait is; `seconds_left` is the server's estimate for the first photo that waits, if it has one."""

    total: int
    finished: int
    seconds_left: float | None = None


OnProgress = Callable[[Progress], None]


def id_of(photo: str | uuid.UUID | Photo) -> str:
    """Of either. Raises ValueError for what is no id."""
    return id_in_path(photo.id if isinstance(photo, Photo) else photo)


class Pace:
    """Lets through BURST requests at once and then PER_SECOND."""

    def __init__(self, clock: Clock) -> None:
        """Full at the start."""
        self._clock = clock
        self._left = float(BURST)
        self._at = clock.now()

    def wait(self) -> None:
        """Until one more request is due."""
        now = self._clock.now()
        self._left = min(self._left + (now - self._at) * PER_SECOND, BURST)
        self._at = now
        if self._left < 1:
            self._clock.sleep((1 - self._left) / PER_SECOND)
        self._left -= 1


@dataclass(slots=True)
class _Watched:
    id: str
    etag: str | None = None
    pause_s: float = SOONEST_S
    seconds_left: float | None = None


def watch_batch(transport: Transport, path: str, timeout_s: float | None) -> Iterator[Batch]:
    """A batch each time that it has changed, until it is finished. Raises WaitTimedOut."""
    clock = transport.clock
    until = None if timeout_s is None else clock.now() + timeout_s
    etag: str | None = None
    pause_s = SOONEST_S
    while True:
        headers = {"If-None-Match": etag} if etag else None
        answer = transport.send("GET", path, headers=headers, accept=lambda answer: answer.status_code == 304)
        said = seconds_in(answer)
        if answer.status_code != 304:
            batch = decoded(answer, Batch)
            yield batch
            if batch.is_finished:
                return
            etag, pause_s = answer.headers.get("ETag"), SOONEST_S
        pause_s = min(max(pause_s * GROWTH if said is None else said, SOONEST_S), LATEST_S)
        now = clock.now()
        if until is not None and now + pause_s >= until:
            clock.sleep(max(until - now, 0.0))
            left = batch.total - batch.finished
            raise WaitTimedOut(
                f"{left} {'photo is' if left == 1 else 'photos are'} not read yet. They are read later; "
                "ask for them again then.",
                finished=(),
                unfinished=(),
            )
        clock.sleep(pause_s)


class Watch:
    """Photos that are waited for; iterate over `finished()` once."""

    def __init__(
        self,
        transport: Transport,
        photos: Iterable[str | uuid.UUID | Photo],
        timeout_s: float | None,
        progress: OnProgress | None,
    ) -> None:
        """Raises ValueError for what is no id. `timeout_s`: None waits for as long as it takes."""
        known = {id_of(one): one for one in photos}
        self._transport = transport
        self._clock = transport.clock
        self._ready = [one for one in known.values() if isinstance(one, Photo) and one.newest.status in FINISHED]
        ready = {one.id for one in self._ready}
        self._untouched = deque(_Watched(one) for one in known if one not in ready)
        self._asked: list[tuple[float, int, _Watched]] = []
        self._next_at = self._clock.now()
        self._until = None if timeout_s is None else self._clock.now() + timeout_s
        self._progress = progress
        self._total = len(known)
        self._done: list[Photo] = []
        self._ended = 0
        self._count = 0

    def finished(self) -> Iterator[tuple[str, Photo | None]]:
        """Each id with its photo as soon as that is finished; with None when it was deleted meanwhile.

        Raises WaitTimedOut.
        """
        self._tell(None)
        for known in self._ready:
            self._end(known)
            yield known.id, known
        pace = Pace(self._clock)
        while self._untouched or self._asked:
            one = self._next_due()
            pace.wait()
            try:
                photo = self._look(one)
            except NotFound:
                self._end(None)
                yield one.id, None
                continue
            if photo is not None:
                self._end(photo)
                yield one.id, photo
            else:
                self._put_back(one)

    def _end(self, photo: Photo | None) -> None:
        self._ended += 1
        if photo is not None:
            self._done.append(photo)
        self._tell(None)

    def _put_back(self, one: _Watched) -> None:
        now = self._clock.now()
        self._count += 1
        heapq.heappush(self._asked, (now + one.pause_s, self._count, one))
        self._next_at = max(self._next_at, now + min(one.pause_s, BEHIND_S))
        self._tell(one.seconds_left)

    def _next_due(self) -> _Watched:
        """Sleeps until something is due and takes it out."""
        asked_first = bool(self._asked) and (not self._untouched or self._asked[0][0] <= self._next_at)
        due = self._asked[0][0] if asked_first else self._next_at
        now = self._clock.now()
        if self._until is not None and max(due, now) >= self._until:
            self._clock.sleep(max(self._until - now, 0.0))
            self._give_up()
        if due > now:
            self._clock.sleep(due - now)
        return heapq.heappop(self._asked)[2] if asked_first else self._untouched.popleft()

    def _give_up(self) -> None:
        unfinished = [one.id for *_, one in sorted(self._asked)] + [one.id for one in self._untouched]
        many = "photo is" if len(unfinished) == 1 else "photos are"
        raise WaitTimedOut(
            f"{len(unfinished)} {many} not read yet. They are read later; ask for them again then.",
            finished=self._done,
            unfinished=unfinished,
        )

    def _look(self, one: _Watched) -> Photo | None:
        """The photo when it is finished; else None, and `one` knows how long to leave it alone."""
        headers = {"If-None-Match": one.etag} if one.etag else None
        answer = self._transport.send(
            "GET", f"photos/{one.id}/", headers=headers, accept=lambda answer: answer.status_code == 304
        )
        said = seconds_in(answer)
        if answer.status_code == 304:
            self._leave_alone(one, said)
            return None
        photo = decoded(answer, Photo)
        # a state that this client does not know is unfinished while the server says when to ask again
        if photo.newest.status in FINISHED or (photo.is_finished and said is None):
            return photo
        one.etag = answer.headers.get("ETag")
        one.seconds_left = photo.newest.seconds_left
        self._leave_alone(one, said)
        return None

    def _leave_alone(self, one: _Watched, said: float | None) -> None:
        pause = one.pause_s * GROWTH if said is None else said
        one.pause_s = min(max(pause, SOONEST_S), LATEST_S)

    def _tell(self, seconds_left: float | None) -> None:
        if self._progress is not None:
            self._progress(Progress(self._total, self._ended, seconds_left))
