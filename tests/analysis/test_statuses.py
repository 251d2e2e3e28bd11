"""One poll for all unfinished photos of a page."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis.models import Analysis, Photo, Status, Worker

URL = "/photos/status/"
MakePhoto = Callable[..., Photo]


def ids(*photos: Photo) -> dict[str, str]:
    return {"ids": ",".join(str(photo.uuid) for photo in photos)}


def test_each_photo_comes_as_a_fragment_to_be_swapped_in(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    done, waiting = make_photo(ann), make_photo(ann, status=Status.QUEUED)
    page = ann_client.get(URL, ids(done, waiting)).content.decode()
    assert "<html" not in page
    assert f'id="result-{done.uuid}" hx-swap-oob="true"' in page
    assert f'id="view-{done.uuid}" hx-swap-oob="true"' in page  # with its boxes
    assert f'id="state-{waiting.uuid}" hx-swap-oob="true"' in page
    assert (
        f'id="result-{waiting.uuid}"' not in page
    )  # its picture need not flicker, nor its button go from under a finger
    assert f'id="view-{waiting.uuid}"' not in page
    assert "1 of 2 read." in page


def test_only_the_unfinished_are_asked_for_again(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    done, waiting = make_photo(ann), make_photo(ann, status=Status.QUEUED)
    page = ann_client.get(URL, ids(done, waiting)).content.decode()
    assert f"ids={waiting.uuid}&amp;of=2" in page
    page = ann_client.get(URL, ids(done)).content.decode()
    assert "hx-get" not in page
    assert "Nothing is waiting any more." in page


def test_a_poll_that_finds_nothing_new_gets_304_and_no_body(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    waiting = make_photo(ann, status=Status.QUEUED)
    etag = ann_client.get(URL, ids(waiting)).headers["ETag"]

    def poll(*photos: Photo) -> Any:
        return ann_client.get(URL, ids(*photos), headers={"If-None-Match": etag})

    still = poll(waiting)
    assert (still.status_code, still.content, still.headers["ETag"]) == (304, b"", etag)
    assert poll(waiting, make_photo(ann)).status_code == 200  # another page, on which one more is done
    Analysis.objects.filter(photo=waiting).update(status=Status.RUNNING)
    assert "Being read" in poll(waiting).content.decode()
    Analysis.objects.filter(photo=waiting).update(status=Status.DONE)
    assert "No face found" in poll(waiting).content.decode()


def test_the_page_sends_what_the_answer_is_marked_with(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    waiting = make_photo(ann, status=Status.RUNNING)
    for address, query in ((reverse("analysis:history"), {}), (URL, ids(waiting))):
        poll = ann_client.get(address, query).context["live"].poll
        answer = ann_client.get(poll.url, headers=json.loads(poll.headers))
        assert answer.status_code == 304


def test_a_photo_that_is_gone_leaves_the_poll(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    stays, goes = make_photo(ann, status=Status.RUNNING), make_photo(ann, status=Status.DONE)
    etag = ann_client.get(URL, ids(stays)).headers["ETag"]
    both = ids(stays, goes)
    goes.delete()
    answer = ann_client.get(URL, both, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert f"?ids={stays.uuid}&amp;of=2" in answer.content.decode()


def test_the_count_goes_on_from_poll_to_poll(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    waiting = make_photo(ann, status=Status.RUNNING)
    assert "4 of 5 read." in ann_client.get(URL, ids(waiting) | {"of": "5"}).content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_an_unchanged_poll_costs_the_same_few_queries_for_any_number_of_photos(
    ann_client: Client,
    ann: User,
    make_photo: MakePhoto,
    worker: Worker,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    photos = [make_photo(ann, status=Status.QUEUED) for _ in range(count)]
    etag = ann_client.get(URL, ids(*photos)).headers["ETag"]
    # the person (the session is in the cache), photos, analyses; workers and times for the pace, a worker, places
    with django_assert_num_queries(7):
        assert ann_client.get(URL, ids(*photos), headers={"If-None-Match": etag}).status_code == 304
    Analysis.objects.update(status=Status.RUNNING)
    etag = ann_client.get(URL, ids(*photos)).headers["ETag"]
    with django_assert_num_queries(3):
        assert ann_client.get(URL, ids(*photos), headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.usefixtures("worker")
def test_each_says_its_own_place(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    page = ann_client.get(URL, ids(*[make_photo(ann, status=Status.QUEUED) for _ in range(4)])).content.decode()
    assert "Waiting, 3 photos ahead" in page
    assert "Waiting, 1 photo ahead" in page
    assert "Next in the queue" in page


def test_photos_of_others_are_left_out_without_a_word(
    ben_client: Client, ada_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    for client in (ben_client, ada_client):
        response = client.get(URL, ids(photo))
        assert response.status_code == 200
        assert str(photo.uuid) not in response.content.decode()


def test_visitors_are_sent_to_sign_in(client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert client.get(URL, ids(make_photo(ann))).status_code == 302
    assert client.get(URL, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("query", [{"ids": "1,2"}, {"ids": "'; drop"}, {"of": "-1"}, {"of": "many"}])
def test_nonsense_is_bad_input(ann_client: Client, query: dict[str, str]) -> None:
    assert ann_client.get(URL, query).status_code == 400


def test_too_many_ids_are_bad_input(ann_client: Client) -> None:
    assert ann_client.get(URL, {"ids": ",".join(str(uuid4()) for _ in range(101))}).status_code == 400


def test_answers_are_never_kept_by_a_cache(ann_client: Client) -> None:
    assert ann_client.get(URL).headers["Cache-Control"] == "no-store"


def test_nothing_can_be_posted_here(ann_client: Client) -> None:
    assert ann_client.post(URL).status_code == 405
