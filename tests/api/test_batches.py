"""Batches in the API: made by uploads, joined, looked at, waited for and deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from analysis import batches
from analysis.intake import Rejected
from analysis.models import Analysis, Batch, BatchPhoto, Photo, Status, Worker
from tests.api.test_uploads import files

LIST = "/api/v1/batches/"
PHOTOS = "/api/v1/photos/"
Api = Callable[..., APIClient]
MakePhoto = Callable[..., Photo]


@pytest.fixture
def make_batch(make_photo: MakePhoto) -> Callable[..., Batch]:
    """A batch of `owner` with a photo in each of these states."""

    def make(owner: User, *statuses: Status, **fields: Any) -> Batch:
        batch = Batch.objects.create(owner=owner, **fields)
        for status in statuses:
            batches.link(batch, make_photo(owner, status=status), is_new=True)
        return batch

    return make


def test_an_upload_makes_a_batch_which_others_join(ann: User, api: Api) -> None:
    first = api(ann).post(PHOTOS, {"photos": files(40, 41), "label": "holiday"}).data["batch"]
    assert first["url"].endswith(f"{LIST}{first['id']}/")
    joined = api(ann).post(PHOTOS, {"photos": files(41, 42), "batch": first["id"]}).data
    assert joined["batch"] == first
    shown = api(ann).get(first["url"]).data
    assert (shown["label"], shown["total"], shown["finished"], shown["progress"]) == ("holiday", 3, 0, 0.0)
    assert shown["counts"]["queued"] == 3
    listed = api(ann).get(shown["photos_url"]).data["results"]
    assert [photo["name"] for photo in listed] == ["42.jpg", "41.jpg", "40.jpg"]
    assert list(BatchPhoto.objects.order_by("pk").values_list("is_new", flat=True)) == [True] * 3


def test_photos_that_were_sent_before_belong_to_it_too(ann: User, api: Api) -> None:
    api(ann).post(PHOTOS, {"photos": files(40)})
    again = api(ann).post(PHOTOS, {"photos": files(40)}).data
    assert api(ann).get(again["batch"]["url"]).data["total"] == 1
    assert [link.is_new for link in BatchPhoto.objects.filter(batch__uuid=again["batch"]["id"])] == [False]


def test_files_that_were_not_kept_are_named_with_the_reason(ann: User, api: Api) -> None:
    bad = files(40)
    bad[0].name, bad[0].file = "notes.txt", type(bad[0].file)(b"nothing")
    refused = api(ann).post(PHOTOS, {"photos": bad})
    assert refused.status_code == 400
    shown = api(ann).get(refused.data["batch"]["url"]).data
    assert (shown["total"], shown["progress"], shown["counts"]["rejected"]) == (0, 1.0, 1)
    assert [(one["name"], one["code"]) for one in shown["rejected"]] == [("notes.txt", "unsupported")]
    batches.reject(Batch.objects.get(), [Rejected(f"{n}.txt", "empty", "Empty.") for n in range(120)])
    many = api(ann).get(refused.data["batch"]["url"]).data
    assert (many["counts"]["rejected"], len(many["rejected"])) == (121, 100)


@pytest.mark.parametrize("status", Status)
def test_it_counts_photos_by_the_newest_analysis_of_each(
    ann: User, api: Api, make_batch: Any, make_photo: MakePhoto, status: Status
) -> None:
    batch = make_batch(ann, status)
    again = make_photo(ann)
    Analysis.objects.create(photo=again, owner=ann, status=status)
    batches.link(batch, again, is_new=False)
    make_photo(ann)  # of no batch
    shown = api(ann).get(f"{LIST}{batch.uuid}/")
    assert {name: number for name, number in shown.data["counts"].items() if number} == {status.value: 2}
    finished = status in {Status.DONE, Status.FAILED, Status.CANCELLED}
    assert (shown.data["finished"], shown.data["progress"]) == ((2, 1.0) if finished else (0, 0.0))
    assert ("Retry-After" in shown) is not finished


def test_the_time_left_is_until_the_last_one_is_read(ann: User, ben: User, api: Api, make_batch: Any) -> None:
    batch = make_batch(ann, Status.DONE, Status.QUEUED)
    make_batch(ben, Status.QUEUED)
    batches.link(batch, make_batch(ann, Status.QUEUED).photos.get(), is_new=False)
    unknown = api(ann).get(f"{LIST}{batch.uuid}/")
    assert (unknown.data["seconds_left"], unknown["Retry-After"]) == (None, "5")
    Worker.objects.create(host="h", pid=1, engine_version="e", model_version="m")
    now = timezone.now()
    Analysis.objects.filter(status=Status.DONE).update(started_at=now - timedelta(seconds=4), finished_at=now)
    known = api(ann).get(f"{LIST}{batch.uuid}/")
    assert (known.data["seconds_left"], known["Retry-After"]) == (12, "12")  # one worker, three photos of four seconds
    Analysis.objects.filter(status=Status.QUEUED).update(status=Status.RUNNING)
    assert api(ann).get(f"{LIST}{batch.uuid}/").data["seconds_left"] == 0


def test_the_list_is_newest_first_in_pages_and_of_own_batches_only(
    ann: User, ben: User, api: Api, make_batch: Any
) -> None:
    mine = [make_batch(ann, Status.DONE, label=str(number)) for number in range(3)]
    make_batch(ben, Status.DONE)
    first = api(ann).get(LIST, {"page_size": 2}).data
    assert [one["id"] for one in first["results"]] == [str(batch.uuid) for batch in reversed(mine[1:])]
    assert [one["label"] for one in api(ann).get(first["next"]).data["results"]] == ["0"]


def test_the_cost_grows_neither_with_the_list_nor_with_the_batch(
    ann: User, api: Api, make_batch: Any, worker: Worker, django_assert_max_num_queries: Any
) -> None:
    made = [make_batch(ann, Status.QUEUED, Status.DONE, Status.DONE) for _ in range(6)]
    client = api(ann)
    with django_assert_max_num_queries(9):
        assert len(client.get(LIST).data["results"]) == 6
    with django_assert_max_num_queries(9):
        client.get(f"{LIST}{made[0].uuid}/")


def test_a_stranger_neither_sees_joins_nor_deletes_it(ann: User, ben: User, api: Api, make_batch: Any) -> None:
    batch = make_batch(ann, Status.DONE)
    url = f"{LIST}{batch.uuid}/"
    assert api(ben).get(url).status_code == api(ben).delete(url, {}).status_code == 404
    assert api(ben).get(PHOTOS, {"batch": str(batch.uuid)}).data["results"] == []
    joined = api(ben).post(PHOTOS, {"photos": files(40), "batch": str(batch.uuid)})
    assert (joined.status_code, joined.data["errors"][0]["field"]) == (400, "batch")
    assert not Photo.objects.owned_by(ben).exists()
    assert api().get(url).status_code == api().get(LIST).status_code == 401
    assert api(ann).post(LIST).status_code == api(ann).put(url).status_code == 405


@pytest.mark.parametrize("form", [{"batch": "nothing"}, {"batch": str(uuid4())}, {"label": "l" * 81}])
def test_a_batch_that_cannot_be_joined_or_called_so_is_bad_input(ann: User, api: Api, form: dict[str, str]) -> None:
    refused = api(ann).post(PHOTOS, {"photos": files(40), **form})
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (400, next(iter(form)))
    assert not Batch.objects.exists()


def test_a_batch_keeps_its_label_and_its_bound(
    ann: User, api: Api, make_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make_batch(ann, Status.DONE)
    named = api(ann).post(PHOTOS, {"photos": files(40), "batch": str(batch.uuid), "label": "other"})
    assert (named.status_code, named.data["errors"][0]["field"]) == (400, "label")
    monkeypatch.setattr(batches, "MOST_FILES", 2)
    assert api(ann).post(PHOTOS, {"photos": files(40), "batch": str(batch.uuid)}).status_code == 202
    full = api(ann).post(PHOTOS, {"photos": files(41), "batch": str(batch.uuid)})
    assert (full.status_code, "Begin a new one" in full.data["detail"]) == (400, True)


@pytest.mark.parametrize(("query", "left"), [("", 2), ("?photos=false", 2), ("?photos=true", 1)])
def test_deleting_it_leaves_the_photos_unless_asked_for(
    ann: User, api: Api, make_batch: Any, make_photo: MakePhoto, query: str, left: int
) -> None:
    batch = make_batch(ann, Status.DONE)
    batches.link(batch, make_photo(ann), is_new=False)  # had been sent before: stays in any case
    assert api(ann).delete(f"{LIST}{batch.uuid}/{query}").status_code == 204
    assert not Batch.objects.exists()
    assert Photo.objects.count() == left


@pytest.mark.parametrize("query", ["?photos=perhaps", "?photo=true"])
def test_what_to_delete_must_be_clear(ann: User, api: Api, make_batch: Any, query: str) -> None:
    batch = make_batch(ann, Status.DONE)
    assert api(ann).delete(f"{LIST}{batch.uuid}/{query}").status_code == 400
    assert batch.photos.exists()


def test_a_photo_that_is_deleted_leaves_it_and_an_empty_one_is_forgotten(ann: User, make_batch: Any) -> None:
    old = timezone.now() - timedelta(days=31)
    kept, emptied = make_batch(ann, Status.DONE, created_at=old), make_batch(ann, Status.DONE, created_at=old)
    fresh = make_batch(ann)
    emptied.photos.get().delete()
    assert batches.forget_empty() == 1
    assert set(Batch.objects.all()) == {kept, fresh}


def test_who_leaves_takes_their_batches_along(ann: User, api: Api) -> None:
    api(ann).post(PHOTOS, {"photos": files(40)}, headers={"Idempotency-Key": "k"})
    ann.delete()
    assert not Batch.objects.exists()
    assert not BatchPhoto.objects.exists()


def test_nothing_is_left_of_an_upload_that_was_turned_away(
    ann: User, api: Api, settings: Any, make_photo: MakePhoto
) -> None:
    settings.QUEUE_MAX = 1
    make_photo(ann, status=Status.QUEUED)
    assert api(ann).post(PHOTOS, {"photos": files(40)}).status_code == 503
    assert not Batch.objects.exists()


def test_two_requests_may_begin_the_same_batch_at_once(ann: User) -> None:
    first, second = batches.joined(ann, uuid := uuid4()), batches.joined(ann, uuid)
    kept, is_new = batches.saved(first)
    assert (batches.saved(second), is_new) == ((kept, False), True)
    assert Batch.objects.count() == 1


def test_fifty_photos_go_in_one_request_and_one_more_does_not(ann: User, api: Api) -> None:
    sides = range(20, 70)
    assert len(api(ann).post(PHOTOS, {"photos": files(*sides)}).data["accepted"]) == 50
    one_over = api(ann).post(PHOTOS, {"photos": files(*sides, 70)})
    assert (one_over.status_code, one_over.data["code"]) == (400, "too_many_files")
    assert "50" in one_over.data["detail"]
    assert Photo.objects.count() == 50


def test_what_failed_or_was_stopped_of_a_batch_is_tried_again_and_counted(ann: User, api: Api, make_batch: Any) -> None:
    batch = make_batch(ann, Status.FAILED, Status.CANCELLED, Status.DONE)
    address = f"{LIST}{batch.uuid}/retry/"
    answer = api(ann).post(address)
    assert (answer.status_code, answer.data) == (202, {"queued": 2, "left": 0})
    counts = api(ann).get(f"{LIST}{batch.uuid}/").data["counts"]
    assert (counts["queued"], counts["failed"], counts["cancelled"], counts["done"]) == (2, 0, 0, 1)
    again = api(ann).post(address)
    assert (again.status_code, again.data["code"]) == (409, "not_failed")


def test_a_request_tries_so_many_again_and_says_how_many_are_left(
    ann: User, api: Api, make_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    address = f"{LIST}{make_batch(ann, *[Status.FAILED] * 3).uuid}/retry/"
    assert [api(ann).post(address).data for _ in range(2)] == [{"queued": 2, "left": 1}, {"queued": 1, "left": 0}]


def test_nobody_tries_anothers_batch_again(ann: User, ben: User, api: Api, make_batch: Any) -> None:
    address = f"{LIST}{make_batch(ann, Status.FAILED).uuid}/retry/"
    assert [api(person).post(address).status_code for person in (ben, None)] == [404, 401]
    assert api(ann).get(address).status_code == 405
    assert api(ann).post(f"{address}?lane=batch").status_code == 400
    assert Analysis.objects.get().status == Status.FAILED
