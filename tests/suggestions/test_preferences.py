"""What a person wants to see, and what they said so far."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from suggestions import services
from suggestions.models import CatalogueItem, Feedback, Preference


@pytest.fixture
def address() -> str:
    """Of the page."""
    return reverse("suggestions:preferences")


def test_at_first_every_kind_is_shown_and_photos_count(ann_client: Client, address: str) -> None:
    response = ann_client.get(address)
    assert response.context["form"]["use_photos"].value() is True
    assert response.context["form"]["kinds"].value() == []
    assert not Preference.objects.exists()


def test_what_is_chosen_is_kept(ann: User, ann_client: Client, address: str) -> None:
    response = ann_client.post(address, {"kinds": ["music", "book"]}, follow=True)
    preference = Preference.objects.get(person=ann)
    assert (preference.kinds, preference.use_photos) == (["book", "music"], False)
    assert "Saved." in response.content.decode()
    assert response.context["form"]["kinds"].value() == ["book", "music"]


def test_choosing_again_replaces_the_choice(ann: User, ann_client: Client, address: str) -> None:
    ann_client.post(address, {"kinds": ["music"]})
    ann_client.post(address, {"use_photos": "on"})
    preference = Preference.objects.get(person=ann)
    assert (preference.kinds, preference.use_photos) == ([], True)


def test_a_kind_that_does_not_exist_is_refused(ann_client: Client, address: str) -> None:
    assert ann_client.post(address, {"kinds": ["podcast"]}).status_code == 400
    assert not Preference.objects.exists()


def test_a_stranger_sees_their_own_words_only(ann: User, ben_client: Client, address: str) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    assert "September" not in ben_client.get(address).content.decode()


def test_what_was_dismissed_can_be_taken_back_here(ann: User, ann_client: Client, address: str) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    page = ann_client.get(address).content.decode()
    assert "September" in page
    assert reverse("suggestions:undo", args=("september",)) in page


def test_reset_forgets_all_of_it(ann: User, ann_client: Client, address: str) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    services.like(person=ann, item=CatalogueItem.objects.get(slug="bolero"))
    page = ann_client.post(reverse("suggestions:reset"), follow=True).content.decode()
    assert not Feedback.objects.exists()
    assert "Nothing yet." in page


def test_a_visitor_is_asked_to_sign_in(db: None, client: Client, address: str) -> None:
    for response in (client.get(address), client.post(address), client.post(reverse("suggestions:reset"))):
        assert response["Location"].startswith(reverse("account_login"))


def test_other_methods_are_refused(ann_client: Client, address: str) -> None:
    assert ann_client.delete(address).status_code == 405
    assert ann_client.get(reverse("suggestions:reset")).status_code == 405
