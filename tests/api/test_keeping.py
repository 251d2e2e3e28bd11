"""What stays of photos, in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis.models import Face, Keep, Keeping, Photo, Status, Worker
from tests.analysis.test_keeping import thinned

Api = Callable[[User | None], APIClient]
URL = "/api/v1/keeping/"


def test_it_tells_what_holds_and_what_is_allowed(api: Api, ann: User, settings: Any) -> None:
    settings.KEEP, settings.KEEP_DAYS = "faces", 30
    told = api(ann).get(URL).json()
    assert told == {"keep": "faces", "days": 30, "allowed": ["faces", "results"], "most_days": 30}


def test_a_choice_holds_and_for_earlier_photos_only_when_said(
    api: Api, ann: User, make_photo: Callable[..., Photo]
) -> None:
    photo = make_photo(ann)
    assert api(ann).put(URL, {"keep": "results", "days": 7}, format="json").json()["keep"] == "results"
    photo.refresh_from_db()
    assert photo.keep == Keep.PHOTO
    api(ann).put(URL, {"keep": "results", "days": 7, "earlier": True}, format="json")
    photo.refresh_from_db()
    assert photo.keep == Keep.RESULTS
    assert photo.erase_at is not None


@pytest.mark.parametrize(
    "sent",
    [{}, {"keep": "photo"}, {"keep": "photo", "days": 31}, {"keep": "photo", "days": 9}, {"keep": "x", "days": 9}],
)
def test_what_is_not_allowed_is_a_problem(api: Api, ann: User, settings: Any, sent: dict[str, Any]) -> None:
    settings.KEEP, settings.KEEP_DAYS = "faces", 30
    response = api(ann).put(URL, sent, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert not Keeping.objects.exists()


def test_visitors_are_refused(api: Api) -> None:
    assert api(None).get(URL).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_photo_without_picture_says_so(
    api: Api, ann: User, ben: User, make_photo: Callable[..., Photo], worker: Worker
) -> None:
    photo = thinned(make_photo(ann, engine_version="old", model_version="old"), Keep.FACES)
    url = f"/api/v1/photos/{photo.uuid}/"
    told = api(ann).get(url).json()
    assert (told["image_url"], told["keep"], told["erase_at"], told["size"]) == (None, "faces", None, 0)
    crop = told["analysis"]["faces"][0]["crop_url"]
    assert api(ann).get(crop)["Content-Type"] == "image/jpeg"
    assert api(ben).get(crop).status_code == 404
    gone = api(ann).get(f"{url}image/")
    assert (gone.status_code, gone.json()["code"]) == (410, "not_kept")
    refused = api(ann).post(f"{url}reread/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_kept")


@pytest.mark.django_db(transaction=True)
def test_what_failed_cannot_be_tried_again_and_says_why(api: Api, ann: User, make_photo: Callable[..., Photo]) -> None:
    photo = thinned(make_photo(ann, status=Status.FAILED), Keep.RESULTS)
    refused = api(ann).post(f"/api/v1/photos/{photo.uuid}/retry/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_kept")


def test_a_face_of_a_whole_photo_has_no_crop(api: Api, ann: User, make_photo: Callable[..., Photo]) -> None:
    make_photo(ann)
    gone = api(ann).get(f"/api/v1/faces/{Face.objects.get().uuid}/crop/")
    assert (gone.status_code, gone.json()["code"]) == (410, "not_kept")


def test_deleting_tells_where_the_receipt_is(api: Api, ann: User, make_photo: Callable[..., Photo]) -> None:
    response = api(ann).delete(f"/api/v1/photos/{make_photo(ann).uuid}/")
    assert response.status_code == 204
    told = api(None).get(f"{response['Facet-Receipt']}json/").json()
    assert told["kind"] == "photo"
    assert told["counts"]["rows"]["photos"] == 1
