"""A person deletes their account."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, ErasureReceipt, User
from analysis.models import Correction, Face, Photo
from suggestions.models import CatalogueItem, Feedback

URL = "/account/delete/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


def test_the_page_says_what_goes_and_the_account_leads_to_it(ann_client: Client) -> None:
    assert f'href="{URL}"' in ann_client.get(reverse("accounts:profile")).content.decode()
    page = ann_client.get(URL).content.decode()
    for words in ("ann@example.org", "photos", "result", "corrections", "API tokens", "suggestions"):
        assert words in page
    assert "reviewer" not in page


@pytest.mark.django_db(transaction=True)
def test_with_the_password_everything_goes_and_nothing_of_others(
    ann_client: Client, ann: User, ben: User, make_photo: Callable[..., Photo], settings: Any
) -> None:
    make_photo(ann)
    kept = make_photo(ben)
    item = CatalogueItem.objects.create(slug="one", title="One", emotions={}, age_from=0, age_to=9)
    Feedback.objects.create(person=ann, item=item)
    Correction.objects.create(face=Face.objects.get(analysis__photo__owner=ann), author=ann, age_years=40)
    ApiToken.objects.create(user=ann, name="Laptop")
    response = ann_client.post(URL, {"password": PASSWORD}, follow=True)
    assert response.redirect_chain == [(f"/receipts/{ErasureReceipt.objects.get().uuid}/", 302)]
    assert "Your account is deleted" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated
    assert list(User.objects.all()) == [ben]
    assert list(Photo.objects.all()) == [kept]
    assert not any(rows.objects.exists() for rows in (Correction, ApiToken, Feedback))
    files = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert files == {Path(kept.image.path), Path(kept.thumbnail.path)}


@pytest.mark.parametrize(("password", "sentence"), [("wrong", "This is not your password."), ("", "required")])
def test_a_wrong_password_says_so_and_nothing_is_lost(
    ann_client: Client, ann: User, make_photo: Callable[..., Photo], password: str, sentence: str
) -> None:
    make_photo(ann)
    assert sentence in ann_client.post(URL, {"password": password}).content.decode()
    assert Photo.objects.filter(owner=ann).exists()
    assert ann_client.get(reverse("accounts:profile")).status_code == 200


def test_passwords_cannot_be_guessed_here(ann_client: Client, ann: User) -> None:
    for _ in range(10):
        ann_client.post(URL, {"password": "wrong"})
    page = ann_client.post(URL, {"password": PASSWORD}).content.decode()
    assert "Wait a minute, then try again." in page
    assert User.objects.filter(pk=ann.pk).exists()


def test_the_last_administrator_stays_and_learns_what_to_do(rob_client: Client, rob: User) -> None:
    User.objects.create_superuser("gone@example.org", PASSWORD, is_active=False)
    for response in (rob_client.get(URL), rob_client.post(URL, {"password": PASSWORD})):
        page = response.content.decode()
        assert "You are the only administrator" in page
        assert reverse("admin:accounts_user_changelist") in page
        assert 'name="password"' not in page
    assert User.objects.filter(pk=rob.pk).exists()


def test_one_of_two_administrators_can_go(rob_client: Client, rob: User) -> None:
    User.objects.create_superuser("rita@example.org", PASSWORD)
    assert rob_client.post(URL, {"password": PASSWORD}).headers["Location"].startswith("/receipts/")
    assert not User.objects.filter(pk=rob.pk).exists()


def test_reviewers_learn_that_their_decisions_stay(ada_client: Client) -> None:
    assert "stays, without your name" in ada_client.get(URL).content.decode()


def test_visitors_are_asked_to_sign_in_and_other_methods_refused(client: Client, ann_client: Client) -> None:
    assert client.post(URL, {"password": PASSWORD}).headers["Location"].startswith(reverse("account_login"))
    assert ann_client.put(URL).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_somebody_with_many_photos_is_deleted_in_steps(
    monkeypatch: pytest.MonkeyPatch, ann: User, ben: User, make_photo: Callable[..., Photo], settings: Any
) -> None:
    monkeypatch.setattr("analysis.holdings.AT_ONCE", 2)
    for _ in range(5):
        make_photo(ann)
    kept = make_photo(ben)
    ann.delete()
    assert Photo.objects.get() == kept
    assert not User.objects.filter(pk=ann.pk).exists()
    assert {path.stem for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")} == {str(kept.uuid)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [False, True])
def test_the_administrator_is_asked_with_numbers_and_not_with_names(
    rob_client: Client, ann: User, make_photo: Callable[..., Photo], at_once: bool
) -> None:
    for _ in range(3):
        make_photo(ann)
    address = reverse(
        "admin:accounts_user_changelist" if at_once else "admin:accounts_user_delete", args=[] if at_once else [ann.pk]
    )
    chosen: dict[str, Any] = {"action": "delete_selected", "_selected_action": [ann.pk]} if at_once else {}
    asked = (rob_client.post(address, chosen) if at_once else rob_client.get(address)).content.decode()
    assert "<li>Photos: 3</li>" in asked
    assert "holiday.jpg" not in asked
    assert rob_client.post(address, {**chosen, "post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=ann.pk).exists()
    assert not Photo.objects.exists()
