"""Delete a photo."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Face, Photo

MakePhoto = Callable[..., Photo]


def url(photo: Photo) -> str:
    return reverse("analysis:delete", args=[photo.uuid])


def test_it_asks_first_and_removes_nothing(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    page = ann_client.get(url(photo)).content.decode()
    assert "Delete this photo?" in page
    assert "holiday.jpg" in page
    assert Photo.objects.exists()


def test_the_photo_goes_with_its_files_and_faces(
    ann_client: Client, ann: User, make_photo: MakePhoto, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    photo = make_photo(ann)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        response = ann_client.post(url(photo), follow=True)
    assert response.redirect_chain == [(reverse("analysis:history"), 302)]
    assert "is deleted, with everything that was read from it" in response.content.decode()
    assert not Photo.objects.exists()
    assert not Face.objects.exists()
    assert not photo.image.storage.exists(photo.image.name)


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_and_reviewers_get_404_and_visitors_the_sign_in(
    ben_client: Client, ada_client: Client, client: Client, ann: User, make_photo: MakePhoto, method: str
) -> None:
    photo = make_photo(ann)
    assert getattr(ben_client, method)(url(photo)).status_code == 404
    assert getattr(ada_client, method)(url(photo)).status_code == 404
    assert getattr(client, method)(url(photo)).status_code == 302
    assert Photo.objects.exists()


def test_deleting_twice_is_404(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    ann_client.post(url(photo))
    assert ann_client.post(url(photo)).status_code == 404


def test_other_methods_are_refused(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert ann_client.delete(url(make_photo(ann))).status_code == 405
