"""A token opens what it was made for, and a view that does not say what that is opens for nobody."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.api.permissions import NotReviewerError, Scoped, ScopeMissingError, UndeclaredError, wanted_by
from accounts.models import ApiToken, User
from accounts.scopes import BEFORE_SCOPES, Scope
from analysis.models import Photo

ME, PHOTOS = "/api/v1/me/", "/api/v1/photos/"
METHODS = ("get", "post", "put", "patch", "delete")
Program = Callable[..., Client]


@pytest.fixture
def program(ann: User) -> Program:
    """A program with a token of `owner` (ann) with these scopes."""

    def make(*scopes: Scope, owner: User = ann, **more: Any) -> Client:
        _, token = ApiToken.objects.create(user=owner, name="script", scopes=list(scopes), **more)
        return Client(headers={"authorization": f"Token {token}"})

    return make


def api_views(patterns: list[Any] | None = None) -> Iterator[type[APIView]]:
    """Every class of Django REST framework that an address leads to."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from api_views(one.url_patterns)
        elif isinstance(one, URLPattern) and (cls := getattr(one.callback, "cls", None)):
            yield cls


def test_every_view_says_which_scope_each_of_its_methods_needs() -> None:
    found = list(api_views())
    assert len(found) > 10
    for view in found:
        if view.permission_classes == [AllowAny]:  # the schema and its page
            continue
        assert view.permission_classes == [Scoped], view.__name__
        for method in METHODS:
            if hasattr(view, method):
                wanted = wanted_by(view.scopes, method.upper())  # type: ignore[attr-defined]
                assert wanted, f"{view.__name__}.{method} is closed: say in its `scopes` what it needs"
                assert set(wanted) <= set(Scope.values), view.__name__


class Forgotten(APIView):
    """Says nothing about scopes."""

    def get(self, request: Request) -> None:
        """Never reached."""


class HalfForgotten(Forgotten):
    """Says nothing about one method."""

    scopes = {"POST": Scope.READ}

    def post(self, request: Request) -> None:
        """Reached with `read`."""


class ForReviewers(HalfForgotten):
    """For reviewers."""

    scopes = {"GET": Scope.REVIEW}


def asked(view: type[APIView], method: str, person: User | AnonymousUser, auth: ApiToken | None = None) -> bool:
    request = Request(APIRequestFactory().generic(method, "/"))
    request.user, request.auth = person, auth
    return Scoped().has_permission(request, view())


@pytest.mark.parametrize(("view", "method"), [(Forgotten, "GET"), (Forgotten, "OPTIONS"), (HalfForgotten, "HEAD")])
def test_a_view_that_says_nothing_is_closed_for_everybody(rob: User, view: type[APIView], method: str) -> None:
    with pytest.raises(UndeclaredError):
        asked(view, method, rob)


def test_what_a_view_does_not_have_is_answered_by_the_view(ann: User) -> None:
    assert asked(HalfForgotten, "DELETE", ann)
    assert asked(HalfForgotten, "OPTIONS", ann)
    assert not asked(HalfForgotten, "DELETE", AnonymousUser())


def test_the_scope_for_reviews_is_for_reviewers(ann: User, ada: User) -> None:
    token = ApiToken(user=ada, scopes=[Scope.REVIEW])
    assert asked(ForReviewers, "GET", ada, token)
    assert asked(ForReviewers, "GET", ada)
    with pytest.raises(NotReviewerError):
        asked(ForReviewers, "GET", ann, ApiToken(user=ann, scopes=[Scope.REVIEW]))
    with pytest.raises(ScopeMissingError):
        asked(ForReviewers, "GET", ada, ApiToken(user=ada, scopes=[Scope.READ]))


def test_another_kind_of_credential_opens_nothing(ann: User) -> None:
    with pytest.raises(APIException):
        asked(HalfForgotten, "POST", ann, "something new")  # type: ignore[arg-type]


def test_a_missing_scope_is_named_with_what_to_do(program: Program) -> None:
    answer = program(Scope.SUGGESTIONS).get(PHOTOS)
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == 'Token error="insufficient_scope", scope="read"'
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["code"] == "scope_missing"
    assert "“read”" in told["detail"]
    assert "make another" in told["detail"]


def test_a_token_does_what_it_was_made_for_and_says_so(program: Program) -> None:
    reads = program(Scope.READ)
    assert reads.get(PHOTOS).status_code == 200
    assert reads.head(PHOTOS).status_code == 200
    assert reads.post(PHOTOS, {}).status_code == 403
    assert program(Scope.UPLOAD).post(PHOTOS, {}).status_code == 400
    assert reads.get(ME).json()["scopes"] == ["read"]


def test_a_browser_has_every_scope_and_who_reviews_that_one_too(ann_client: Client, ada_client: Client) -> None:
    assert ada_client.get(ME).json()["scopes"] == Scope.values
    assert ann_client.get(ME).json()["scopes"] == [scope for scope in Scope.values if scope != Scope.REVIEW]


def test_a_token_from_before_scopes_does_what_it_did(program: Program, ann: User) -> None:
    ApiToken.objects.create(user=ann, name="old")
    token = ApiToken.objects.get(name="old")
    assert token.scopes == BEFORE_SCOPES
    assert Scope.REVIEW not in token.scopes


def test_pictures_of_others_need_the_scope_for_reviews(
    program: Program, ada: User, make_photo: Callable[..., Photo], ann: User
) -> None:
    anns, adas = (f"{PHOTOS}{make_photo(owner).uuid}/image/" for owner in (ann, ada))
    reads, reviews = program(Scope.READ, owner=ada), program(Scope.REVIEW, owner=ada)
    assert [reads.get(path).status_code for path in (anns, adas)] == [404, 200]
    assert [reviews.get(path).status_code for path in (anns, adas)] == [200, 200]
    assert program(Scope.REVIEW).get(anns).status_code == 403  # ann is no reviewer
    assert program(Scope.UPLOAD, owner=ada).get(adas).headers["WWW-Authenticate"].endswith('scope="read review"')


def test_an_expired_token_says_so_and_stays_in_the_list(program: Program, ann_client: Client) -> None:
    answer = program(Scope.READ, expiry=timedelta(days=-1)).get(ME)
    assert answer.status_code == 401
    assert answer.json()["code"] == "token_expired"
    assert "This token expired on " in answer.json()["detail"]
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert '<span class="tag">expired</span>' in ann_client.get("/account/tokens/").content.decode()


def test_a_token_of_a_person_who_is_switched_off_says_so(program: Program, ann: User) -> None:
    reads = program(Scope.READ)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    answer = reads.get(ME)
    assert (answer.status_code, "switched off" in answer.json()["detail"]) == (401, True)


@pytest.mark.parametrize("wrong", ["a" * 64, "x", "é" * 8])
def test_a_wrong_token_says_what_to_do(client: Client, db: None, wrong: str) -> None:
    answer = client.get(ME, headers={"authorization": f"Token {wrong}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert "not known" in answer.json()["detail"]


def test_the_last_use_is_noted_every_ten_minutes_at_most(program: Program) -> None:
    reads = program(Scope.READ)
    assert ApiToken.objects.get().last_used_at is None
    reads.get(ME)
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    with CaptureQueriesContext(connection) as asked:
        assert reads.get(ME).status_code == 200
    assert not [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=11))
    reads.get(ME)
    assert ApiToken.objects.get().last_used_at >= first


def test_a_use_that_cannot_be_noted_takes_nothing_away(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError

    reads = program(Scope.READ)
    monkeypatch.setattr("django.db.models.query.QuerySet.update", full)
    assert reads.get(ME).status_code == 200
