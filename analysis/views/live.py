"""The live part of a page that shows several photos: one poll for all that are unfinished."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.views.cards import PhotoCard
from analysis.views.waiting import next_poll, seen_mark


@dataclass(frozen=True, slots=True)
class Live:
    """What the poll needs: seconds until it, a mark of what is shown, the unfinished photos, how many there were."""

    seconds: int | None
    mark: str
    ids: str
    total: int
    done: int

    @property
    def sentence(self) -> str:
        """For people who hear rather than see that something changed."""
        if self.seconds is None:
            return "Everything has been read." if self.total else ""
        return f"{self.done} of {self.total} read."


def live_of(cards: Sequence[PhotoCard], *, total: int | None = None) -> Live:
    """The live part of a page or of a poll; `total` is how many were unfinished when the page was opened."""
    unfinished = [card for card in cards if not card.progress.is_finished]
    total = len(unfinished) if total is None else max(total, len(unfinished))
    seconds = next_poll(card.analysis for card in unfinished)
    return Live(
        seconds=seconds,
        mark=seen_mark((card.progress for card in unfinished), seconds),
        ids=",".join(str(card.photo.uuid) for card in unfinished),
        total=total,
        done=total - len(unfinished),
    )
