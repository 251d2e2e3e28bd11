"""Sign-up, sign-in, confirmation and password reset, as allauth does them in our clothes."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "correct horse battery"
VISITOR_PAGES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
                 "account_email_verification_sent", "account_inactive"]  # fmt: skip
PERSON_PAGES = ["account_email", "account_change_password", "account_logout", "account_reauthenticate"]


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts and mails in the cache."""
    cache.clear()


def link(mail: EmailMessage) -> str:
    found = re.search(r"https?://testserver(/\S+)", str(mail.body))
    assert found
    return found.group(1)


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_pages_for_visitors_are_ours(client: Client, db: None, name: str) -> None:
    assert_ours(client.get(reverse(name), follow=True))


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_pages_for_people_are_ours(ann_client: Client, name: str) -> None:
    assert_ours(ann_client.get(reverse(name)))


def assert_ours(response: Any) -> None:
    page = response.content.decode()
    assert response.status_code == 200
    assert "css/base.css" in page
    assert "Skip to the content" in page
    assert " style=" not in page
    assert "<h1>" in page


def test_signing_up_tells_what_is_estimated_and_kept(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert "It does not recognise people." in page
    assert "Kept on this server" in page


def test_a_new_person_signs_up_with_address_and_password(client: Client, db: None) -> None:
    response = client.post(reverse("account_signup"), {"email": "Eve@example.org", "password1": PASSWORD}, follow=True)
    assert User.objects.get().email == "eve@example.org"
    assert "Before your first photo" in response.content.decode()


def test_a_weak_password_is_explained(client: Client, db: None) -> None:
    page = client.post(reverse("account_signup"), {"email": "eve@example.org", "password1": "12345"}).content.decode()
    assert "too short" in page
    assert 'aria-invalid="true"' in page
    assert not User.objects.exists()


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: Client, ann: User) -> None:
    wanted = reverse("analysis:history")
    sign_in = client.get(wanted).headers["Location"]
    response = client.post(sign_in, {"login": ann.email, "password": PASSWORD, "next": wanted})
    assert response.headers["Location"] == wanted


def test_a_wrong_password_says_so_and_offers_a_reset(client: Client, ann: User) -> None:
    page = client.post(reverse("account_login"), {"login": ann.email, "password": "wrong"}).content.decode()
    assert 'role="alert"' in page
    assert reverse("account_reset_password") in page


def test_signing_out_needs_a_post(ann_client: Client) -> None:
    assert "Sign out?" in ann_client.get(reverse("account_logout")).content.decode()
    ann_client.post(reverse("account_logout"))
    assert ann_client.get(reverse("accounts:profile")).status_code == 302


def test_a_lost_password_is_reset_by_mail(client: Client, ann: User, mailoutbox: list[EmailMessage]) -> None:
    response = client.post(reverse("account_reset_password"), {"email": ann.email}, follow=True)
    assert_ours(response)
    [mail] = mailoutbox
    assert mail.subject.startswith("Facet: ")
    form = client.get(link(mail), follow=True)
    assert "Set a new password" in form.content.decode()
    new = "staple battery horse"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert_ours(done)
    assert client.login(username=ann.email, password=new)


def test_a_used_reset_link_says_so_and_offers_another(client: Client, db: None) -> None:
    page = client.get("/account/password/reset/key/1-abc-def/").content.decode()
    assert "This link no longer works" in page
    assert reverse("account_reset_password") in page


def test_an_address_is_confirmed_by_mail(client: Client, db: None, mailoutbox: list[EmailMessage]) -> None:
    client.post(reverse("account_signup"), {"email": "eve@example.org", "password1": PASSWORD})
    [mail] = mailoutbox
    page = client.get(link(mail))
    assert_ours(page)
    assert "eve@example.org" in page.content.decode()
    client.post(link(mail))
    assert User.objects.get().emailaddress_set.get().verified


def test_a_confirmation_link_that_no_longer_works_says_so(client: Client, db: None) -> None:
    assert "This link no longer works" in client.get("/account/confirm-email/nonsense/").content.decode()


def test_mails_speak_of_facet_and_not_of_a_framework(
    client: Client, ann: User, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    client.post(reverse("account_signup"), {"email": "eve@example.org", "password1": PASSWORD})
    client.post(reverse("account_logout"))
    client.post(reverse("account_reset_password"), {"email": ann.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # only then sign-up does not tell who has an account
    client.post(reverse("account_signup"), {"email": ann.email, "password1": PASSWORD})
    assert len(mailoutbox) == 4
    for mail in mailoutbox:
        assert "Facet" in mail.body
        assert "example.com" not in mail.body
        assert "Thank you for using" not in mail.body


NOTICES = ["account_email_verification_sent", "account_reset_password_done"]
TERMINAL = "This installation prints its mail in the terminal where it runs"


@pytest.mark.parametrize("name", NOTICES)
def test_mail_that_only_goes_to_the_terminal_is_not_looked_for_in_a_mailbox(
    client: Client, db: None, name: str
) -> None:
    page = client.get(reverse(name)).content.decode()
    assert TERMINAL in page
    assert "mailbox" not in page
    assert "spam" not in page


@pytest.mark.parametrize("name", NOTICES)
def test_with_a_mail_server_people_look_into_their_mailbox(client: Client, db: None, settings: Any, name: str) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    page = client.get(reverse(name)).content.decode()
    assert "Look into your mailbox" in page
    assert "terminal" not in page


@pytest.mark.parametrize(
    ("url", "sentence"), [("consolemail://", TERMINAL), ("smtp://mail.example.org", "was sent to eve@example.org")]
)
def test_after_signing_up_one_learns_where_the_link_is(
    client: Client, db: None, settings: Any, url: str, sentence: str
) -> None:
    settings.EMAIL_URL = url
    response = client.post(reverse("account_signup"), {"email": "eve@example.org", "password1": PASSWORD}, follow=True)
    page = response.content.decode()
    assert sentence in page
    assert (TERMINAL in page) == url.startswith("consolemail")
