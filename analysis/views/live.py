"""The live part of a page that shows several photos: one poll for all that are unfinished."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from analysis.batches import BatchProgress
from analysis.bounds import in_words
from analysis.models import Batch
from analysis.views.cards import PhotoCard
from analysis.views.polling import PAUSES_S, Poll, etag_of, next_poll


@dataclass(frozen=True, slots=True)
class Live:
    """How many photos were unfinished when the page was opened, how many of those are finished, and the next poll.

    Of a batch it is about all its photos, and `left_s` seconds are left as far as anybody knows.
    """

    total: int
    done: int
    poll: Poll | None
    left_s: int | None = None

    @property
    def seconds(self) -> float | None:
        """Until the next poll; None when all are finished."""
        return self.poll.seconds if self.poll else None

    @property
    def sentence(self) -> str:
        """For people who hear rather than see that something changed."""
        if self.poll:
            return _sentence(self.done, self.total, self.left_s)
        return "Nothing is waiting any more." if self.total else ""


def live_of(
    cards: Sequence[PhotoCard], *, total: int | None = None, batch: tuple[Batch, BatchProgress] | None = None
) -> Live:
    """The live part of a page or of a poll; `total` is how many were unfinished when the page was opened.

    The page of a `batch` shows only some of its photos when it has many.
    """
    unfinished = [card for card in cards if not card.progress.is_finished]
    if batch is not None:
        return _of_batch(unfinished, *batch)
    total = len(unfinished) if total is None else max(total, len(unfinished))
    return Live(total, total - len(unfinished), _poll(unfinished, total))


def _of_batch(unfinished: Sequence[PhotoCard], batch: Batch, progress: BatchProgress) -> Live:
    """None of those that are shown may be unfinished while others are: then there is no hurry."""
    done, total, left_s = progress.finished, progress.total, progress.seconds_left
    if progress.is_finished:
        return Live(total, done, None)
    seconds = next_poll((card.analysis, card.progress) for card in unfinished) or PAUSES_S[-1]
    url = f"{_url(unfinished)}&batch={batch.uuid}"
    etag = etag_of((card.progress for card in unfinished), seconds, _sentence(done, total, left_s))
    return Live(total, done, Poll(url, seconds, etag), left_s)


def _sentence(done: int, total: int, left_s: int | None) -> str:
    left = f", {in_words(left_s)} left" if left_s else ""
    return f"{done:,} of {total:,} read{left}."


def _poll(unfinished: Sequence[PhotoCard], total: int) -> Poll | None:
    seconds = next_poll((card.analysis, card.progress) for card in unfinished)
    if seconds is None:
        return None
    url = f"{_url(unfinished)}&of={total}"
    return Poll(url, seconds, etag_of((card.progress for card in unfinished), seconds))


def _url(unfinished: Sequence[PhotoCard]) -> str:
    return f"{reverse('analysis:statuses')}?ids={','.join(str(card.photo.uuid) for card in unfinished)}"
