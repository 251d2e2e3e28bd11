"""The page with the list for one photo."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Photo, Status
from suggestions import services
from suggestions.models import CatalogueItem

MakePhoto = Callable[..., Photo]


def address(photo: Photo) -> str:
    """Of the page."""
    return reverse("suggestions:for-photo", args=(photo.uuid,))


def test_the_owner_sees_eight_cards_with_reasons(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    page = ann_client.get(address(make_photo(ann))).content.decode()
    assert page.count('<article class="suggestion') == 8
    assert page.count("Why this") == 8
    assert "<h1>Suggestions</h1>" in page
    assert "Gender is never used." in page


def test_htmx_gets_only_the_list(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    response = ann_client.get(address(make_photo(ann)), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.count('<article class="suggestion') == 8
    assert "<html" not in page
    assert "css/suggestions.css" in page
    assert "HX-Request" in response.headers["Vary"]


def test_a_boosted_link_gets_the_whole_page(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true"}
    assert "<html" in ann_client.get(address(make_photo(ann)), headers=headers).content.decode()


def test_a_stranger_learns_nothing(ann: User, ben_client: Client, make_photo: MakePhoto) -> None:
    assert ben_client.get(address(make_photo(ann))).status_code == 404


def test_not_even_a_reviewer_gets_somebody_elses_list(ann: User, ada_client: Client, make_photo: MakePhoto) -> None:
    assert ada_client.get(address(make_photo(ann))).status_code == 404


def test_a_photo_that_does_not_exist_is_not_found(ann_client: Client) -> None:
    assert ann_client.get(reverse("suggestions:for-photo", args=(uuid.uuid4(),))).status_code == 404


def test_a_visitor_is_asked_to_sign_in(ann: User, client: Client, make_photo: MakePhoto) -> None:
    response = client.get(address(make_photo(ann)))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_it_cannot_be_posted_to(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    assert ann_client.post(address(make_photo(ann))).status_code == 405


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.QUEUED, "It is waiting right now"),
        (Status.RUNNING, "It is being read right now"),
        (Status.FAILED, "could not be read"),
        (Status.CANCELLED, "Reading this photo was stopped"),
    ],
)
def test_before_there_is_a_result_it_says_so_and_where_to_go(
    ann: User, ann_client: Client, make_photo: MakePhoto, status: Status, said: str
) -> None:
    photo = make_photo(ann, status=status)
    page = ann_client.get(address(photo)).content.decode()
    assert said in page
    assert f'class="button" href="{reverse("analysis:photo", args=(photo.uuid,))}"' in page


def test_without_a_face_it_says_for_whom_the_list_is(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    page = ann_client.get(address(make_photo(ann, faces=[]))).content.decode()
    assert "No face to go by" in page
    assert "Only things fit for every child" in page
    assert page.count('<article class="suggestion') == 8


def test_with_photos_switched_off_it_says_so(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    services.set_preference(person=ann, kinds=[], use_photos=False)
    page = ann_client.get(address(make_photo(ann))).content.decode()
    assert "counts for nothing, as" in page


def test_of_several_faces_it_says_which_one_leads(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    page = ann_client.get(address(make_photo(ann, faces=[{}, {"age_low": 9.0}]))).content.decode()
    assert "the largest of 2 faces" in page
    assert "somebody in the photo may be under 18" in page


def test_an_expression_that_is_not_sure_is_said_to_count_for_nothing(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    page = ann_client.get(address(make_photo(ann, faces=[{"emotion": ""}]))).content.decode()
    assert "the expression is not sure or not estimated, and counts for nothing" in page


def test_when_everything_was_dismissed_it_offers_a_way_back(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    for item in CatalogueItem.objects.all():
        services.dismiss(person=ann, item=item)
    page = ann_client.get(address(make_photo(ann))).content.decode()
    assert "Nothing is left to suggest" in page
    assert reverse("suggestions:preferences") in page


def test_a_word_about_an_item_nobody_said_anything_about_shows_nothing(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    page = ann_client.get(address(make_photo(ann)), {"said": "<script>"}).content.decode()
    assert "suggestion-said" not in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]


def test_the_list_has_no_inline_script_or_style(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    page = ann_client.get(address(make_photo(ann)), headers={"HX-Request": "true"}).content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert " on" + "click" not in page
