"""Uploads under an Idempotency-Key: done once, answered again, not mixed up, and never stuck."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from analysis import idempotency, services, taking
from analysis.models import Analysis, Batch, BatchRejection, Photo, Status, UploadKey
from tests.api.test_uploads import files

LIST = "/api/v1/photos/"
Api = Callable[..., APIClient]


def send(client: APIClient, *sides: int, key: str = "k", query: str = "", **form: Any) -> Any:
    sent = {"photos": files(*sides), **form}
    return client.post(f"{LIST}{query}", sent, headers={"Idempotency-Key": key})


def names(answer: Any, part: str = "accepted") -> list[str]:
    return [photo["name"] for photo in answer.data[part]]


def test_the_same_upload_again_is_done_once_and_answered_alike(ann: User, api: Api) -> None:
    client = api(ann)
    client.post(LIST, {"photos": files(41)})
    first, again = send(client, 40, 41), send(client, 40, 41)
    assert first.status_code == again.status_code == 202
    assert (names(first), names(first, "linked")) == (["40.jpg"], ["41.jpg"])
    assert first.data == again.data
    assert Photo.objects.count() == 2
    assert Batch.objects.count() == 2


def test_the_body_is_as_things_are_now_and_the_status_of_the_first_time(ann: User, api: Api) -> None:
    client = api(ann)
    send(client, 40, 41)
    Analysis.objects.update(status=Status.DONE, finished_at=timezone.now())
    Photo.objects.get(name="41.jpg").delete()
    again = send(client, 40, 41)
    assert again.status_code == 202
    assert [photo["analysis"]["status"] for photo in again.data["accepted"]] == ["done"]
    assert Photo.objects.count() == 1  # what was deleted since does not come back


def test_an_upload_of_which_nothing_was_kept_is_answered_again_too(ann: User, api: Api) -> None:
    client = api(ann)

    def upload() -> Any:
        bad = SimpleUploadedFile("b.png", b"nothing")
        return client.post(LIST, {"photos": [bad]}, headers={"Idempotency-Key": "k"})

    first, again = upload(), upload()
    assert first.status_code == again.status_code == 400
    assert first.data == again.data
    assert BatchRejection.objects.count() == 1


def test_a_key_is_of_one_person(ann: User, ben: User, api: Api) -> None:
    send(api(ann), 40)
    assert names(send(api(ben), 41)) == ["41.jpg"]


@pytest.mark.parametrize(
    ("sides", "form", "query"),
    [((41,), {}, ""), ((40, 41), {}, ""), ((40,), {"lane": "batch"}, ""), ((40,), {}, "?lane=batch"),
     ((40,), {"label": "holiday"}, "")],
)  # fmt: skip
def test_a_key_stands_for_one_content(ann: User, api: Api, sides: Any, form: Any, query: str) -> None:
    send(api(ann), 40)
    refused = send(api(ann), *sides, query=query, **form)
    assert (refused.status_code, refused.data["code"]) == (422, "idempotency_mismatch")
    assert "new key" in refused.data["detail"]
    assert Photo.objects.count() == 1


def test_names_order_and_batch_are_content_and_how_to_answer_is_not(ann: User, api: Api) -> None:
    client = api(ann)
    send(client, 40, 41)
    assert send(client, 41, 40).status_code == 422
    assert send(client, 40, 41, batch=str(Batch.objects.get().uuid)).status_code == 422
    assert send(client, 40, 41, query="?wait=0").status_code == 202
    renamed = files(40, 41)
    renamed[0].name = "other.jpg"
    assert client.post(LIST, {"photos": renamed}, headers={"Idempotency-Key": "k"}).status_code == 422


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "schl\u00fcssel", "tab\tin it"])
def test_a_key_that_is_none_is_refused(ann: User, api: Api, key: str) -> None:
    refused = send(api(ann), 40, key=key)
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert not Photo.objects.exists()


def test_a_key_may_stand_in_quotes_as_the_draft_has_it(ann: User, api: Api) -> None:
    send(api(ann), 40, key="a-key")
    assert send(api(ann), 41, key='"a-key"').status_code == 422
    assert idempotency.key_of(r'"a \"b\" \\"') == r'a "b" \ '.strip()
    assert idempotency.key_of("k" * 255) == "k" * 255


def test_a_bad_request_uses_no_key_up(ann: User, api: Api) -> None:
    assert send(api(ann), 40, lane="fast").status_code == 400
    assert not UploadKey.objects.exists()


def test_who_was_turned_away_sends_the_same_again_under_the_same_key(
    ann: User, api: Api, make_photo: Any, settings: Any
) -> None:
    settings.QUEUE_MAX = 1
    make_photo(ann, status=Status.QUEUED)
    assert send(api(ann), 40).status_code == 503
    settings.QUEUE_MAX = 9
    assert names(send(api(ann), 40)) == ["40.jpg"]
    assert send(api(ann), 40).status_code == 202


def test_while_the_first_is_under_way_the_second_is_told_when_to_ask(
    ann: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    second: list[Any] = []
    real = services.upload_photos

    def meanwhile(**what: Any) -> Any:
        second.append(send(api(ann), 40))
        return real(**what)

    monkeypatch.setattr(services, "upload_photos", meanwhile)
    assert send(api(ann), 40).status_code == 202
    assert (second[0].status_code, second[0].data["code"]) == (409, "idempotency_in_progress")
    assert int(second[0]["Retry-After"]) > 0
    assert Photo.objects.count() == 1


class PowerCut(BaseException):
    """Nothing after it runs, as far as the test can help it."""


def cut_off(monkeypatch: pytest.MonkeyPatch, client: APIClient, at: int, *, group: int) -> None:
    """A request that dies at its file number `at`, without letting go of its key; files are taken in groups."""
    real, seen = taking.clean, []

    def clean(received: Any) -> Any:
        if len(seen) == at:
            raise PowerCut
        seen.append(received)
        return real(received)

    with monkeypatch.context() as patch:
        patch.setattr(taking, "clean", clean)
        patch.setattr(taking, "GROUP_FILES", group)
        patch.setattr(idempotency, "release", lambda _: None)
        with pytest.raises(PowerCut):
            send(client, 40, 41, 42)


@pytest.mark.parametrize("group", [1, 2, 10])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_request_that_died_leaves_its_key_and_its_photos_to_the_next(
    ann: User, api: Api, monkeypatch: pytest.MonkeyPatch, at: int, group: int
) -> None:
    client = api(ann)
    cut_off(monkeypatch, client, at, group=group)
    assert Photo.objects.count() == at // group * group
    assert send(client, 40, 41, 42).status_code == 409
    UploadKey.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    gone_on = send(client, 40, 41, 42)
    assert (gone_on.status_code, names(gone_on)) == (202, ["40.jpg", "41.jpg", "42.jpg"])
    assert gone_on.data["linked"] == []
    assert Photo.objects.count() == 3
    (batch,) = Batch.objects.all()
    assert str(batch.uuid) == gone_on.data["batch"]["id"]
    assert batch.photos.count() == 3
    assert send(client, 40, 41, 42).data == gone_on.data


def test_a_request_that_ends_in_an_error_lets_go_at_once(ann: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    client = api(ann)
    with monkeypatch.context() as patch:
        patch.setattr(taking, "clean", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(client, 40)
    assert names(send(client, 40)) == ["40.jpg"]


def test_of_two_that_take_a_lost_key_over_one_does(ann: User, api: Api) -> None:
    held = idempotency.claim(owner=ann, key="k", content="c", batch=Batch().uuid)
    UploadKey.objects.update(lease_until=timezone.now())
    stale = UploadKey.objects.get()
    assert idempotency.claim(owner=ann, key="k", content="c", batch=Batch().uuid).batch == held.batch
    assert not idempotency._taken(stale)
    idempotency.finish(held, idempotency.Told([], [], [], ""), 202)  # the lease is another's now
    assert UploadKey.objects.get().status_code is None


def test_a_key_lives_for_a_day(ann: User, api: Api) -> None:
    send(api(ann), 40)
    old = timezone.now() - timedelta(hours=24, seconds=1)
    UploadKey.objects.update(created_at=old)
    assert names(send(api(ann), 41)) == ["41.jpg"]  # also when nobody has swept yet
    UploadKey.objects.create(owner=ann, key="old", fingerprint="", batch=Batch().uuid, created_at=old)
    assert idempotency.forget_old() == 1
    assert list(UploadKey.objects.values_list("key", flat=True)) == ["k"]


@pytest.fixture
def in_a_thread(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Runs something with a connection of its own; of SQLite to a copy in a file, as one in memory has other locks."""
    settings = connections.settings["default"]
    memory = settings["NAME"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "copy.sqlite3")])
        settings["NAME"] = str(tmp_path / "copy.sqlite3")

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        yield lambda work: pool.submit(run, work)
    settings["NAME"] = memory


def test_of_two_threads_with_one_key_one_uploads(ann: User, api: Api, in_a_thread: Any) -> None:
    """The other is told to come back, or hears what became of it; nothing is kept twice."""
    start = threading.Barrier(2)

    def upload() -> int:
        start.wait(30)
        return int(send(api(ann), 40, 41).status_code)

    answers = [in_a_thread(upload) for _ in range(2)]
    assert sorted(answer.result(60) for answer in answers) in ([202, 202], [202, 409])

    def look() -> Any:
        kept = Photo.objects.count(), Batch.objects.count(), UploadKey.objects.count()
        return kept, names(send(api(ann), 40, 41))

    assert in_a_thread(look).result(60) == ((2, 1, 1), ["40.jpg", "41.jpg"])
