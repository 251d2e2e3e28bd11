"""What goes out, what is tried again, and which error an answer is."""

import email.utils
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from facet_client import (
    Conflict,
    ConnectionFailed,
    Facet,
    FacetError,
    InsecureAddress,
    Invalid,
    NotAuthenticated,
    NotFound,
    NotNow,
    PermissionRefused,
    QueueFull,
    QuotaReached,
    ServerFailed,
    StorageFull,
    TooLarge,
    TooManyFiles,
    TooManyRequests,
    Unavailable,
    UnexpectedAnswer,
)
from facet_client.transport import TRIES
from tests.clients.conftest import TOKEN, FakeClock, photo_json

UUID = "1b4e28ba-2fa1-4d2e-883f-0016d3cca427"
ME = {"id": UUID, "email": "ann@example.org", "date_joined": "2026-01-31T10:20:30Z"}
MadeUp = Callable[..., Facet]


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {"status": status, "code": code, "detail": "A sentence.", "errors": [], **more}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"} | (headers or {}))


def one_after_the_other(*answers: httpx.Response | Exception) -> Any:
    """Answers in turn; `.requests` are what was asked."""
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        answer.requests.append(request)  # type: ignore[attr-defined]
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    answer.requests = []  # type: ignore[attr-defined]
    return answer


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid", Invalid), (400, "too_many_files", TooManyFiles),
        (401, "authentication_failed", NotAuthenticated), (403, "permission_denied", PermissionRefused),
        (404, "not_found", NotFound), (409, "not_failed", Conflict),
        (413, "", TooLarge), (429, "throttled", TooManyRequests), (429, "quota_reached", QuotaReached),
        (503, "queue_full", QueueFull), (503, "unavailable", Unavailable), (503, "not_now", NotNow),
        (507, "storage_full", StorageFull), (500, "error", ServerFailed), (418, "teapot", UnexpectedAnswer),
    ],
)  # fmt: skip
def test_every_problem_is_an_error_of_its_own(made_up: MadeUp, status: int, code: str, kind: type[FacetError]) -> None:
    fields = [{"field": "lane", "code": "invalid_choice", "message": "No."}]
    facet = made_up(lambda _: problem(status, code, {"Retry-After": "900"}, errors=fields))
    with pytest.raises(FacetError) as raised:
        facet.photos.delete(UUID)
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.code, error.detail, error.retry_after) == (status, code, "A sentence.", 900)
    assert [(field.field, field.message) for field in error.errors] == [("lane", "No.")]


@pytest.mark.parametrize("status", [404, 502, 500])
def test_a_page_of_html_is_an_error_in_words_too(made_up: MadeUp, status: int) -> None:
    facet = made_up(lambda _: httpx.Response(status, text="<html>"))
    with pytest.raises(FacetError, match=r"\w+ \w+ \w+") as raised:
        facet.photos.delete(UUID)
    assert raised.value.status == status
    with pytest.raises(UnexpectedAnswer, match="not Facet's API"):
        made_up(lambda _: httpx.Response(200, text="<html>")).me()


def test_every_request_says_who_asks_and_nothing_else_does(made_up: MadeUp) -> None:
    asked = one_after_the_other(httpx.Response(200, json=ME))
    facet = made_up(asked)
    assert facet.me().email == "ann@example.org"
    (request,) = asked.requests
    assert (str(request.url), request.headers["Authorization"]) == (
        "https://facet.example.org/api/v1/me/",
        f"Token {TOKEN}",
    )
    assert TOKEN not in repr(facet)


def test_not_now_is_tried_again_when_the_server_says(made_up: MadeUp, time_stands: FakeClock) -> None:
    waits: list[tuple[float, str]] = []
    asked = one_after_the_other(
        problem(429, "throttled", {"Retry-After": "7"}),
        problem(503, "unavailable", {"Retry-After": "20"}),
        httpx.Response(202, json=photo_json(UUID, "queued")),
    )
    facet = made_up(asked, on_wait=lambda seconds, error: waits.append((seconds, error.code)))
    assert facet.photos.retry(UUID).analysis.status == "queued"
    assert time_stands.slept == [7, 20]
    assert waits == [(7, "throttled"), (20, "unavailable")]


