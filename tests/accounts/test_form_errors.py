"""What is wrong with a form is said first, with ways to the fields, and the page begins there."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Face
from tests.conftest import PASSWORD

SUMMARY = re.compile(r'<div class="error-summary".*?</div>', re.DOTALL)


def summary_of(page: str) -> str:
    """The one there is."""
    (found,) = SUMMARY.findall(page)
    return " ".join(found.split())


def assert_leads_to_fields(page: str) -> None:
    """Each link of the summary goes to what can be focused, and says nothing that does not stand there too."""
    links = re.findall(r'<a href="#([\w-]+)">', summary_of(page))
    assert links
    for name in links:
        (field,) = re.findall(rf'<(?:input|select|textarea)[^>]*\bid="{name}"[^>]*>', page)
        assert 'aria-invalid="true"' in field


@pytest.mark.parametrize(
    ("page", "sent", "said"),
    [
        ("account_login", {"login": "", "password": "x"}, "E-mail address: This field is required."),
        ("account_signup", {"email": "eve@example.org", "password1": "1234"}, "Password: This password is too short"),
    ],
)
def test_a_visitor_is_told_first_and_led_to_the_field(
    client: Client, db: None, page: str, sent: dict[str, str], said: str
) -> None:
    answer = client.post(reverse(page), sent).content.decode()
    assert said in summary_of(answer)
    assert re.search(r'<div class="error-summary"[^>]* tabindex="-1" autofocus ', answer)
    assert "<title>Error: " in answer
    assert answer.count(" autofocus") == 1, "two places cannot have the keyboard"
    assert_leads_to_fields(answer)


def test_what_belongs_to_no_field_is_said_without_a_link(client: Client, ann: User) -> None:
    answer = client.post(reverse("account_login"), {"login": ann.email, "password": "wrong"}).content.decode()
    assert "<a " not in summary_of(answer)
    assert "<li>" in summary_of(answer)


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("accounts:tokens", {"name": "", "lifetime": "7"}),  # with boxes in a group
        ("accounts:webhooks", {"url": "ftp://nowhere", "events": []}),
        ("keeping", {"keep": "everything", "days": "-3"}),
        ("account_change_password", {"oldpassword": PASSWORD, "password1": "a", "password2": "b"}),
        ("accounts:delete", {"password": "wrong"}),
    ],
)
def test_forms_of_the_account_do_the_same(ann_client: Client, page: str, sent: dict[str, object]) -> None:
    assert_leads_to_fields(ann_client.post(reverse(page), sent).content.decode())


def test_so_do_forms_about_photos(ann_client: Client, ann: User, make_photo: object) -> None:
    make_photo(ann)  # type: ignore[operator]
    correct = reverse("analysis:correct", args=[Face.objects.get().uuid])
    assert_leads_to_fields(ann_client.post(correct, {"age_years": "1000"}).content.decode())
    assert "Say at least one thing" in summary_of(ann_client.post(correct, {}).content.decode())
    assert_leads_to_fields(ann_client.get(reverse("analysis:history"), {"gender": "robot"}).content.decode())
    assert_leads_to_fields(ann_client.post(reverse("analysis:upload"), {}).content.decode())


@pytest.mark.parametrize("page", ["account_login", "account_signup"])
def test_without_an_error_there_is_no_summary(client: Client, db: None, page: str) -> None:
    answer = client.get(reverse(page)).content.decode()
    assert "error-summary" not in answer
    assert "Error: " not in answer
