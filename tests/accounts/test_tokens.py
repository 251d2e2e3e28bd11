"""Tokens of a person's programs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIRequestFactory

from accounts.api.authentication import TokenAuthentication
from accounts.models import ApiToken, User

URL = "/account/tokens/"
READING = {"name": "Laptop", "scopes": ["read"], "lifetime": "90"}


def remove(token: ApiToken) -> str:
    return reverse("accounts:token-delete", args=[token.token_key])


def test_a_new_token_is_shown_once_and_works(ann_client: Client, ann: User) -> None:
    response = ann_client.post(URL, READING, follow=True)
    assert response.redirect_chain == [(URL, 302)]
    fresh = response.context["fresh"]
    assert fresh in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert fresh not in ann_client.get(URL).content.decode()
    assert "Laptop" in ann_client.get(URL).content.decode()
    assert ApiToken.objects.count() == 1
    assert fresh not in str(dict(ann_client.session))

    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Token {fresh}")
    assert TokenAuthentication().authenticate(request)[0] == ann


@pytest.mark.parametrize(("lifetime", "days"), [("7", 7), ("365", 365), ("never", None)])
def test_a_token_is_good_for_as_long_as_was_chosen(
    ann_client: Client, ann: User, lifetime: str, days: int | None
) -> None:
    page = ann_client.post(URL, READING | {"lifetime": lifetime}, follow=True).content.decode()
    expiry = ApiToken.objects.get().expiry
    if days is None:
        assert expiry is None
        assert "good until you remove it" in page
    else:
        assert timedelta(0) <= expiry - timezone.now() - timedelta(days=days - 1) <= timedelta(days=1)
        assert "good until" in page


def test_a_token_has_the_scopes_that_were_ticked_and_the_list_tells(ann_client: Client) -> None:
    page = ann_client.post(URL, READING | {"scopes": ["suggestions", "read"]}, follow=True).content.decode()
    assert ApiToken.objects.get().scopes == ["suggestions", "read"]
    assert "may read, suggestions" in page
    assert "never used" in page
    ApiToken.objects.update(last_used_at=datetime(2026, 5, 3, 12, 30, tzinfo=UTC))
    assert "last used 3 May 2026, 12:30" in ann_client.get(URL).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["everything"]}, {"lifetime": ""}, {"lifetime": "36500"}, {"scopes": ["review"]}],
)
def test_scopes_and_lifetimes_that_are_not_offered_are_refused(ann_client: Client, wrong: dict[str, Any]) -> None:
    assert 'class="errors"' in ann_client.post(URL, READING | wrong).content.decode()
    assert not ApiToken.objects.exists()


def test_only_reviewers_are_offered_the_scope_for_reviews(ann_client: Client, ada_client: Client) -> None:
    assert 'value="review"' not in ann_client.get(URL).content.decode()
    assert 'value="review"' in ada_client.get(URL).content.decode()
    ada_client.post(URL, READING | {"scopes": ["review"]})
    assert ApiToken.objects.get().scopes == ["review"]


def test_looking_at_the_headers_does_not_use_the_new_token_up(ann_client: Client) -> None:
    ann_client.post(URL, READING)
    ann_client.head(URL)
    assert ann_client.get(URL).context["fresh"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_token_needs_a_name_of_sensible_length(ann_client: Client, name: str) -> None:
    response = ann_client.post(URL, READING | {"name": name})
    assert 'class="errors"' in response.content.decode()
    assert not ApiToken.objects.exists()


def test_there_is_a_most_and_a_next_step(ann_client: Client, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ApiToken.objects.create(user=ann, name="old")
    monkeypatch.setattr("accounts.forms.knox_settings.TOKEN_LIMIT_PER_USER", 1, raising=False)
    page = ann_client.post(URL, READING).content.decode()
    assert "Remove one you no longer use." in page
    assert ApiToken.objects.count() == 1


def test_a_removed_token_is_gone(ann_client: Client, ann: User) -> None:
    token, _ = ApiToken.objects.create(user=ann, name="old")
    page = ann_client.post(remove(token), follow=True).content.decode()
    assert "no longer works" in page
    assert not ApiToken.objects.exists()


def test_people_see_and_remove_only_their_own(ann: User, ben_client: Client, client: Client) -> None:
    token, _ = ApiToken.objects.create(user=ann, name="of ann")
    assert "of ann" not in ben_client.get(URL).content.decode()
    assert ben_client.post(remove(token)).status_code == 404
    assert client.post(remove(token)).status_code == 302
    assert client.get(URL).headers["Location"].startswith(reverse("account_login"))
    assert ApiToken.objects.exists()


def test_wrong_methods_are_refused(ann_client: Client, ann: User) -> None:
    token, _ = ApiToken.objects.create(user=ann, name="x")
    answers: list[Any] = [ann_client.get(remove(token)), ann_client.put(URL)]
    assert [answer.status_code for answer in answers] == [405, 405]
