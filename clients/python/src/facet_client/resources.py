"""What a client has: photos, faces, suggestions."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from facet_client import sources
from facet_client.addresses import id_in_path, slug_in_path
from facet_client.answers import (
    INTERACTIVE,
    Analysis,
    AnalysisPage,
    Batch,
    BatchPage,
    Correction,
    Photo,
    PhotoPage,
    Rereading,
    Retried,
    Suggestions,
    Tried,
)
from facet_client.errors import NotFound
from facet_client.review_answers import ReviewFacePage
from facet_client.sources import Item, Sent, Source
from facet_client.transport import Transport, decoded
from facet_client.uploading import Batching, Uploaded, in_order, send_each
from facet_client.watching import OnProgress, Watch, id_of, watch_batch
from facet_client.webhook_answers import DeliveryPage, WebhookPage

Page = TypeVar("Page", PhotoPage, AnalysisPage, BatchPage, ReviewFacePage, WebhookPage, DeliveryPage)
Id = str | uuid.UUID


class Photos:
    """Your photos. Every method raises FacetError, and ValueError for what is no id."""

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def upload(
        self,
        photos: Source | Sequence[Source],
        *,
        lane: str = INTERACTIVE,
        batch: Id | None = None,
        label: str = "",
    ) -> Uploaded:
        """Send one photo or many: paths, bytes, or pairs of a name and bytes.

        They go in requests of at most 50 photos, read from disk while they are sent. A file that cannot be read stops
        none of the others. Sending the same again is safe, also after ConnectionFailed: the same bytes of the same
        owner are the same photo, which is then among `linked`. `lane`: `interactive`, or `batch` for many at once that
        nobody waits for. All go into one batch: the one given, or a new one, which may have a `label` for people.
        """
        many: Sequence[Source] = [photos] if _is_one(photos) else photos  # type: ignore[list-item, assignment]
        return Uploaded(in_order(many, self.upload_each(many, lane=lane, batch=batch, label=label)))

    def upload_each(
        self, photos: Iterable[Source], *, lane: str = INTERACTIVE, batch: Id | None = None, label: str = ""
    ) -> Iterator[Sequence[Sent]]:
        """The same request by request, with what became of its files after each one."""
        batching = Batching(None if batch is None else id_in_path(batch), label)
        return send_each(self._transport, photos, lane, batching)

    def try_one(self, photo: Source) -> Tried:
        """What a photo shows, without keeping anything of it. Raises Invalid when it cannot be read, and NotNow."""
        item = sources.item_of(photo, 0)
        if not isinstance(item, Item):
            raise ValueError(f"{photo!r} cannot be read.")
        answer = self._transport.send("POST", "try/", files=lambda: sources.opened([item], field="photo"), repeat=True)
        return decoded(answer, Tried)

    def get(self, photo: Id) -> Photo:
        """A photo with its newest result."""
        return self._transport.get(f"photos/{id_in_path(photo)}/", Photo)

    def list(
        self,
        *,
        status: str | None = None,
        emotion: str | None = None,
        gender: str | None = None,
        age_from: int | None = None,
        age_to: int | None = None,
        unsure: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        batch: Id | None = None,
        page_size: int = 100,
    ) -> Iterator[Photo]:
        """All that match, newest first, fetched a page at a time. Ages are in years, days are like 2026-01-31.

        What is asked about a face holds for one and the same face. `unsure`: any, gender or emotion.
        """
        query = {
            "status": status,
            "emotion": emotion,
            "gender": gender,
            "age_from": age_from,
            "age_to": age_to,
            "unsure": unsure,
            "since": since,
            "until": until,
            "batch": None if batch is None else id_in_path(batch),
            "page_size": page_size,
        }
        for page in pages(self._transport, "photos/", PhotoPage, query):
            yield from page.results

    def wait(
        self, photos: Iterable[Id | Photo], timeout: float | None = None, progress: OnProgress | None = None
    ) -> tuple[Photo, ...]:
        """The photos in the order given, once all are read, have failed or were stopped.

        `timeout` is in seconds. Raises WaitTimedOut, and NotFound when one was deleted meanwhile.
        """
        given = tuple(photos)
        found = dict(self.watch(given, timeout, progress))
        if missing := [one for one, photo in found.items() if photo is None]:
            raise NotFound(f"Deleted while it was waited for: {', '.join(missing)}.", status=404, code="not_found")
        return tuple(photo for photo in (found[id_of(one)] for one in given) if photo is not None)

    def watch(
        self, photos: Iterable[Id | Photo], timeout: float | None = None, progress: OnProgress | None = None
    ) -> Iterator[tuple[str, Photo | None]]:
        """Each id with its photo as soon as that is finished; with None when it was deleted meanwhile.

        A `Photo` that is finished is taken as it is; give its id to ask for it again. `timeout` is in seconds. Raises
        WaitTimedOut.
        """
        return Watch(self._transport, photos, timeout, progress).finished()

    def delete(self, photo: Id) -> None:
        """Remove a photo and everything read from it."""
        self._transport.send("DELETE", f"photos/{id_in_path(photo)}/")

    def retry(self, photo: Id) -> Photo:
        """Read once more what failed or was stopped. Raises Conflict when it has not."""
        return self._do(photo, "retry")

    def cancel(self, photo: Id) -> Photo:
        """Stop what waits or is being read; an earlier result stays. Raises Conflict when nothing is under way."""
        return self._do(photo, "cancel")

    def reread(self, photo: Id, *, lane: str = INTERACTIVE) -> Photo:
        """Read a photo again by newer models. Raises Conflict when there are none, or something is under way."""
        return self._do(photo, "reread", {"lane": lane})

    def reread_all(self) -> Rereading:
        """Read all your photos again that were read by older models, or before you agreed to something.

        Asking once more while that goes on changes nothing.
        """
        return decoded(self._transport.send("POST", "photos/reread/", repeat=True), Rereading)

    def rereading(self) -> Rereading:
        """How many photos could be read again, or how far that is."""
        return self._transport.get("photos/reread/", Rereading)

    def stop_rereading(self) -> None:
        """Photos that wait to be read again keep the results they have."""
        self._transport.send("DELETE", "photos/reread/", repeat=True)

    def readings(self, photo: Id) -> Iterator[Analysis]:
        """All readings of a photo, newest first."""
        for page in pages(self._transport, f"photos/{id_in_path(photo)}/analyses/", AnalysisPage, {"page_size": 50}):
            yield from page.results

    def image(self, photo: Id) -> bytes:
        """The picture as it is kept: an upright JPEG without metadata."""
        return self._transport.send("GET", f"photos/{id_in_path(photo)}/image/", headers={"Accept": "*/*"}).content

    def _do(self, photo: Id, what: str, query: Mapping[str, str] | None = None) -> Photo:
        return decoded(self._transport.send("POST", f"photos/{id_in_path(photo)}/{what}/", query=query), Photo)


class Batches:
    """Photos that were sent together. Every method raises FacetError, and ValueError for what is no id."""

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def get(self, batch: Id) -> Batch:
        """How far it is."""
        return self._transport.get(self._path(batch), Batch)

    def watch(self, batch: Id, timeout: float | None = None) -> Iterator[Batch]:
        """The batch again and again as it goes on, last of all when it is finished; `timeout` is in seconds.

        It is asked for as often as the server says. Raises WaitTimedOut.
        """
        return watch_batch(self._transport, self._path(batch), timeout)

    def list(self, *, page_size: int = 100) -> Iterator[Batch]:
        """All, newest first, fetched a page at a time."""
        for page in pages(self._transport, "batches/", BatchPage, {"page_size": page_size}):
            yield from page.results

    def retry(self, batch: Id) -> Retried:
        """Read once more what failed or was stopped; again while some are left. Raises Conflict when nothing did."""
        return decoded(self._transport.send("POST", f"{self._path(batch)}retry/"), Retried)

    def delete(self, batch: Id, *, photos: bool = False) -> None:
        """Forget it; with `photos` delete the photos that came with it too, and everything read from them."""
        query = {"photos": "true"} if photos else None
        self._transport.send("DELETE", self._path(batch), query=query)

    def _path(self, batch: Id) -> str:
        return f"batches/{id_in_path(batch)}/"


class Faces:
    """What you say about faces in your photos."""

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def correct(
        self,
        face: Id,
        *,
        age_years: int | None = None,
        gender: str | None = None,
        emotion: str | None = None,
        not_a_face: bool | None = None,
        note: str | None = None,
    ) -> Correction:
        """Say what is wrong; at least one of these. The newest correction is the one that counts."""
        given = {
            "age_years": age_years,
            "gender": gender,
            "emotion": emotion,
            "not_a_face": not_a_face,
            "note": note,
        }
        told = {name: value for name, value in given.items() if value is not None}
        return decoded(self._transport.send("POST", self._path(face), json=told), Correction)

    def withdraw(self, face: Id) -> None:
        """Take back all that you said about a face."""
        self._transport.send("DELETE", self._path(face))

    def crop(self, face: Id) -> bytes:
        """The face alone, a JPEG, where only that was kept of its photo. Raises FacetError with not_kept otherwise."""
        return self._transport.send("GET", f"faces/{id_in_path(face)}/crop/", headers={"Accept": "*/*"}).content

    def _path(self, face: Id) -> str:
        return f"faces/{id_in_path(face)}/corrections/"


class SuggestionLists:
    """Things to read, watch, hear or do."""

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def for_photo(self, photo: Id, *, limit: int | None = None) -> Suggestions:
        """For a photo with a result. Raises Conflict while it has none."""
        return self._transport.get(f"photos/{id_in_path(photo)}/suggestions/", Suggestions, {"limit": limit})

    def say(self, slug: str, kind: str, *, photo: Id | None = None) -> None:
        """Dismiss an item for good (`not_for_me`) or ask for more like it (`liked`), as seen in the list of `photo`."""
        body = {"kind": kind} | ({} if photo is None else {"photo": id_in_path(photo)})
        self._transport.send("POST", self._path(slug), json=body)

    def take_back(self, slug: str) -> None:
        """As if nothing had been said about an item."""
        self._transport.send("DELETE", self._path(slug))

    def _path(self, slug: str) -> str:
        return f"suggestions/{slug_in_path(slug)}/feedback/"


def pages(transport: Transport, path: str, kind: type[Page], query: Mapping[str, object]) -> Iterator[Page]:
    """One after the other. Only the cursor is taken from the address of the next: the token goes nowhere else."""
    cursor: str | None = None
    while True:
        page = transport.get(path, kind, {**query, "cursor": cursor})
        yield page
        cursor = next(iter(parse_qs(urlsplit(page.next or "").query).get("cursor", [])), None)
        if cursor is None:
            return


def _is_one(photos: Source | Sequence[Source]) -> bool:
    if isinstance(photos, tuple) and len(photos) == 2:
        return isinstance(photos[0], str) and isinstance(photos[1], bytes)
    return not isinstance(photos, Sequence) or isinstance(photos, str | bytes)
