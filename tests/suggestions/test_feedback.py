"""“Not for me” and “more like this”."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Photo
from suggestions import services
from suggestions.models import CatalogueItem, Feedback, FeedbackKind

MakePhoto = Callable[..., Photo]


def first_item(photo: Photo, person: User) -> CatalogueItem:
    """The item on top of the list for a photo."""
    assert photo.latest is not None
    return services.suggest_for(photo.latest, person).shown[0].item


def address(item: CatalogueItem) -> str:
    """Where to say it."""
    return reverse("suggestions:feedback", args=(item.slug,))


def test_dismissing_takes_the_item_off_the_page_at_once_and_fills_its_place(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    item = first_item(photo, ann)
    words = {"kind": "not_for_me", "photo": photo.uuid}
    page = ann_client.post(address(item), words, headers={"HX-Request": "true"}).content.decode()
    assert f'id="suggestion-{item.slug}"' not in page
    assert page.count('<article class="suggestion') == 8
    assert "is gone and will not come back" in page
    assert reverse("suggestions:undo", args=(item.slug,)) in page
    assert "<html" not in page


def test_without_javascript_it_returns_to_the_list_which_says_the_same(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    item = first_item(photo, ann)
    response = ann_client.post(address(item), {"kind": "not_for_me", "photo": photo.uuid}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[0][0].startswith(reverse("suggestions:for-photo", args=(photo.uuid,)))
    assert "is gone and will not come back" in page
    assert f'id="suggestion-{item.slug}"' not in page


def test_wanting_more_marks_the_item(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    item = first_item(photo, ann)
    words = {"kind": "liked", "photo": photo.uuid}
    page = ann_client.post(address(item), words, headers={"HX-Request": "true"}).content.decode()
    assert "Noted: more like" in page
    assert Feedback.objects.get(person=ann, item=item).kind == FeedbackKind.LIKED


def test_it_keeps_at_which_photo_it_was_said(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    ann_client.post(address(first_item(photo, ann)), {"kind": "liked", "photo": photo.uuid})
    assert Feedback.objects.get().analysis == photo.latest


def test_without_a_photo_it_returns_to_the_preferences(ann: User, ann_client: Client) -> None:
    item = CatalogueItem.objects.all()[0]
    response = ann_client.post(address(item), {"kind": "not_for_me"})
    assert response["Location"] == reverse("suggestions:preferences")


def test_somebody_elses_photo_is_not_found_and_nothing_is_kept(
    ann: User, ben_client: Client, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    item = CatalogueItem.objects.all()[0]
    assert ben_client.post(address(item), {"kind": "liked", "photo": photo.uuid}).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("words", [{}, {"kind": "adore"}, {"kind": "liked", "photo": "seven"}])
def test_other_words_are_refused(ann: User, ann_client: Client, words: dict[str, str]) -> None:
    assert ann_client.post(address(CatalogueItem.objects.all()[0]), words).status_code == 400
    assert not Feedback.objects.exists()


def test_an_item_that_does_not_exist_or_is_inactive_is_not_found(ann: User, ann_client: Client) -> None:
    item = CatalogueItem.objects.all()[0]
    CatalogueItem.objects.filter(pk=item.pk).update(active=False)
    assert ann_client.post(address(item), {"kind": "liked"}).status_code == 404
    assert ann_client.post(reverse("suggestions:feedback", args=("nothing",)), {"kind": "liked"}).status_code == 404


def test_a_visitor_is_asked_to_sign_in(db: None, client: Client) -> None:
    response = client.post(address(CatalogueItem.objects.all()[0]), {"kind": "liked"})
    assert response["Location"].startswith(reverse("account_login"))


def test_it_cannot_be_read(ann_client: Client) -> None:
    assert ann_client.get(address(CatalogueItem.objects.all()[0])).status_code == 405


def test_without_a_csrf_token_it_is_refused(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(CatalogueItem.objects.all()[0]), {"kind": "liked"}).status_code == 403