def test_retry_after_may_be_a_date(made_up: MadeUp) -> None:
    date = email.utils.formatdate(time.time() + 1000, usegmt=True)
    with pytest.raises(QuotaReached) as raised:
        made_up(lambda _: problem(429, "quota_reached", {"Retry-After": date})).me()
    assert 900 < (raised.value.retry_after or 0) <= 1000


def test_patience_ends(made_up: MadeUp, time_stands: FakeClock) -> None:
    facet = made_up(lambda _: problem(503, "queue_full", {"Retry-After": "25"}), patience=60)
    with pytest.raises(QueueFull):
        facet.photos.upload(b"photo")
    assert time_stands.slept == [25, 25]
    facet = made_up(lambda _: problem(429, "throttled", {"Retry-After": "0"}), patience=3)
    with pytest.raises(TooManyRequests):
        facet.me()
    assert sum(time_stands.slept[2:]) == 3


def test_what_is_safe_goes_again_when_the_connection_is_lost(made_up: MadeUp, time_stands: FakeClock) -> None:
    lost = httpx.ReadError("gone")
    asked = one_after_the_other(lost, httpx.Response(502), httpx.Response(200, json=ME))
    assert made_up(asked).me().email
    assert time_stands.slept == [0.5, 1]
    answer = {"accepted": [photo_json(UUID, "queued") | {"name": "photo-1"}], "linked": [], "rejected": []}
    asked = one_after_the_other(lost, httpx.Response(202, json=answer))
    assert len(made_up(asked).photos.upload(b"the photo").accepted) == 1
    assert all(b"the photo" in request.content for request in asked.requests)


def test_what_may_have_been_done_does_not_go_again(made_up: MadeUp) -> None:
    for call in ("retry", "cancel", "reread", "delete"):
        asked = one_after_the_other(httpx.ReadTimeout("slow"))
        with pytest.raises(ConnectionFailed, match=r"https://facet\.example\.org did not answer in time"):
            getattr(made_up(asked).photos, call)(UUID)
        assert len(asked.requests) == 1


def test_a_server_that_is_away_is_given_up(made_up: MadeUp) -> None:
    asked = one_after_the_other(*[httpx.ConnectError("refused")] * TRIES)
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        made_up(asked).me()
    assert len(asked.requests) == TRIES


def test_the_token_follows_neither_redirects_nor_links_to_elsewhere(made_up: MadeUp) -> None:
    facet = made_up(lambda _: httpx.Response(301, headers={"Location": "http://elsewhere.example/"}))
    with pytest.raises(UnexpectedAnswer, match=r"http://elsewhere\.example/"):
        facet.me()
    elsewhere = "http://elsewhere.example/api/v1/photos/?cursor=abc%3D"
    asked = one_after_the_other(
        httpx.Response(200, json={"results": [photo_json(UUID)], "next": elsewhere}),
        httpx.Response(200, json={"results": [], "next": None}),
    )
    assert len(list(made_up(asked).photos.list(gender="female"))) == 1
    second = asked.requests[1].url
    assert (second.host, second.params["cursor"], second.params["gender"]) == ("facet.example.org", "abc=", "female")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost/", "http://[::1]:8000/api/v1/"])
def test_this_machine_needs_no_https(url: str) -> None:
    with Facet(url, TOKEN) as facet:
        assert facet.url == url.rstrip("/").removesuffix("/api/v1")


@pytest.mark.parametrize("url", ["http://facet.example.org", "http://192.168.0.7:8000", "http://localhost.example.org"])
def test_the_token_travels_to_other_machines_encrypted(url: str) -> None:
    with pytest.raises(InsecureAddress, match="https://"):
        Facet(url, TOKEN)
    Facet(url, TOKEN, allow_http=True).close()


@pytest.mark.parametrize(
    "url", ["facet.example.org", "ftp://facet.example.org", "https://a:b@facet.example.org", "https://"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Facet(url, TOKEN)


@pytest.mark.parametrize("token", ["", "a b", "a\nX-Other: b", "tökén"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="no token"):
        Facet("https://facet.example.org", token)


def test_an_id_leads_nowhere_else(made_up: MadeUp) -> None:
    facet = made_up(lambda _: pytest.fail("nothing is to be sent"))
    for call in (facet.photos.get, facet.photos.delete, facet.faces.withdraw):
        with pytest.raises(ValueError, match="no id"):
            call("../me")
    with pytest.raises(ValueError, match="slug"):
        facet.suggestions.take_back("..")
