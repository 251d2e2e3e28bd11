"""GET /api/v1/photos/{uuid}/suggestions/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis.models import Analysis, Photo, Status

MakePhoto = Callable[..., Photo]
Api = Callable[..., APIClient]


def address(photo: Photo) -> str:
    """Of a photo's list."""
    return f"/api/v1/photos/{photo.uuid}/suggestions/"


def test_the_owner_gets_a_list_with_reasons_terms_and_what_it_rests_on(
    ann: User, api: Api, make_photo: MakePhoto
) -> None:
    body = api(ann).get(address(make_photo(ann))).json()
    assert (body["uses_photo"], body["faces"], body["child_safe"]) == (True, 1, False)
    assert len(body["suggestions"]) == 8
    first = body["suggestions"][0]
    assert first["why"].startswith("Because ")
    assert first["score"] == pytest.approx(sum(term["points"] for term in first["terms"]))
    assert set(first) == {
        "slug", "kind", "title", "by", "description", "minutes", "minimum_age", "liked", "why",
        "reasons", "score", "terms",
    }  # fmt: skip


def test_a_child_in_the_photo_keeps_the_list_fit_for_children(ann: User, api: Api, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[{}, {"age_low": 6.0}])
    body = api(ann).get(address(photo), {"limit": 20}).json()
    assert body["child_safe"]
    assert {one["minimum_age"] for one in body["suggestions"]} == {0}


def test_the_limit_is_kept(ann: User, api: Api, make_photo: MakePhoto) -> None:
    assert len(api(ann).get(address(make_photo(ann)), {"limit": 3}).json()["suggestions"]) == 3


@pytest.mark.parametrize("limit", ["0", "21", "many"])
def test_a_wrong_limit_is_a_problem_that_names_it(ann: User, api: Api, make_photo: MakePhoto, limit: str) -> None:
    response = api(ann).get(address(make_photo(ann)), {"limit": limit})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.QUEUED, "still being read"),
        (Status.RUNNING, "still being read"),
        (Status.FAILED, "could not be read"),
        (Status.CANCELLED, "was stopped"),
    ],
)
def test_without_a_result_it_is_a_conflict_with_a_sentence(
    ann: User, api: Api, make_photo: MakePhoto, status: Status, said: str
) -> None:
    response = api(ann).get(address(make_photo(ann, status=status)))
    body: dict[str, Any] = response.json()
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert body["code"] == "not_finished"
    assert said in body["detail"]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.FAILED, Status.CANCELLED])
def test_while_a_photo_is_read_again_its_result_still_counts(
    ann: User, api: Api, make_photo: MakePhoto, status: Status
) -> None:
    photo = make_photo(ann)
    before = api(ann).get(address(photo)).json()
    Analysis.objects.create(photo=photo, owner=ann, status=status, earlier=photo.analyses.get())
    assert api(ann).get(address(photo)).json() == before


def test_a_stranger_gets_not_found(ann: User, ben: User, api: Api, make_photo: MakePhoto) -> None:
    assert api(ben).get(address(make_photo(ann))).status_code == 404


def test_a_visitor_is_refused(ann: User, api: Api, make_photo: MakePhoto) -> None:
    assert api(None).get(address(make_photo(ann))).status_code == 401


def test_it_can_only_be_read(ann: User, api: Api, make_photo: MakePhoto) -> None:
    assert api(ann).post(address(make_photo(ann))).status_code == 405
