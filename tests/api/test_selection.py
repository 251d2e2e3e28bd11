"""Only the fields that were asked for, and no query for the others."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis import batches
from analysis.models import Batch, Photo, Status

PHOTOS = "/api/v1/photos/"
Api = Callable[..., APIClient]


@pytest.fixture
def photo(ann: User, make_photo: Any) -> Photo:
    """Of ann's, with a face, in a batch."""
    made: Photo = make_photo(ann)
    batches.link(Batch.objects.create(owner=ann, label="holiday"), made, is_new=True)
    return made


@pytest.fixture(params=["list", "photo", "analyses", "batches", "batch"])
def address(request: pytest.FixtureRequest, photo: Photo) -> str:
    """Everything that takes `fields`."""
    return {
        "list": PHOTOS,
        "photo": f"{PHOTOS}{photo.uuid}/",
        "analyses": f"{PHOTOS}{photo.uuid}/analyses/",
        "batches": "/api/v1/batches/",
        "batch": f"/api/v1/batches/{photo.batches.get().uuid}/",
    }[request.param]


def one_of(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.data["results"][0] if "results" in answer.data else answer.data
    return found


def test_one_field_is_answered_with_one_field(ann: User, api: Api, address: str) -> None:
    answer = api(ann).get(address, {"fields": "id"})
    assert answer.status_code == 200
    assert set(one_of(answer)) == {"id"}


def test_every_known_name_may_be_asked_for(ann: User, api: Api, address: str) -> None:
    whole = one_of(api(ann).get(address))
    for name, value in whole.items():
        assert one_of(api(ann).get(address, {"fields": name})) == {name: value}


@pytest.mark.parametrize("fields", ["idd", "", "id,", "id.more", "analysis..age", "rejected.nothing", "."])
def test_what_is_not_known_is_refused(ann: User, api: Api, address: str, fields: str) -> None:
    refused = api(ann).get(address, {"fields": fields})
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (400, "fields")


def test_dots_lead_to_what_is_below(ann: User, api: Api, photo: Photo) -> None:
    asked = "name, analysis.status,analysis.faces.age,analysis.faces.emotion.label"
    told = api(ann).get(f"{PHOTOS}{photo.uuid}/", {"fields": asked}).data
    assert set(told) == {"name", "analysis"}
    assert set(told["analysis"]) == {"status", "faces"}
    assert set(told["analysis"]["faces"][0]) == {"age", "emotion"}
    assert set(told["analysis"]["faces"][0]["emotion"]) == {"label"}
    assert told["analysis"]["faces"][0]["age"]["years"] == 34


@pytest.mark.parametrize("asked", ["analysis,analysis.status", "analysis.status,analysis"])
def test_all_of_a_thing_and_a_part_of_it_is_all_of_it(ann: User, api: Api, photo: Photo, asked: str) -> None:
    url = f"{PHOTOS}{photo.uuid}/"
    assert api(ann).get(url, {"fields": asked}).data == {"analysis": api(ann).get(url).data["analysis"]}


@pytest.mark.parametrize(
    ("asked", "known"),
    [("nmae", "Known are id, url, image_url, name"), ("analysis.faces.aeg", "in analysis.faces. Known there are id"),
     ("name.first", "nothing below name")],
)  # fmt: skip
def test_the_refusal_names_what_there_is(ann: User, api: Api, asked: str, known: str) -> None:
    assert known in api(ann).get(PHOTOS, {"fields": asked}).data["detail"]


@pytest.mark.parametrize(
    ("asked", "most"),
    [("id,name", 1), ("analysis.status", 2), ("analysis.faces.age", 5), ("analysis.ahead", 5)],
)
def test_what_is_not_asked_for_is_not_fetched(
    ann: User, api: Api, make_photo: Any, django_assert_max_num_queries: Any, asked: str, most: int
) -> None:
    for status in (Status.QUEUED, Status.DONE, Status.DONE):
        make_photo(ann, status=status)
    client = api(ann)
    with django_assert_max_num_queries(most):
        assert len(client.get(PHOTOS, {"fields": asked}).data["results"]) == 3


def test_the_list_of_batches_counts_nothing_that_is_not_asked_for(
    ann: User, api: Api, photo: Photo, django_assert_max_num_queries: Any
) -> None:
    client = api(ann)
    with django_assert_max_num_queries(1):
        assert client.get("/api/v1/batches/", {"fields": "id,label"}).data["results"][0]["label"] == "holiday"


def test_pages_keep_the_choice(ann: User, api: Api, make_photo: Any) -> None:
    for _ in range(3):
        make_photo(ann)
    first = api(ann).get(PHOTOS, {"fields": "name", "page_size": 2}).data
    assert api(ann).get(first["next"]).data["results"] == [{"name": "holiday.jpg"}]


def test_an_answer_that_is_known_comes_without_a_body(ann: User, api: Api, address: str) -> None:
    whole, part = api(ann).get(address), api(ann).get(address, {"fields": "id"})
    assert whole["Cache-Control"] == part["Cache-Control"] == "private, no-cache"
    assert whole["ETag"] != part["ETag"]
    for answer, query in ((whole, {}), (part, {"fields": "id"})):
        known = {"If-None-Match": answer["ETag"]}
        again = api(ann).get(address, query, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == answer["ETag"]
    assert api(ann).get(address, headers={"If-None-Match": part["ETag"]}).status_code == 200


def test_a_list_that_has_changed_comes_with_its_body(ann: User, api: Api, make_photo: Any, photo: Photo) -> None:
    first = api(ann).get(PHOTOS, {"page_size": 1})
    assert api(ann).get(PHOTOS, {"page_size": 2}, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_photo(ann)
    assert api(ann).get(PHOTOS, {"page_size": 1}, headers={"If-None-Match": first["ETag"]}).status_code == 200
    second = api(ann).get(PHOTOS, {"page_size": 1}).data["next"]
    etag = api(ann).get(second)["ETag"]
    assert api(ann).get(second, headers={"If-None-Match": etag}).status_code == 304
    photo.delete()
    assert api(ann).get(second, headers={"If-None-Match": etag}).status_code == 200
