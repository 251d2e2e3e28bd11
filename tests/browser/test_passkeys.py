"""Passkeys with an authenticator that Chromium plays, under the content security policy."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.second_factor import SECRET, code_for, guard
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


def plug_in(page: Page, *, agrees: bool = True) -> None:
    """A device that can hold passkeys and checks that it is you."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": agrees, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add(page: Page, *, alone: bool) -> None:
    page.get_by_label("Your password").or_(page.get_by_label("Password")).first.fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What to call it").fill("My laptop")
    if alone:
        page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def local(page: Page, path: str) -> str:
    """The address under `localhost`: a number is no name for a passkey."""
    return page.url.split("/account")[0].replace("127.0.0.1", "localhost") + path


def test_a_passkey_alone_signs_in(open_page: OpenPage, ann: User) -> None:
    page = sign_in(open_page, ann)
    plug_in(page)
    page.goto(local(page, "/account/2fa/webauthn/add/"))
    add(page, alone=True)
    assert Authenticator.objects.get(user=ann, type="webauthn").data["name"] == "My laptop"
    page.get_by_role("button", name="Sign out").click()
    page.goto(local(page, "/account/login/"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(local(page, "/account/2fa/webauthn/"))
    expect(page.get_by_text("works alone")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(open_page: OpenPage, ann: User) -> None:
    page = sign_in(open_page, ann)
    plug_in(page)
    page.goto(local(page, "/account/2fa/webauthn/add/"))
    add(page, alone=False)
    page.get_by_role("button", name="Sign out").click()
    page.goto(local(page, "/account/login/"))
    enter(page, ann)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_device_that_refuses_is_told_in_words(open_page: OpenPage, ann: User) -> None:
    page = sign_in(open_page, ann)
    plug_in(page, agrees=False)
    page.goto(local(page, "/account/login/"))
    page.get_by_role("button", name="Sign out").click()
    page.goto(local(page, "/account/login/"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible(timeout=90_000)


def test_without_javascript_the_page_says_what_is_missing(open_page: OpenPage, ann: User) -> None:
    page = open_page("/account/2fa/webauthn/add/", ann, java_script_enabled=False)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Add it")).to_be_hidden()


def enter(page: Page, person: User) -> None:
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_in(open_page: OpenPage, person: User) -> Page:
    page = open_page("/account/login/")
    page.goto(local(page, "/account/login/"))
    enter(page, person)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


@pytest.mark.parametrize("look", [{}, PHONE, PHONE | {"color_scheme": "dark"}], ids=["desk", "phone", "dark phone"])
def test_every_page_of_security_loads_cleanly_and_fits(open_page: OpenPage, ann: User, look: dict[str, object]) -> None:
    page = open_page("/account/2fa/totp/activate/", ann, **look)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    guard(ann)
    for path in ("", "2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/recovery-codes/", "2fa/totp/deactivate/",
                 "2fa/recovery-codes/generate/", "2fa/reauthenticate/", "sessions/"):  # fmt: skip
        response = page.goto(f"/account/{path}")
        assert response is not None
        assert response.status == 200, path
        assert page.locator("h1").count() == 1, path
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide == 0, path


def test_the_second_step_by_keyboard_alone(open_page: OpenPage, ann: User) -> None:
    guard(ann)
    page = open_page("/account/login/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(ann.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()
    for _ in range(20):
        if page.evaluate("document.activeElement.name") == "code":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(code_for(SECRET))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
