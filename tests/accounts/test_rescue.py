"""Whoever is locked out gets back in by a command on the server."""

import logging
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.addresses import confirm_administrators
from accounts.models import User
from tests.accounts.second_factor import guard
from tests.conftest import PASSWORD

NEW = "staple battery horse"
LOGIN, PROFILE = "/account/login/", "/account/"


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


def rescue(capsys: Any, email: str, *words: str) -> str:
    call_command("rescue", email, *words)
    said = capsys.readouterr().out
    assert "Opened within 3\xa0days" in said
    found = re.search(r"  (http\S+)", said)
    assert found
    return found.group(1)


def sign_in(client: Client, person: User, password: str) -> bool:
    client.post(LOGIN, {"login": person.email, "password": password})
    return client.get(PROFILE).status_code == 200


def open_link(client: Client, link: str) -> Any:
    return client.get(re.sub(r"^https?://[^/]+", "", link), follow=True)


def test_somebody_locked_out_in_every_way_comes_back(client: Client, rob: User, capsys: Any, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    guard(rob)
    for _ in range(6):
        sign_in(client, rob, "forgotten")
    User.objects.filter(pk=rob.pk).update(is_active=False)
    form = open_link(client, rescue(capsys, rob.email))
    assert "Set a new password" in form.content.decode()
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert sign_in(client, rob, NEW)
    assert client.get("/admin/").status_code == 200
    assert not Authenticator.objects.exists()


def test_the_link_works_once(client: Client, rob: User, capsys: Any) -> None:
    link = rescue(capsys, rob.email)
    form = open_link(client, link)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert "This link no longer works" in open_link(Client(), link).content.decode()


def test_the_old_password_and_sessions_end_at_once(client: Client, rob: User, capsys: Any) -> None:
    assert sign_in(client, rob, PASSWORD)
    rescue(capsys, rob.email)
    assert client.get(PROFILE).status_code == 302
    assert not sign_in(Client(), rob, PASSWORD)


def test_the_link_begins_as_people_open_the_installation(rob: User, capsys: Any, settings: Any) -> None:
    assert rescue(capsys, rob.email).startswith("http://localhost:8000/account/")
    assert rescue(capsys, rob.email, "--url", "https://a.example.org/").startswith("https://a.example.org/account/")
    settings.CSRF_TRUSTED_ORIGINS = ["https://photos.example.org"]
    assert rescue(capsys, rob.email).startswith("https://photos.example.org/account/")


def test_an_unknown_address_is_refused_with_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match=r"There is no account with the address eve@example\.org"):
        call_command("rescue", "eve@example.org")


def test_others_keep_what_they_have(rob: User, ben: User, capsys: Any) -> None:
    guard(ben)
    rescue(capsys, rob.email)
    assert Authenticator.objects.filter(user=ben).count() == 2
    assert User.objects.get(pk=ben.pk).check_password(PASSWORD)


def test_it_is_in_the_log_without_address_and_key(rob: User, capsys: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "accounts"):
        link = rescue(capsys, rob.email)
    [line] = caplog.messages
    assert line.startswith(f"Person {rob.pk} was rescued by the command line")
    assert link.rsplit("-", 1)[-1].strip("/") not in line


def test_administrators_made_on_the_server_need_no_mail_to_sign_in(client: Client, rob: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert sign_in(client, rob, PASSWORD)


def test_those_from_before_do_not_need_it_after_the_upgrade(client: Client, rob: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.all().delete()
    confirm_administrators()
    assert sign_in(client, rob, PASSWORD)
