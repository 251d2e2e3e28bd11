"""Read a photo after all that could not be read or was stopped."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Analysis, Photo, Status

MakePhoto = Callable[..., Photo]


def url(photo: Photo) -> str:
    return reverse("analysis:retry", args=[photo.uuid])


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_what_failed_or_was_stopped_waits_again_and_its_page_is_shown(
    ann_client: Client, ann: User, make_photo: MakePhoto, status: Status
) -> None:
    photo = make_photo(ann, status=status)
    response = ann_client.post(url(photo), follow=True)
    assert response.redirect_chain == [(reverse("analysis:photo", args=[photo.uuid]), 302)]
    assert Analysis.objects.get().status == Status.QUEUED
    assert "Next in the queue" in response.content.decode()


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.DONE])
def test_there_is_nothing_to_try_again_otherwise(
    ann_client: Client, ann: User, make_photo: MakePhoto, status: Status
) -> None:
    photo = make_photo(ann, status=status)
    response = ann_client.post(url(photo), follow=True)
    assert "There is nothing to try again" in response.content.decode()
    assert Analysis.objects.get().status == status


def test_a_failed_second_reading_is_tried_again_while_the_first_stays(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    again = Analysis.objects.create(photo=photo, owner=ann, status=Status.FAILED, earlier=photo.newest)
    ann_client.post(url(photo))
    again.refresh_from_db()
    assert again.status == Status.QUEUED
    assert Analysis.objects.filter(status=Status.DONE).count() == 1


def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    assert ben_client.post(url(photo)).status_code == 404
    assert client.post(url(photo)).status_code == 302
    assert Analysis.objects.get().status == Status.FAILED


def test_looking_is_not_trying(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert ann_client.get(url(make_photo(ann, status=Status.FAILED))).status_code == 405
