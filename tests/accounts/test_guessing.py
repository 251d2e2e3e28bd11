"""Passwords and codes cannot be guessed, and nothing tells who has an account."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from tests.accounts.second_factor import SECRET, code_for, guard
from tests.conftest import PASSWORD

LOGIN, STEP = "/account/login/", "/account/2fa/authenticate/"
SIGNUP, RESET = "/account/signup/", "/account/password/reset/"
PROFILE = "/account/"
PAUSED = "There were too many attempts. Wait 5 minutes, then try again."
ALLOWED = 5


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


@pytest.fixture
def hashed() -> Iterator[list[str]]:
    """One entry for each time that a password was hashed."""
    times: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        times.append(password)
        return encode(self, password, salt)

    with patch.object(MD5PasswordHasher, "encode", counted):
        yield times


def sign_in(client: Client, email: str, password: str) -> str:
    return client.post(LOGIN, {"login": email, "password": password}, follow=True).content.decode()


def exhaust(client: Client, email: str) -> None:
    for _ in range(ALLOWED):
        assert PAUSED not in sign_in(client, email, "wrong")


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_after_five_attempts_nobody_gets_in_and_the_page_says_for_how_long(
    client: Client, ann: User, email: str
) -> None:
    exhaust(client, email)
    assert PAUSED in sign_in(client, email, PASSWORD)
    assert client.get(PROFILE).status_code == 302


def test_others_are_not_held_up(client: Client, ann: User, ben: User) -> None:
    exhaust(client, ann.email)
    sign_in(client, ben.email, PASSWORD)
    assert client.get(PROFILE).status_code == 200


def test_a_new_password_ends_the_pause(client: Client, ann: User) -> None:
    exhaust(client, ann.email)
    ann.set_password("staple battery horse")
    ann.save()
    sign_in(client, ann.email, "staple battery horse")
    assert client.get(PROFILE).status_code == 200


def test_codes_cannot_be_guessed_either(client: Client, ann: User) -> None:
    guard(ann)
    sign_in(client, ann.email, PASSWORD)
    for _ in range(ALLOWED):
        assert PAUSED not in client.post(STEP, {"code": "1"}).content.decode()
    assert PAUSED in client.post(STEP, {"code": code_for(SECRET)}).content.decode()
    assert client.get(PROFILE).status_code == 302


def test_many_addresses_from_one_place_are_told_to_wait(client: Client, db: None) -> None:
    for number in range(10):
        assert PAUSED not in sign_in(client, f"{number}@example.org", "wrong")
    assert PAUSED in sign_in(client, "another@example.org", "wrong")


def test_too_many_requests_get_a_page_that_says_what_to_do(client: Client, db: None) -> None:
    for _ in range(20):
        client.post(RESET, {"email": "a@example.org"})
    response = client.post(RESET, {"email": "b@example.org"})
    assert response.status_code == 429
    assert "Wait a minute, then try again." in response.content.decode()


def test_behind_a_proxy_people_have_their_own_address(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    near, far = (Client(headers={"x-forwarded-for": address}) for address in ("192.0.2.1", "192.0.2.2"))
    for number in range(11):
        said = sign_in(near, f"{number}@example.org", "wrong")
    assert PAUSED in said
    assert PAUSED not in sign_in(far, "a@example.org", "wrong")


@pytest.mark.parametrize(
    ("email", "password"),
    [("nobody@example.org", PASSWORD), ("ann@example.org", "wrong"), ("ann@example.org", PASSWORD)],
    ids=["unknown", "wrong", "right"],
)
def test_a_password_is_hashed_once_whoever_asks(
    client: Client, ann: User, hashed: list[str], email: str, password: str
) -> None:
    sign_in(client, email, password)
    assert hashed == [password]


def test_people_without_a_password_cost_the_same(client: Client, ann: User, hashed: list[str]) -> None:
    ann.set_unusable_password()
    ann.save()
    sign_in(client, ann.email, PASSWORD)
    assert len(hashed) == 1


def answers(client: Client, path: str, **fields: str) -> tuple[int, str, str]:
    """Status, where it led and what was said, without what differs by itself."""
    response = client.post(path, fields, follow=True)
    page = response.content.decode().replace(fields.get("email", "") or fields.get("login", ""), "[address]")
    for token in {str(client.cookies["csrftoken"].value), str(response.context["csrf_token"])}:
        page = page.replace(token, "[token]")
    return response.status_code, response.redirect_chain[-1][0] if response.redirect_chain else "", page


def test_sign_in_says_the_same_about_known_and_unknown_addresses(ann: User) -> None:
    known = answers(Client(), LOGIN, login="ann@example.org", password="wrong")
    assert "The e-mail address or the password is not right." in known[-1]
    assert known == answers(Client(), LOGIN, login="eve@example.org", password="wrong")


def test_a_reset_says_the_same_and_sends_mail_to_both(ann: User, mailoutbox: list[EmailMessage]) -> None:
    assert answers(Client(), RESET, email="ann@example.org") == answers(Client(), RESET, email="eve@example.org")
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"], ["eve@example.org"]]


def test_sign_up_says_the_same_sends_mail_to_both_and_hashes_once_for_both(
    ann: User, mailoutbox: list[EmailMessage], hashed: list[str], settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # with mail that goes to the terminal one is in at once, or not
    settings.EMAIL_URL = "smtp://mail.example.org"
    taken = answers(Client(), SIGNUP, email="ann@example.org", password1="staple battery horse")
    assert len(hashed) == 1
    new = answers(Client(), SIGNUP, email="eve@example.org", password1="staple battery horse")
    assert len(hashed) == 2
    assert taken == new
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"], ["eve@example.org"]]
    assert User.objects.get(email="ann@example.org").check_password(PASSWORD)
