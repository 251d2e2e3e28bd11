"""Photos that are sent together, photos that are only tried, and uploads that come again; all at a server that runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from analysis import idempotency, tasks, trying
from analysis.models import Analysis, Batch, Photo, UploadKey
from facet_client import Conflict, Facet, Invalid, NotFound, WaitTimedOut
from facet_client import uploading as client_uploading
from tests.clients.conftest import FakeClock
from tests.conftest import jpeg


def test_one_upload_is_one_batch_however_many_requests_it_takes(facet: Facet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facet_client.sources.PHOTOS_PER_REQUEST", 2)
    uploaded = facet.photos.upload([jpeg(side, side) for side in range(40, 45)], lane="batch", label="Sunday")
    (batch,) = uploaded.batches
    found = facet.batches.get(batch)
    assert (found.label, found.total, found.finished, found.is_finished) == ("Sunday", 5, 0, False)
    assert {photo.id for photo in facet.photos.list(batch=batch)} == {photo.id for photo in uploaded.photos}


def test_a_batch_that_is_there_takes_more(facet: Facet) -> None:
    (first,) = facet.photos.upload(jpeg(40, 40)).batches
    assert facet.photos.upload([jpeg(41, 41), b"nothing"], batch=first).batches == (first,)
    found = facet.batches.get(first)
    assert (found.total, found.counts["rejected"]) == (2, 1)
    with pytest.raises(Invalid, match="no such batch"):
        facet.photos.upload(jpeg(42, 42), batch="0" * 32)


def test_what_is_more_than_a_batch_holds_begins_another(facet: Facet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facet_client.sources.PHOTOS_PER_REQUEST", 1)
    monkeypatch.setattr(client_uploading, "BATCH_HOLDS", 2)
    uploaded = facet.photos.upload([jpeg(side, side) for side in (40, 41, 42)], label="Sunday")
    assert [facet.batches.get(batch).total for batch in uploaded.batches] == [2, 1]
    assert {batch.label for batch in facet.batches.list(page_size=1)} == {"Sunday"}


def test_a_batch_is_watched_until_all_of_it_is_read(facet: Facet, time_stands: FakeClock) -> None:
    (batch,) = facet.photos.upload([jpeg(40, 40), jpeg(41, 41)]).batches
    assert [(state.finished, state.progress) for state in facet.batches.watch(batch)] == [(0, 0.0), (2, 1.0)]
    assert time_stands.slept == [5.0], "asked again when the server said so"


def test_watching_ends_when_the_time_is_over(facet: Facet, time_stands: FakeClock) -> None:
    time_stands.while_asleep = lambda: None
    (batch,) = facet.photos.upload([jpeg(40, 40), jpeg(41, 41)]).batches
    with pytest.raises(WaitTimedOut, match="2 photos are not read yet"):
        list(facet.batches.watch(batch, timeout=12))
    assert time_stands.now == 12


def test_a_batch_goes_with_its_photos_or_without(facet: Facet) -> None:
    known = facet.photos.upload(jpeg(40, 40)).photos[0].id
    (batch,) = facet.photos.upload([jpeg(40, 40), jpeg(41, 41)]).batches
    facet.batches.delete(batch, photos=True)
    assert [str(photo.uuid) for photo in Photo.objects.all()] == [known], "what was there before stays"
    (other,) = facet.photos.upload(jpeg(42, 42)).batches
    facet.batches.delete(other)
    assert Photo.objects.count() == 2
    with pytest.raises(NotFound):
        facet.batches.get(other)


def test_a_photo_is_tried_and_nothing_of_it_is_there(facet: Facet, astronaut_jpeg: bytes) -> None:
    tried = facet.photos.try_one(("me.jpg", astronaut_jpeg))
    (face,) = tried.faces
    assert face.age is not None
    assert face.age.low <= face.age.years <= face.age.high
    assert tried.raw["width"] == tried.width == 512
    assert not Photo.objects.exists()
    assert not Analysis.objects.exists()


def test_a_file_that_cannot_be_tried_says_why(facet: Facet, tmp_path: Path, settings: Any) -> None:
    with pytest.raises(Invalid) as raised:
        facet.photos.try_one(b"nothing")
    assert raised.value.code == "unsupported"
    with pytest.raises(ValueError, match=r"missing\.jpg.* cannot be read"):
        facet.photos.try_one(tmp_path / "missing.jpg")
    settings.TRY = False
    with pytest.raises(NotFound) as off:
        facet.photos.try_one(jpeg(40, 40))
    assert off.value.code == "switched_off"


def test_trying_waits_for_a_busy_engine(
    facet: Facet, time_stands: FakeClock, astronaut_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "TURN_S", 0.05)
    trying._turn.acquire()
    time_stands.while_asleep = trying._turn.release
    assert len(facet.photos.try_one(astronaut_jpeg).faces) == 1
    assert time_stands.slept == [trying.SOON_S]


class Losing(httpx.HTTPTransport):
    """Brings the first answer to an upload nowhere; `before_the_next` is what happens then."""

    def __init__(self, before_the_next: Callable[[], object]) -> None:
        super().__init__()
        self.keys: list[str] = []
        self._before_the_next = before_the_next

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if request.method == "POST":
            self.keys.append(request.headers["Idempotency-Key"])
            if len(self.keys) == 1:
                answer.read()
                self._before_the_next()
                raise httpx.ReadError("the cable was pulled")
        return answer


def test_an_upload_whose_answer_was_lost_is_done_once(facet: Facet, token: str, time_stands: FakeClock) -> None:
    losing = Losing(lambda: None)
    with Facet(facet.url, token, transport=losing, clock=time_stands.clock) as client:
        uploaded = client.photos.upload([jpeg(40, 40), b"nothing"])
    assert len(losing.keys) == 2
    assert len(set(losing.keys)) == 1
    assert [(one.new, one.rejected is None) for one in uploaded.files] == [(True, True), (True, False)]
    assert (Photo.objects.count(), Batch.objects.count()) == (1, 1)


def hold_the_key() -> None:
    """As while the server goes on with the request whose answer was lost."""
    UploadKey.objects.update(lease_until=timezone.now() + idempotency.LEASE, status_code=None, outcome=None)


def test_an_upload_that_is_still_under_way_is_waited_for(facet: Facet, token: str, time_stands: FakeClock) -> None:
    """The first pause is for the loss; the second the server asked for, and meanwhile its first request ends."""

    def asleep() -> None:
        if len(time_stands.slept) == 2:
            UploadKey.objects.update(lease_until=timezone.now())

    time_stands.while_asleep = asleep
    losing, told = Losing(hold_the_key), []
    with Facet(
        facet.url, token, transport=losing, clock=time_stands.clock, on_wait=lambda _, error: told.append(error.code)
    ) as client:
        uploaded = client.photos.upload(jpeg(40, 40))
    assert told == ["", "idempotency_in_progress"]
    assert len(uploaded.accepted) == 1, "it is the same upload, so its photo is new"
    assert (Photo.objects.count(), len(losing.keys), len(set(losing.keys))) == (1, 3, 1)


def test_without_patience_an_upload_under_way_is_a_conflict(facet: Facet, token: str, time_stands: FakeClock) -> None:
    losing = Losing(hold_the_key)
    with (
        Facet(facet.url, token, transport=losing, clock=time_stands.clock, patience=1) as client,
        pytest.raises(Conflict) as raised,
    ):
        client.photos.upload(jpeg(40, 40))
    assert raised.value.code == "idempotency_in_progress"


def test_real_photos_of_a_batch_are_read(facet: Facet, astronaut_jpeg: bytes, time_stands: FakeClock) -> None:
    (batch,) = facet.photos.upload(astronaut_jpeg).batches
    time_stands.while_asleep = tasks.read
    *_, last = facet.batches.watch(batch)
    assert (last.progress, last.counts["done"]) == (1.0, 1)


def test_what_failed_of_a_batch_is_tried_again(facet: Facet) -> None:
    (batch,) = facet.photos.upload([jpeg(40, 40), jpeg(41, 41)]).batches
    Analysis.objects.update(status="failed")
    assert facet.batches.retry(batch).queued == 2
    assert facet.batches.get(batch).counts["queued"] == 2
    with pytest.raises(Conflict, match="nothing to try again"):
        facet.batches.retry(batch)
