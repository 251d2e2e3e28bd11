"""The page "Who looked at my photos"."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note
from accounts.models import AccessEntry, User
from analysis import seen
from analysis.models import Face, Photo
from analysis.views import who_looked

PAGE = "/account/access/"


def test_without_a_look_it_says_so(ann_client: Client) -> None:
    page = ann_client.get(PAGE).content.decode()
    assert "Nobody has looked" in page
    assert "Why can anybody see them?" in page


def test_looks_are_told_by_day_with_the_picture_and_the_role(
    ann_client: Client, ann: User, ada: User, rob: User, make_photo: Any
) -> None:
    photo = make_photo(ann)
    note(ada, Place.ADMIN, [seen.of_photo(photo), seen.of_face(Face.objects.get(), Kind.REVIEW)])
    note(rob, Place.ADMIN, [Seen(ann.pk, Kind.ACCOUNT, ann.uuid)])
    AccessEntry.objects.filter(actor=rob).update(at=timezone.now() - timedelta(days=3))
    answer = ann_client.get(PAGE)
    page = answer.content.decode()
    assert len(answer.context["days"]) == 2
    assert "A reviewer" in page
    assert "looked at the picture, judged a face" in page
    assert reverse("analysis:thumbnail", args=[photo.uuid]) in page
    assert "An administrator" in page
    assert "looked into the account" in page
    assert "ada@" not in page
    assert "rob@" not in page


def test_photos_that_are_gone_are_told_without_a_picture(
    ann_client: Client, ann: User, ada: User, make_photo: Any
) -> None:
    photo = make_photo(ann)
    note(ada, Place.API, [seen.of_photo(photo)])
    photo.delete()
    page = ann_client.get(PAGE).content.decode()
    assert "a photo that is deleted by now" in page
    assert "with a program" in page


def test_of_a_photo_whose_picture_is_not_kept_the_face_is_shown(
    ann_client: Client, ann: User, ada: User, make_photo: Any
) -> None:
    photo, face = make_photo(ann), Face.objects.get()
    face.crop.save("face.jpg", ContentFile(b"a face"))
    Photo.objects.filter(pk=photo.pk).update(image="", thumbnail="")
    note(ada, Place.ADMIN, [seen.of_face(face, Kind.FACE)])
    assert reverse("analysis:crop", args=[face.uuid]) in ann_client.get(PAGE).content.decode()


def test_others_are_told_nothing_of_it(ben_client: Client, client: Client, ann: User, ada: User) -> None:
    note(ada, Place.ADMIN, [Seen(ann.pk, Kind.ACCOUNT, ann.uuid)])
    assert "Nobody has looked" in ben_client.get(PAGE).content.decode()
    assert client.get(PAGE).status_code == 302


def test_many_looks_are_told_in_pages_that_cost_the_same(
    ann_client: Client, ann: User, ada: User, make_photo: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(who_looked, "PER_PAGE", 3)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ann_client.get(PAGE).status_code == 200
        return len(captured)

    note(ada, Place.ADMIN, [seen.of_photo(make_photo(ann))])
    ann_client.get(PAGE)
    one = cost()
    note(ada, Place.ADMIN, [seen.of_photo(make_photo(ann)) for _ in range(4)])
    assert cost() == one
    assert 'rel="next"' in ann_client.get(PAGE).content.decode()
    assert 'rel="prev"' in ann_client.get(PAGE, {"page": 2}).content.decode()


def test_the_account_leads_to_it(ann_client: Client) -> None:
    assert f'href="{PAGE}"' in ann_client.get("/account/").content.decode()


def test_a_list_is_told_in_one_sentence_with_the_photos_that_were_in_it(
    ann_client: Client, ann: User, ada: User, make_photo: Any
) -> None:
    photos = [make_photo(ann) for _ in range(4)]
    for shown in (photos[:3], photos[1:]):
        note(ada, Place.ADMIN, [seen.of_photo(photo, Kind.LISTED) for photo in shown])
    note(ada, Place.ADMIN, [seen.of_photo(photos[0])])
    photos[3].delete()
    answer = ann_client.get(PAGE)
    page = " ".join(answer.content.decode().split())
    (day,) = answer.context["days"]
    assert [look.sentence for look in day.looks] == ["looked at the picture", "saw 4 of your photos in a list"]
    assert page.count(f'<a href="{reverse("analysis:photo", args=[photos[1].uuid])}">holiday.jpg</a>') == 1
    assert "<li>1 deleted by now</li>" in page


def test_of_a_very_long_list_the_first_photos_are_named(
    ann_client: Client, ann: User, ada: User, make_photo: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(who_looked, "MOST_NAMED", 2)
    note(ada, Place.ADMIN, [seen.of_photo(make_photo(ann), Kind.LISTED) for _ in range(5)])
    page = ann_client.get(PAGE).content.decode()
    assert page.count(">holiday.jpg</a>") == 2
    assert "<li>3 more</li>" in page


def test_of_a_list_with_one_photo_it_is_told_as_before(
    ann_client: Client, ann: User, ada: User, make_photo: Any
) -> None:
    photo = make_photo(ann)
    note(ada, Place.ADMIN, [seen.of_photo(photo, Kind.LISTED)])
    page = ann_client.get(PAGE).content.decode()
    assert "saw it in a list" in page
    assert reverse("analysis:thumbnail", args=[photo.uuid]) in page
