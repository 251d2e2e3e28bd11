"""The owner says "this is wrong"."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Correction, Face, Photo

MakePhoto = Callable[..., Photo]


@pytest.fixture
def face(ann: User, make_photo: MakePhoto) -> Face:
    make_photo(ann)
    return Face.objects.get()


def url(face: Face) -> str:
    return reverse("analysis:correct", args=[face.uuid])


def test_the_form_shows_the_face_and_what_was_estimated(ann_client: Client, face: Face) -> None:
    page = ann_client.get(url(face)).content.decode()
    assert "about 34, female, happiness shown" in page
    assert 'class="face-crop"' in page


def test_the_form_goes_on_showing_the_estimate_after_a_correction(ann_client: Client, ann: User, face: Face) -> None:
    Correction.objects.create(face=face, author=ann, age_years=41)
    assert "Facet said: about 34, female, happiness shown." in ann_client.get(url(face)).content.decode()


def test_what_is_said_is_kept_and_leads_back_to_the_face(ann_client: Client, ann: User, face: Face) -> None:
    said = {"age_years": "41", "gender": "male", "emotion": "surprise", "note": "A friend."}
    response = ann_client.post(url(face), said)
    assert response.headers["Location"] == f"/photos/{face.analysis.photo.uuid}/#face-1"
    kept = Correction.objects.get()
    assert (kept.author, kept.age_years, kept.gender, kept.emotion, kept.note, kept.not_a_face) == (
        ann, 41, "male", "surprise", "A friend.", False,
    )  # fmt: skip


@pytest.mark.parametrize("said", [{"age_years": "0"}, {"not_a_face": "on"}, {"gender": "female"}, {"note": "Hm."}])
def test_one_statement_is_enough(ann_client: Client, face: Face, said: dict[str, str]) -> None:
    assert ann_client.post(url(face), said).status_code == 302
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say at least one thing"),
        ({"age_years": "", "gender": "", "emotion": "", "note": "  "}, "Say at least one thing"),
        ({"age_years": "-1"}, "greater than or equal to 0"),
        ({"age_years": "121"}, "less than or equal to 120"),
        ({"age_years": "young"}, "Enter a whole number"),
        ({"gender": "robot"}, "Select a valid choice"),
        ({"emotion": "hunger"}, "Select a valid choice"),
        ({"note": "x" * 301}, "at most 300 characters"),
    ],
)
def test_bad_input_is_explained_and_not_kept(
    ann_client: Client, face: Face, said: dict[str, str], sentence: str
) -> None:
    response = ann_client.post(url(face), said)
    assert sentence in response.content.decode()
    assert not Correction.objects.exists()


def test_the_form_starts_with_what_was_said_before_and_a_new_one_is_added(ann_client: Client, face: Face) -> None:
    ann_client.post(url(face), {"age_years": "41"})
    assert 'value="41"' in ann_client.get(url(face)).content.decode()
    ann_client.post(url(face), {"age_years": "42"})
    assert [said.age_years for said in Correction.objects.all()] == [42, 41]


def test_what_was_said_can_be_taken_back(ann_client: Client, face: Face) -> None:
    assert "Take back what I said" not in ann_client.get(url(face)).content.decode()
    for age in ("41", "42"):
        ann_client.post(url(face), {"age_years": age})
    assert "Take back what I said" in ann_client.get(url(face)).content.decode()
    response = ann_client.post(url(face), {"withdraw": "yes"}, follow=True)
    assert response.redirect_chain == [(f"/photos/{face.analysis.photo.uuid}/#face-1", 302)]
    assert "What you said about this face is removed." in response.content.decode()
    assert not Correction.objects.exists()


def test_taking_back_nothing_says_so(ann_client: Client, face: Face) -> None:
    response = ann_client.post(url(face), {"withdraw": "yes"}, follow=True)
    assert "There was nothing to take back" in response.content.decode()


def test_only_the_owner_takes_back(ann_client: Client, ben_client: Client, client: Client, face: Face) -> None:
    ann_client.post(url(face), {"age_years": "41"})
    assert ben_client.post(url(face), {"withdraw": "yes"}).status_code == 404
    assert client.post(url(face), {"withdraw": "yes"}).status_code == 302
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_and_reviewers_get_404_and_visitors_the_sign_in(
    ben_client: Client, ada_client: Client, client: Client, face: Face, method: str
) -> None:
    said = {"age_years": "41"}
    assert getattr(ben_client, method)(url(face), said).status_code == 404
    assert getattr(ada_client, method)(url(face), said).status_code == 404
    assert getattr(client, method)(url(face), said).status_code == 302
    assert not Correction.objects.exists()


def test_an_unknown_face_is_404_and_other_methods_are_refused(ann_client: Client, face: Face) -> None:
    assert ann_client.get(reverse("analysis:correct", args=[uuid4()])).status_code == 404
    assert ann_client.put(url(face)).status_code == 405
