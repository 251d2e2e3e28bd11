"""Stop what waits or is being read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Analysis, Photo, Status

MakePhoto = Callable[..., Photo]


def url(photo: Photo) -> str:
    return reverse("analysis:cancel", args=[photo.uuid])


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_what_is_unfinished_is_stopped_and_its_page_is_shown(
    ann_client: Client, ann: User, make_photo: MakePhoto, status: Status
) -> None:
    photo = make_photo(ann, status=status)
    response = ann_client.post(url(photo), follow=True)
    assert response.redirect_chain == [(reverse("analysis:photo", args=[photo.uuid]), 302)]
    assert "Stopped by you" in response.content.decode()
    assert Analysis.objects.get().status == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.CANCELLED])
def test_what_is_finished_stays_as_it_is(ann_client: Client, ann: User, make_photo: MakePhoto, status: Status) -> None:
    photo = make_photo(ann, status=status)
    assert "There was nothing to stop" in ann_client.post(url(photo), follow=True).content.decode()
    assert Analysis.objects.get().status == status


def test_stopping_a_second_reading_keeps_the_first_result(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    again = Analysis.objects.create(photo=photo, owner=ann, earlier=photo.newest)
    page = ann_client.post(url(photo), follow=True).content.decode()
    assert "about <strong>34</strong>" in page
    assert "Reading it again was stopped" in page
    again.refresh_from_db()
    assert again.status == Status.CANCELLED


def test_from_a_list_it_leads_back_to_the_list(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    address = reverse("analysis:history") + "?status=unfinished"
    assert f'name="next" value="{address}"' in ann_client.get(address).content.decode()
    assert ann_client.post(url(photo), {"next": address}).headers["Location"] == address


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_nobody_is_led_away_from_here(ann_client: Client, ann: User, make_photo: MakePhoto, back: str) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    own = reverse("analysis:photo", args=[photo.uuid])
    assert ann_client.post(url(photo), {"next": back}).headers["Location"] == own


def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    assert ben_client.post(url(photo)).status_code == 404
    assert client.post(url(photo)).status_code == 302
    assert Analysis.objects.get().status == Status.QUEUED


def test_looking_is_not_stopping(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert ann_client.get(url(make_photo(ann, status=Status.QUEUED))).status_code == 405
