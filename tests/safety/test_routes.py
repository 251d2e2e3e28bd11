"""Every address with every method as everybody: the answer of the table, nothing of ann's for others, safe headers."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client, override_settings

from accounts import personal
from tests.safety.matrix import CHANGING, HOW, Answer, Route, addresses, answer_of, answers, ask, body_of, path_of, rows
from tests.safety.matrix import table as the_table
from tests.safety.world import EVERYTHING, NOBODY, World, make_world

pytestmark = pytest.mark.django_db

OVER_HTTPS: Final = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
"""What FACET_HTTPS=1 sets."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once; the tests of this file leave it as it is."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media, **OVER_HTTPS),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr("analysis.tasks.read.apply_async", lambda **_: None)
        patch.setattr("accounts.tasks.chores.apply_async", lambda **_: None)
        patch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # thousands of refusals, each with its line
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=rows(), ids=lambda row: row.route or "home")
def row(request: pytest.FixtureRequest) -> Route:
    """One address."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def asked(row: Route, world: World) -> list[Answer]:
    """What everybody got for it."""
    return list(answers(row, world))


def test_every_address_is_in_the_table_and_every_row_of_it_there() -> None:
    there, listed = set(addresses()), {row.route for row in rows()}
    how = HOW.format(kinds=", ".join(the_table()["kinds"]))
    assert not there - listed, f"not in the table: {sorted(there - listed)}\n{how}"
    assert not listed - there, f"gone, so take them out of the table: {sorted(listed - there)}\n{how}"


def test_everybody_gets_what_the_table_says(row: Route, asked: list[Answer]) -> None:
    wrong = {
        f"{one.method} as {one.role}: {one.word}, not {' or '.join(row.expected(one.method, one.role))}"
        for one in asked
        if one.word not in row.expected(one.method, one.role)
    }
    assert not wrong, f"{row.route} ({row.kind})"


def test_nobody_reads_what_is_anns(row: Route, asked: list[Answer]) -> None:
    told = {
        f"{one.method} as {one.role}: {sorted(one.leaked - row.shows(one.role))}"
        for one in asked
        if "all" not in row.shows(one.role) and one.leaked - row.shows(one.role)
    }
    assert not told, row.route


def test_ann_is_told_of_whoever_is_shown_or_does_something_about_what_is_hers(row: Route, asked: list[Answer]) -> None:
    unnoted = {
        f"{one.method} as {one.role}: {sorted(one.leaked)}"
        for one in asked
        if not one.noted and "all" not in row.shows(one.role) and (one.leaked or one.changed)
    }
    unnoted = set() if row.kind == "my-last-word" else unnoted  # with who reviewed goes their name under what they said
    assert not unnoted, f"{row.route}: what staff see of others goes through accounts/accesslog/noting.py"


def test_ann_is_told_of_pages_about_what_is_hers_also_where_they_show_little(row: Route, asked: list[Answer]) -> None:
    """Rows of lists and histories; of the access log itself only numbers of people are shown, and no lines of it."""
    site, app, model, rest = f"{row.route}///".split("/", 3)
    of_people = f"{app}.{model}" in personal.models() - {"accounts.accessentry"}
    in_admin = site == "admin" and of_people and not rest.startswith("add/")
    if not in_admin and row.kind not in {"anns-picture", "api-anns-picture", "api-review", "api-review-decides"}:
        return
    staff = [one for one in asked if one.word == "ok" and one.role in {"ada", "rob", "token-review"}]
    pages = [one for one in staff if in_admin or one.method != "OPTIONS"]
    assert not [f"{one.method} as {one.role}" for one in pages if not one.noted]


def test_only_who_may_changes_what_is_anns(row: Route, asked: list[Answer]) -> None:
    assert {one.role for one in asked if one.changed} == row.changers()


def test_outside_the_api_a_token_counts_for_nothing(row: Route, asked: list[Answer]) -> None:
    """The one asked with has all scopes, so what it gets is what a token of any scope gets."""
    if row.is_api:
        return
    by_role = {role: [one.word for one in asked if one.role == role] for role in (NOBODY, EVERYTHING)}
    assert by_role[NOBODY] == by_role[EVERYTHING]


def test_every_answer_has_the_headers_that_protect(asked: list[Answer]) -> None:
    for one in asked:
        headers = one.response.headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, f"{one.method} as {one.role}"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for name, cookie in one.response.cookies.items():
            if not cookie.value:  # taken back
                continue
            assert cookie["secure"], name
            assert cookie["samesite"] == "Lax", name
            assert cookie["httponly"] or name == "csrftoken", name


def test_what_is_personal_is_not_kept_by_a_cache_in_between(asked: list[Answer]) -> None:
    """To a request with a token no shared cache keeps the answer unless told to: RFC 9111, section 3.5."""
    for one in asked:
        kept_back = one.response.headers.get("Cache-Control", "")
        assert "public" not in kept_back
        if one.role == "ann" and one.leaked and "private" not in kept_back and "no-store" not in kept_back:
            assert "cookie" in one.response.headers.get("Vary", "").lower(), one.method


def test_a_session_alone_changes_nothing_without_the_token_against_forgery(row: Route, world: World) -> None:
    path, body = path_of(row, world), body_of(row, world)
    for role in ("ann", "rob"):
        for method in sorted(CHANGING):
            with transaction.atomic():
                client = world.client_of(role, enforce_csrf_checks=True)
                answer = answer_of(ask(client, method, path, body))
                transaction.set_rollback(True)
            assert answer in {"forbidden", "wrong method", "missing"}, f"{method} as {role}"


@pytest.mark.parametrize(("host", "status"), [("testserver", 404), ("elsewhere.example.org", 400)])
def test_answers_to_what_is_not_there_have_the_headers_too(world: World, host: str, status: int) -> None:
    answer = Client(raise_request_exception=False).get("/nothing/", secure=True, HTTP_HOST=host)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    rest = HEADERS.keys() - {"X-Frame-Options"}  # says the same; a wrong host is refused before it is set
    assert {name: answer.headers.get(name) for name in rest} == {name: HEADERS[name] for name in rest}


def test_a_static_file_is_what_it_says(world: World, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "some.css").write_text("a {}", encoding="utf-8")
    settings.STATIC_ROOT = tmp_path
    answer = Client().get("/static/some.css", secure=True)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" in answer.headers
