"""The first page."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from analysis.models import Photo, Status

URL = "/"


def test_visitors_learn_what_facet_is_and_can_sign_up(client: Client, db: None) -> None:
    page = client.get(URL).content.decode()
    assert "not sure" in page
    assert reverse("account_signup") in page
    assert 'type="file"' not in page


def test_people_who_are_signed_in_can_upload(ann_client: Client) -> None:
    page = ann_client.get(URL).content.decode()
    assert "Predict and suggest" in page
    assert 'name="photos"' in page
    assert "is your choice" in page


def test_the_latest_photos_are_shown_to_their_owner_only(
    ann_client: Client, ben_client: Client, make_photo: Callable[..., Photo], ann: object
) -> None:
    photo = make_photo(ann)
    assert str(photo.uuid) in ann_client.get(URL).content.decode()
    assert str(photo.uuid) not in ben_client.get(URL).content.decode()


def test_unfinished_photos_are_polled_and_finished_ones_are_not(
    ann_client: Client, make_photo: Callable[..., Photo], ann: object
) -> None:
    make_photo(ann)
    assert "hx-trigger" not in ann_client.get(URL).content.decode()
    waiting = make_photo(ann, status=Status.QUEUED)
    page = ann_client.get(URL).content.decode()
    assert f"ids={waiting.uuid}&amp;of=1" in page
    assert "<noscript><meta" in page


def test_only_staff_see_the_way_to_reviewing(ann_client: Client, ada_client: Client) -> None:
    assert reverse("admin:index") not in ann_client.get(URL).content.decode()
    assert reverse("admin:index") in ada_client.get(URL).content.decode()


def test_nothing_can_be_posted_here(client: Client, db: None) -> None:
    assert client.post(URL).status_code == 405


def test_no_page_needs_what_the_content_security_policy_forbids(client: Client, ann_client: Client) -> None:
    for page in (client.get(URL), ann_client.get(URL)):
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert " style=" not in page.content.decode()
        assert "onclick" not in page.content.decode()
