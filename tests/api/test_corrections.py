"""The owner's "this is wrong" in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis.models import Correction, Face

Api = Callable[..., APIClient]


@pytest.fixture
def address(ann: User, make_photo: Any) -> str:
    face = Face.objects.get(analysis__photo=make_photo(ann))
    return f"/api/v1/faces/{face.uuid}/corrections/"


def test_the_newest_correction_stands_with_the_face(ann: User, api: Api, address: str) -> None:
    assert api(ann).post(address, {"age_years": 29}).status_code == 201
    assert api(ann).post(address, {"age_years": 31, "emotion": "neutral"}, format="json").status_code == 201
    face = api(ann).get("/api/v1/photos/").data["results"][0]["analysis"]["faces"][0]
    assert (face["correction"]["age_years"], face["correction"]["emotion"]) == (31, "neutral")


@pytest.mark.parametrize(
    "body", [{}, {"age_years": 130}, {"age_years": "old"}, {"gender": "robot"}, {"emotion": "bored"}]
)
def test_what_says_nothing_or_nonsense_is_refused(ann: User, api: Api, address: str, body: dict[str, Any]) -> None:
    refused = api(ann).post(address, body, format="json")
    assert (refused.status_code, refused.data["code"]) == (400, "invalid")
    assert not Correction.objects.exists()


def test_an_age_of_zero_is_a_correction(ann: User, api: Api, address: str) -> None:
    assert api(ann).post(address, {"age_years": 0}, format="json").status_code == 201


SAID = {"age_years": 29, "gender": None, "emotion": None, "not_a_face": False, "note": None}


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("kind", ["json", "multipart"])
def test_what_is_not_said_is_null_however_it_was_left_out(
    ann: User, api: Api, address: str, nothing: str | None, kind: str
) -> None:
    left_out = {} if kind == "multipart" and nothing is None else dict.fromkeys(("gender", "emotion", "note"), nothing)
    told = api(ann).post(address, {"age_years": 29, **left_out}, format=kind).data
    assert {name: told[name] for name in SAID} == SAID
    listed = api(ann).get("/api/v1/photos/").data["results"][0]["analysis"]["faces"][0]["correction"]
    assert {name: listed[name] for name in SAID} == SAID
    assert (Correction.objects.get().gender, Correction.objects.get().note) == ("", "")


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_but_nulls_says_nothing(ann: User, api: Api, address: str, nothing: str | None) -> None:
    body = {"age_years": None, "gender": nothing, "emotion": nothing, "note": nothing}
    assert api(ann).post(address, body, format="json").status_code == 400


def test_only_the_owner_corrects(ben: User, ada: User, api: Api, address: str) -> None:
    assert api(ben).post(address, {"age_years": 29}).status_code == 404
    assert api(ada).post(address, {"age_years": 29}).status_code == 404
    assert api().post(address, {"age_years": 29}).status_code == 401
    assert api(ben).get(address).status_code == 405


def test_what_was_said_can_be_taken_back(ann: User, ben: User, api: Api, address: str) -> None:
    api(ann).post(address, {"age_years": 29})
    assert api(ben).delete(address).status_code == 404
    assert api(ann).delete(address).status_code == 204
    assert api(ann).get("/api/v1/photos/").data["results"][0]["analysis"]["faces"][0]["correction"] is None
