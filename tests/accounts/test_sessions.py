"""Where somebody is signed in, and ending it."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client

from accounts.browsers import browser_name
from accounts.models import User
from tests.conftest import PASSWORD

URL = "/account/sessions/"
PROFILE = "/account/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """Attempts are counted, and sightings kept, in the cache."""
    cache.clear()


def browser(person: User, name: str) -> Client:
    client = Client(headers={"user-agent": name})
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def test_each_browser_is_listed_and_this_one_is_marked(ann: User, ben: User) -> None:
    here, _, _ = browser(ann, FIREFOX), browser(ann, "Old phone"), browser(ben, "Browser of ben")
    page = here.get(URL).content.decode()
    assert "Firefox on Linux" in page
    assert "Old phone" in page
    assert "Browser of ben" not in page
    assert page.count("this browser") == 1


def test_signing_out_elsewhere_ends_the_others_and_not_this_one(ann: User, ben: User) -> None:
    here, there, of_ben = browser(ann, "here"), browser(ann, "there"), browser(ben, "other")
    assert "signed out everywhere else" in here.post(URL, follow=True).content.decode()
    assert here.get(PROFILE).status_code == 200
    assert there.get(PROFILE).status_code == 302
    assert of_ben.get(PROFILE).status_code == 200


def test_a_new_password_ends_the_others(ann: User) -> None:
    here, there = browser(ann, "here"), browser(ann, "there")
    new = "staple battery horse"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get(PROFILE).status_code == 200
    assert there.get(PROFILE).status_code == 302


def test_a_session_from_before_is_noted_when_it_is_used(ann_client: Client, ann: User) -> None:
    assert not UserSession.objects.exists()
    ann_client.get(PROFILE)
    assert UserSession.objects.get().user == ann


def test_it_is_noted_now_and_then_and_not_at_every_request(ann_client: Client) -> None:
    ann_client.get(PROFILE)
    seen = UserSession.objects.get().last_seen_at
    ann_client.get(PROFILE)
    assert UserSession.objects.get().last_seen_at == seen
    cache.delete(f"seen:{ann_client.session.session_key}")
    ann_client.get(PROFILE)
    assert UserSession.objects.get().last_seen_at > seen


def test_a_full_disk_does_not_take_the_page_away(ann_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr("accounts.middleware.UserSession.objects.filter", full)
    assert ann_client.get("/photos/").status_code == 200


def test_visitors_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL).headers["Location"].startswith("/account/login/")
    assert client.post(URL).headers["Location"].startswith("/account/login/")
    assert not UserSession.objects.exists()


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = {
    FIREFOX: "Firefox on Linux",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {WEBKIT} Version/18.6 Safari/604.1": "Safari on an iPhone",
    f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36": "Chrome on Android",
    "curl/8.0": "curl/8.0",
    "": "Another program",
    "x" * 300: "x" * 60,
}


@pytest.mark.parametrize("agent", AGENTS)
def test_browsers_are_called_as_people_call_them(agent: str) -> None:
    assert browser_name(agent) == AGENTS[agent]
