"""Sending photos, and telling what became of which."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from facet_client import sources
from facet_client.answers import BatchLink, Photo, Rejected, UploadAnswer
from facet_client.errors import TooLarge, TooManyFiles, UnexpectedAnswer
from facet_client.sources import CannotOpen, Item, Sent, Source
from facet_client.transport import Answer, Transport, decoded


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of each file, in the order in which they were given."""

    files: tuple[Sent, ...]

    @property
    def photos(self) -> tuple[Photo, ...]:
        """All that are at the server now, those of earlier uploads included."""
        return tuple(one.photo for one in self.files if one.photo is not None)

    @property
    def accepted(self) -> tuple[Photo, ...]:
        """New photos."""
        return tuple(one.photo for one in self.files if one.photo is not None and one.new)

    @property
    def linked(self) -> tuple[Photo, ...]:
        """Photos that you had sent before, byte for byte."""
        return tuple(one.photo for one in self.files if one.photo is not None and not one.new)

    @property
    def batches(self) -> tuple[str, ...]:
        """Ids of the batches that the photos are in: one, unless they are more than a batch holds."""
        return tuple(dict.fromkeys(one.batch for one in self.files if one.batch is not None))

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """Files that were not kept, and why."""
        return tuple(one.rejected for one in self.files if one.rejected is not None)


BATCH_HOLDS: Final = 10_000
"""Files; what is more begins another batch."""


@dataclass(slots=True)
class Batching:
    """The batch that the requests of one upload go into: a given one, or the one that the first of them began."""

    batch: str | None = None
    label: str = ""
    _files: int = 0

    def query(self, files: int) -> dict[str, str]:
        """For a request with so many files."""
        if self._files + files > BATCH_HOLDS:
            self.batch, self._files = None, 0
        if self.batch is not None:
            return {"batch": self.batch}
        return {"label": self.label} if self.label else {}

    def went(self, link: BatchLink | None, files: int) -> None:
        """A request was answered."""
        self.batch = link.id if link else None
        self._files += files


def send_each(transport: Transport, given: Iterable[Source], lane: str, batching: Batching) -> Iterator[Sequence[Sent]]:
    """What became of the files, request by request; files that cannot be opened come first."""
    items: list[Item] = []
    unreadable: list[Sent] = []
    for place, source in enumerate(given):
        one = sources.item_of(source, place)
        (items if isinstance(one, Item) else unreadable).append(one)  # type: ignore[arg-type]
    if unreadable:
        yield unreadable
    for group in sources.requests_of(items):
        yield from _send(transport, group, lane, batching)


def in_order(given: Sequence[Source], groups: Iterable[Sequence[Sent]]) -> tuple[Sent, ...]:
    """As `given`, whatever order they were sent in."""
    places: dict[str, list[int]] = {}
    for place, source in enumerate(given):
        places.setdefault(sources.called(source, place), []).append(place)
    by_place = {places[one.source].pop(0): one for one in chain.from_iterable(groups)}
    return tuple(by_place[place] for place in sorted(by_place))


def _send(transport: Transport, group: list[Item], lane: str, batching: Batching) -> Iterator[Sequence[Sent]]:
    if not group:
        return
    said = {"lane": lane, **batching.query(len(group))}
    try:
        # safe to send again after a lost connection: under its key the request is done once
        answer = transport.send(
            "POST",
            "photos/",
            data=said,
            files=lambda: sources.opened(group),
            headers={"Idempotency-Key": str(uuid.uuid4())},
            repeat=True,
            accept=_tells_of_files,
        )
    except CannotOpen as gone:
        yield [sources.not_opened(gone.item.source, gone.item.name, gone.error)]
        yield from _send(transport, [item for item in group if item is not gone.item], lane, batching)
    except (TooManyFiles, TooLarge):
        if len(group) == 1:
            raise
        middle = len(group) // 2
        for half in (group[:middle], group[middle:]):
            yield from _send(transport, half, lane, batching)
    else:
        told = decoded(answer, UploadAnswer)
        batching.went(told.batch, len(group))
        yield [replace(one, batch=batching.batch) for one in matched(group, told)]


def _tells_of_files(answer: Answer) -> bool:
    """A request of which no file could be kept is 400, and yet told file by file."""
    if answer.status_code != 400 or "problem" in answer.headers.get("Content-Type", ""):
        return False
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "rejected" in body


def matched(group: Sequence[Item], answer: UploadAnswer) -> Sequence[Sent]:
    """Which file became what. New photos and rejected files have their names; the rest, in order, are the linked ones.

    Photos sent before keep the name that they had then. Raises UnexpectedAnswer when the numbers do not match.
    """
    accepted = {photo.name: photo for photo in answer.accepted}
    rejected = {one.name: one for one in answer.rejected}
    linked = iter(answer.linked)
    outcomes = []
    for item in group:
        if item.name in accepted:
            outcomes.append(Sent(source=item.source, photo=accepted[item.name]))
        elif item.name in rejected:
            outcomes.append(Sent(source=item.source, rejected=rejected[item.name]))
        elif (photo := next(linked, None)) is not None:
            outcomes.append(Sent(source=item.source, photo=photo, new=False))
        else:
            raise UnexpectedAnswer(f"The server did not say what became of {item.name}.")
    return outcomes
