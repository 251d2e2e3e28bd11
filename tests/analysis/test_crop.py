"""A face alone, of a photo that is kept whole: cut out when it is asked for."""

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import AccessEntry, User
from analysis.models import Face, Photo

MakePhoto = Callable[..., Photo]


@pytest.fixture
def address(ann: User, make_photo: MakePhoto) -> str:
    make_photo(ann)
    return reverse("analysis:crop", args=[Face.objects.get().uuid])


def size_of(response: HttpResponseBase) -> tuple[int, int]:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(body)) as picture:
        return picture.size


def test_owner_and_reviewers_see_the_face_and_not_the_photo(
    ann_client: Client, ada_client: Client, rob_client: Client, address: str
) -> None:
    for client in (ann_client, ada_client, rob_client):
        answer = client.get(address)
        assert answer.status_code == 200
        assert size_of(answer) == (68, 68)  # of 96 x 72: the face of 40 with its margin
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {*AccessEntry.objects.values_list("kind", "role")} == {("face", "reviewer"), ("face", "administrator")}


def test_strangers_get_404_visitors_the_sign_in_and_nobody_posts(
    ben_client: Client, client: Client, ann_client: Client, address: str
) -> None:
    assert ben_client.get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert ann_client.post(address).status_code == 405


def test_what_is_gone_is_404(ann_client: Client, address: str) -> None:
    photo = Photo.objects.get()
    photo.image.storage.delete(photo.image.name)
    assert ann_client.get(address).status_code == 404
    Photo.objects.update(image="", thumbnail="")
    assert ann_client.get(address).status_code == 404
    assert ann_client.get(reverse("analysis:crop", args=[uuid4()])).status_code == 404
