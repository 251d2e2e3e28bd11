"""An authenticator app and recovery codes: setting up, signing in, turning off."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.second_factor import SECRET, code_for, guard, stored_secret
from tests.conftest import PASSWORD

LOGIN, STEP = "/account/login/", "/account/2fa/authenticate/"
PROFILE = "/account/"


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts, and remembers used codes, in the cache."""
    cache.clear()


def enter_password(client: Client, person: User) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def signed_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def confirm(client: Client) -> None:
    """Say that it is still you."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_without_one_the_password_is_enough(client: Client, ann: User) -> None:
    assert enter_password(client, ann).headers["Location"] == "/"
    assert signed_in(client)


def test_with_one_the_password_is_not_enough(client: Client, ann: User) -> None:
    guard(ann)
    assert enter_password(client, ann).headers["Location"] == STEP
    assert not signed_in(client)
    assert "The second step" in client.get(STEP).content.decode()


def test_with_the_code_of_the_app_one_is_in(client: Client, ann: User) -> None:
    guard(ann)
    enter_password(client, ann)
    assert client.post(STEP, {"code": code_for(SECRET)}).headers["Location"] == "/"
    assert signed_in(client)


def test_a_wrong_code_says_so(client: Client, ann: User) -> None:
    guard(ann)
    enter_password(client, ann)
    assert "This code is not right." in client.post(STEP, {"code": "000000x"}).content.decode()
    assert not signed_in(client)


def test_a_code_works_once(client: Client, ann: User) -> None:
    guard(ann)
    code = code_for(SECRET)
    for browser, expected in ((client, True), (Client(), False)):
        enter_password(browser, ann)
        browser.post(STEP, {"code": code})
        assert signed_in(browser) == expected


def test_a_recovery_code_works_once(client: Client, ann: User) -> None:
    first, second, *_ = guard(ann)
    for browser, code, expected in ((client, first, True), (Client(), first, False), (Client(), second, True)):
        enter_password(browser, ann)
        browser.post(STEP, {"code": code})
        assert signed_in(browser) == expected
    assert "8 recovery codes left" in client.get(PROFILE).content.decode()


def test_the_step_without_a_password_before_it_leads_to_sign_in(client: Client, ann: User) -> None:
    guard(ann)
    assert client.post(STEP, {"code": code_for(SECRET)}).headers["Location"] == LOGIN
    assert not signed_in(client)


@pytest.mark.django_db(transaction=True)  # the mail goes out after the commit
def test_setting_up_asks_for_the_password_and_ends_with_recovery_codes(
    client: Client, ann: User, mailoutbox: list[EmailMessage]
) -> None:
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    wanted = reverse("mfa_activate_totp")
    asked = client.get(wanted)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(wanted).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'id="totp-secret">(\w+)<', page)
    assert secret
    assert "This code is not right." in client.post(wanted, {"code": "1"}).content.decode()
    done = client.post(wanted, {"code": code_for(secret.group(1))}, follow=True).content.decode()
    assert "Recovery codes" in done
    assert len(re.findall(r"<li><code>\d{8}</code>", done)) == 10
    assert [mail.subject for mail in mailoutbox] == ["Facet: An authenticator app was set up"]
    assert "If it was not you" in mailoutbox[0].body


def test_the_secret_is_not_in_the_database_in_the_clear(ann: User) -> None:
    guard(ann)
    kept, read = stored_secret(ann)
    assert read == SECRET
    assert SECRET not in kept


def test_after_the_key_was_lost_no_code_is_right_and_nothing_breaks(client: Client, ann: User, settings: Any) -> None:
    codes = guard(ann)
    settings.SECRET_KEY = "another" * 10
    enter_password(client, ann)
    for code in (code_for(SECRET), codes[0]):
        assert "This code is not right." in client.post(STEP, {"code": code}).content.decode()


def test_an_older_key_still_opens_it(ann: User, settings: Any) -> None:
    guard(ann)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert stored_secret(ann)[1] == SECRET


@pytest.mark.parametrize(
    "name",
    ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_email"],
)
def test_security_changes_only_after_saying_it_is_still_you(ann_client: Client, ann: User, name: str) -> None:
    response = ann_client.post(reverse(name), {"action_add": "", "email": "new@example.org"})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    assert not Authenticator.objects.exists()


def test_turning_it_off_takes_the_recovery_codes_too(ann_client: Client, ann: User) -> None:
    guard(ann)
    assert ann_client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.count() == 2
    confirm(ann_client)
    ann_client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()


def test_people_cannot_touch_the_passkeys_of_others(ann: User, ben_client: Client) -> None:
    key = Authenticator.objects.create(user=ann, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    confirm(ben_client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert ben_client.get(reverse(name, args=[key.pk])).status_code == 404
        assert ben_client.post(reverse(name, args=[key.pk]), {"name": "Mine"}).status_code == 404


def test_the_account_says_how_well_it_is_guarded(ann_client: Client, ann: User) -> None:
    assert "then a stolen password lets nobody in" in ann_client.get(PROFILE).content.decode()
    guard(ann)
    page = ann_client.get(PROFILE).content.decode()
    assert "authenticator app, 10 recovery codes left" in page


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp", "usersessions_list",
     "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate"],
)  # fmt: skip
def test_its_pages_are_ours(ann_client: Client, ann: User, name: str) -> None:
    if name not in {"mfa_activate_totp", "mfa_list_webauthn"}:
        guard(ann)
    confirm(ann_client)
    response = ann_client.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert "css/security.css" in page
    assert " style=" not in page
    assert page.count("<h1>") == 1


def test_the_admin_has_no_sign_in_of_its_own(client: Client, rob: User) -> None:
    guard(rob)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert client.post("/admin/login/", {"username": rob.email, "password": PASSWORD}).status_code == 302
    assert client.get("/admin/").status_code == 302
    client.post(LOGIN, {"login": rob.email, "password": PASSWORD, "next": "/admin/"})
    assert client.post(STEP, {"code": code_for(SECRET)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
