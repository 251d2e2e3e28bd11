"""The page of one's e-mail addresses offers what can be done, and nothing else."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

OFFERS = {"primary": "Make it the main one", "send": "Send the confirmation again", "remove": "Remove"}


@pytest.mark.parametrize(
    ("others", "verified", "offered"),
    [
        (0, True, set()),
        (0, False, {"send"}),
        (1, True, {"primary", "remove"}),
        (1, False, {"primary", "send", "remove"}),
    ],
)
def test_what_would_do_nothing_is_not_offered(
    client: Client, ann: User, others: int, verified: bool, offered: set[str]
) -> None:
    EmailAddress.objects.create(user=ann, email=ann.email, primary=True, verified=True if others else verified)
    if others:
        EmailAddress.objects.create(user=ann, email="ann@example.net", verified=verified)
    client.post(reverse("account_login"), {"login": ann.email, "password": PASSWORD})
    page = client.get(reverse("account_email")).content.decode()
    assert ann.email in page
    assert {name for name in OFFERS if f'name="action_{name}"' in page} == offered
