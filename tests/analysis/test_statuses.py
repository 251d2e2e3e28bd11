"""One poll for all unfinished photos of a page."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis.models import Analysis, Photo, Status

URL = "/photos/status/"
MakePhoto = Callable[..., Photo]


def ids(*photos: Photo) -> dict[str, str]:
    return {"ids": ",".join(str(photo.uuid) for photo in photos)}


def test_each_photo_comes_as_a_fragment_to_be_swapped_in(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    done, waiting = make_photo(ann), make_photo(ann, status=Status.QUEUED)
    page = ann_client.get(URL, ids(done, waiting)).content.decode()
    assert "<html" not in page
    for photo in (done, waiting):
        assert f'id="result-{photo.uuid}" hx-swap-oob="true"' in page
    assert f'id="view-{done.uuid}" hx-swap-oob="true"' in page  # with its boxes; a picture that waits need not flicker
    assert f'id="view-{waiting.uuid}"' not in page
    assert "1 of 2 read." in page


def test_only_the_unfinished_are_asked_for_again(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    done, waiting = make_photo(ann), make_photo(ann, status=Status.QUEUED)
    page = ann_client.get(URL, ids(done, waiting)).content.decode()
    assert f"ids={waiting.uuid}&amp;of=2&amp;seen=" in page
    page = ann_client.get(URL, ids(done)).content.decode()
    assert "hx-get" not in page
    assert "Everything has been read." in page


def test_a_poll_that_finds_nothing_new_leaves_the_page_as_it_is(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    waiting = make_photo(ann, status=Status.QUEUED)
    shown = ids(waiting) | {"seen": ann_client.get(URL, ids(waiting)).context["live"].mark}
    assert ann_client.get(URL, shown).status_code == 204
    Analysis.objects.update(status=Status.RUNNING)
    assert "Being read" in ann_client.get(URL, shown).content.decode()
    Analysis.objects.update(status=Status.DONE)
    assert "No face found" in ann_client.get(URL, shown).content.decode()


def test_the_count_goes_on_from_poll_to_poll(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    waiting = make_photo(ann, status=Status.RUNNING)
    assert "4 of 5 read." in ann_client.get(URL, ids(waiting) | {"of": "5"}).content.decode()


def test_places_in_the_queue_cost_one_query(
    ann_client: Client, ann: User, make_photo: MakePhoto, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    photos = [make_photo(ann, status=Status.QUEUED) for _ in range(4)]
    ann_client.get(URL, ids(*photos))
    with django_assert_num_queries(5):  # the person, photos, analyses, faces (none, so no corrections), places
        page = ann_client.get(URL, ids(*photos)).content.decode()
    assert "Waiting, 3 photos ahead" in page
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
