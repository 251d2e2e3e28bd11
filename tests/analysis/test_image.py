"""A photo's bytes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Photo

MakePhoto = Callable[..., Photo]

pytestmark = pytest.mark.parametrize("name", ["analysis:image", "analysis:thumbnail"])


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_owner_and_reviewers_see_it(
    ann_client: Client, ada_client: Client, rob_client: Client, ann: User, make_photo: MakePhoto, name: str
) -> None:
    url = reverse(name, args=[make_photo(ann).uuid])
    for client in (ann_client, ada_client, rob_client):
        response = client.get(url)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/jpeg"
        assert body(response).startswith(b"\xff\xd8")


def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_photo: MakePhoto, name: str
) -> None:
    url = reverse(name, args=[make_photo(ann).uuid])
    assert ben_client.get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_the_bytes_are_inert_and_stay_private(ann_client: Client, ann: User, make_photo: MakePhoto, name: str) -> None:
    photo = make_photo(ann)
    headers = ann_client.get(reverse(name, args=[photo.uuid])).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"].startswith("private")
    assert headers["Content-Disposition"].startswith("inline; filename=")
    assert str(photo.uuid) in headers["Content-Disposition"]
    assert "holiday" not in headers["Content-Disposition"]


def test_a_proxy_in_front_can_send_the_bytes(
    ann_client: Client, ben_client: Client, ann: User, make_photo: MakePhoto, settings: Any, name: str
) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/_media/"
    photo = make_photo(ann)
    response = ann_client.get(reverse(name, args=[photo.uuid]))
    stored = photo.image.name if name == "analysis:image" else photo.thumbnail.name
    assert response.headers["X-Accel-Redirect"] == f"/_media/{stored}"
    assert body(response) == b""
    assert "X-Accel-Redirect" not in ben_client.get(reverse(name, args=[photo.uuid])).headers


def test_a_lost_file_and_an_unknown_photo_are_404(
    ann_client: Client, ann: User, make_photo: MakePhoto, name: str
) -> None:
    photo = make_photo(ann)
    photo.image.storage.delete(photo.image.name)
    photo.image.storage.delete(photo.thumbnail.name)
    assert ann_client.get(reverse(name, args=[photo.uuid])).status_code == 404
    assert ann_client.get(reverse(name, args=[uuid4()])).status_code == 404


def test_nothing_can_be_posted_here(ann_client: Client, ann: User, make_photo: MakePhoto, name: str) -> None:
    assert ann_client.post(reverse(name, args=[make_photo(ann).uuid])).status_code == 405
