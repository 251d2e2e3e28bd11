"""Taking back what was said about an item."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Photo
from suggestions import services
from suggestions.models import CatalogueItem, Feedback

MakePhoto = Callable[..., Photo]


@pytest.fixture
def item(ann: User) -> CatalogueItem:
    """An item that ann dismissed."""
    found = CatalogueItem.objects.get(slug="september")
    services.dismiss(person=ann, item=found)
    return found


def address(item: CatalogueItem) -> str:
    """Where to take it back."""
    return reverse("suggestions:undo", args=(item.slug,))


def test_with_htmx_the_list_comes_back_with_the_item_eligible(
    ann: User, ann_client: Client, make_photo: MakePhoto, item: CatalogueItem
) -> None:
    photo = make_photo(ann)
    page = ann_client.post(address(item), {"photo": photo.uuid}, headers={"HX-Request": "true"}).content.decode()
    assert "is gone" not in page
    assert page.count('<article class="suggestion') == 8
    assert not Feedback.objects.exists()


def test_without_javascript_it_returns_to_the_list(
    ann: User, ann_client: Client, make_photo: MakePhoto, item: CatalogueItem
) -> None:
    photo = make_photo(ann)
    response = ann_client.post(address(item), {"photo": photo.uuid})
    assert response["Location"] == reverse("suggestions:for-photo", args=(photo.uuid,))


def test_from_the_preferences_it_returns_there(ann_client: Client, item: CatalogueItem) -> None:
    assert ann_client.post(address(item))["Location"] == reverse("suggestions:preferences")


def test_it_works_for_an_item_that_is_no_longer_suggested(ann_client: Client, item: CatalogueItem) -> None:
    CatalogueItem.objects.filter(pk=item.pk).update(active=False)
    ann_client.post(address(item))
    assert not Feedback.objects.exists()


def test_a_stranger_takes_back_only_their_own_words(ben_client: Client, item: CatalogueItem) -> None:
    ben_client.post(address(item))
    assert Feedback.objects.count() == 1


def test_taking_back_twice_is_harmless(ann_client: Client, item: CatalogueItem) -> None:
    ann_client.post(address(item))
    assert ann_client.post(address(item)).status_code == 302


def test_a_wrong_photo_id_is_refused(ann_client: Client, item: CatalogueItem) -> None:
    assert ann_client.post(address(item), {"photo": "seven"}).status_code == 400
    assert Feedback.objects.exists()


def test_somebody_elses_photo_is_not_found(
    ben: User, ann_client: Client, make_photo: MakePhoto, item: CatalogueItem
) -> None:
    assert ann_client.post(address(item), {"photo": make_photo(ben).uuid}).status_code == 404
    assert Feedback.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client: Client, item: CatalogueItem) -> None:
    assert client.post(address(item))["Location"].startswith(reverse("account_login"))


def test_it_cannot_be_read(ann_client: Client, item: CatalogueItem) -> None:
    assert ann_client.get(address(item)).status_code == 405
