"""A cursor is the caller's to change: found by hand after schemathesis had asked with others than ours."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User

FORGED = [
    b"p=nonsense",
    b"p=%00",
    b"p=0001-01-01T00:00:00%2B14:00",
    b"p=2020-01-01T00:00:00%2B99:99",
    b"p=9999-12-31T23:59:59-14:00",
    b"r=x",
    b"\xff",
]


@pytest.mark.parametrize("inside", FORGED, ids=repr)
def test_a_forged_cursor_is_a_problem_with_its_name(
    ann: User, api: Callable[..., APIClient], make_photo: Callable[..., Any], inside: bytes
) -> None:
    photo = make_photo(ann)
    for address in ("/api/v1/photos/", f"/api/v1/photos/{photo.uuid}/analyses/"):
        answer = api(ann).get(address, {"cursor": base64.b64encode(inside).decode()})
        assert answer.status_code == 400, address
        assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("inside", FORGED, ids=repr)
def test_so_it_is_in_the_queue_of_reviewers_and_the_access_log(
    ada: User, ann: User, api: Callable[..., APIClient], make_photo: Callable[..., Any], inside: bytes
) -> None:
    make_photo(ann)
    for address in ("/api/v1/review/faces/", "/api/v1/access/"):
        answer = api(ada).get(address, {"cursor": base64.b64encode(inside).decode()})
        assert answer.status_code == 400, address


def test_a_time_that_no_year_holds_is_refused_where_the_database_would_take_it_too(
    ann: User, api: Callable[..., APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(connection.ops), "adapt_datetimefield_value", lambda _, value: str(value))  # PostgreSQL's
    for inside in (b"p=0001-01-01T00:00:00%2B14:00", b"p=9999-12-31T23:59:59-14:00"):
        answer = api(ann).get("/api/v1/photos/", {"cursor": base64.b64encode(inside).decode()})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_a_cursor_of_ours_leads_on(ann: User, api: Callable[..., APIClient], make_photo: Callable[..., Any]) -> None:
    make_photo(ann), make_photo(ann)
    first = api(ann).get("/api/v1/photos/", {"page_size": 1}).json()
    assert len(api(ann).get(first["next"]).json()["results"]) == 1
