"""Read a photo again that could not be read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Analysis, Photo, Status

MakePhoto = Callable[..., Photo]


def url(photo: Photo) -> str:
    return reverse("analysis:retry", args=[photo.uuid])


def test_a_failed_photo_waits_again_and_its_page_is_shown(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.FAILED)
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


def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    assert ben_client.post(url(photo)).status_code == 404
    assert client.post(url(photo)).status_code == 302
    assert Analysis.objects.get().status == Status.FAILED


def test_looking_is_not_trying(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert ann_client.get(url(make_photo(ann, status=Status.FAILED))).status_code == 405
