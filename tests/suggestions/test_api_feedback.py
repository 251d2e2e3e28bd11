"""POST and DELETE /api/v1/suggestions/{slug}/feedback/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis.models import Photo
from suggestions import services
from suggestions.models import CatalogueItem, Feedback

MakePhoto = Callable[..., Photo]
Api = Callable[..., APIClient]
ADDRESS = "/api/v1/suggestions/september/feedback/"


def test_dismissing_takes_the_item_off_the_next_list(ann: User, api: Api, make_photo: MakePhoto) -> None:
    client, photo = api(ann), make_photo(ann)
    listing = f"/api/v1/photos/{photo.uuid}/suggestions/"
    slug = client.get(listing).json()["suggestions"][0]["slug"]
    said = client.post(f"/api/v1/suggestions/{slug}/feedback/", {"kind": "not_for_me", "photo": str(photo.uuid)})
    assert said.status_code == 204
    after = [one["slug"] for one in client.get(listing).json()["suggestions"]]
    assert slug not in after
    assert len(after) == 8
    assert Feedback.objects.get().analysis == photo.latest


def test_liking_is_seen_in_the_next_list(ann: User, api: Api, make_photo: MakePhoto) -> None:
    client, photo = api(ann), make_photo(ann)
    listing = f"/api/v1/photos/{photo.uuid}/suggestions/"
    slug = client.get(listing).json()["suggestions"][0]["slug"]
    client.post(f"/api/v1/suggestions/{slug}/feedback/", {"kind": "liked"})
    assert [
        one["liked"] for one in client.get(listing, {"limit": 20}).json()["suggestions"] if one["slug"] == slug
    ] == [True]


def test_delete_takes_it_back_and_is_harmless_twice(ann: User, api: Api) -> None:
    api(ann).post(ADDRESS, {"kind": "not_for_me"})
    assert api(ann).delete(ADDRESS).status_code == 204
    assert api(ann).delete(ADDRESS).status_code == 204
    assert not Feedback.objects.exists()


def test_a_stranger_takes_back_only_their_own_words(ann: User, ben: User, api: Api) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    assert api(ben).delete(ADDRESS).status_code == 204
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("words", [{}, {"kind": "adore"}, {"kind": "liked", "photo": "seven"}])
def test_other_words_are_a_problem(ann: User, api: Api, words: dict[str, Any]) -> None:
    response = api(ann).post(ADDRESS, words)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert not Feedback.objects.exists()


def test_somebody_elses_photo_is_not_found(ann: User, ben: User, api: Api, make_photo: MakePhoto) -> None:
    words = {"kind": "liked", "photo": str(make_photo(ann).uuid)}
    assert api(ben).post(ADDRESS, words).status_code == 404
    assert not Feedback.objects.exists()


def test_an_item_that_does_not_exist_is_not_found(ann: User, api: Api) -> None:
    assert api(ann).post("/api/v1/suggestions/nothing/feedback/", {"kind": "liked"}).status_code == 404
    assert api(ann).delete("/api/v1/suggestions/nothing/feedback/").status_code == 404


def test_a_visitor_is_refused(db: None, api: Api) -> None:
    assert api(None).post(ADDRESS, {"kind": "liked"}).status_code == 401
    assert api(None).delete(ADDRESS).status_code == 401


def test_it_cannot_be_read(ann: User, api: Api) -> None:
    assert api(ann).get(ADDRESS).status_code == 405
