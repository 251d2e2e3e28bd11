"""Where everything about the account starts."""

from django.test import Client
from django.urls import reverse

URL = "/account/"


def test_it_leads_to_addresses_password_and_tokens(ann_client: Client) -> None:
    page = ann_client.get(URL).content.decode()
    assert "ann@example.org" in page
    for name in ("account_email", "account_change_password", "accounts:tokens", "account_logout"):
        assert reverse(name) in page


def test_visitors_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL).headers["Location"].startswith(reverse("account_login"))


def test_nothing_can_be_posted_here(ann_client: Client) -> None:
    assert ann_client.post(URL).status_code == 405
