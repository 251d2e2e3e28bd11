"""The review queue from Python, against a server that runs."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from accounts.models import AccessEntry, ApiToken, User
from analysis import statements
from analysis.models import Face, Photo, Review, Verdict
from facet_client import Conflict, Facet, FacetError, Invalid, PermissionRefused, ScopeMissing


@pytest.fixture
def reviewing(live_server: LiveServer, transactional_db: None, ada: User) -> Iterator[Facet]:
    """Ada's client, with a token for reviews only."""
    _, token = ApiToken.objects.create(user=ada, name="client", scopes=["review"])
    with Facet(live_server.url, token) as client:
        yield client


def test_the_queue_is_worked_through(reviewing: Facet, ann: User, ada: User, make_photo: Any) -> None:
    make_photo(ann, faces=[{}, {"emotion": "", "emotion_confidence": 0.4}, {}], model_version="facetrio-1")
    first, second, third = reviewing.review.list(reviewed="open", page_size=2)
    assert [one.id for one in reviewing.review.list(confidence="low")] == [second.id]
    assert (first.model_version, first.review, first.photo.width) == ("facetrio-1", None, 96)
    with Image.open(io.BytesIO(reviewing.review.image(first))) as picture:
        assert picture.format == "JPEG"
    judged = reviewing.review.judge(first, "corrected", age_years=31, note="beard")
    assert judged.review is not None
    assert (judged.review.verdict, judged.review.age_years, judged.review.is_mine) == ("corrected", 31, True)
    reviewing.review.judge(second, "unusable")
    assert [one.id for one in reviewing.review.list(reviewed="open")] == [third.id]
    assert set(Review.objects.values_list("reviewer", flat=True)) == {ada.pk}
    assert set(AccessEntry.objects.values_list("person", flat=True)) == {ann.pk}


def test_who_judges_what_another_has_judged_is_told(reviewing: Facet, ann: User, rob: User, make_photo: Any) -> None:
    make_photo(ann)
    (face,) = reviewing.review.list()
    statements.review_face(face=Face.objects.get(), reviewer=rob, verdict=Verdict.UNUSABLE)
    with pytest.raises(Conflict) as raised:
        reviewing.review.judge(face, "accepted")
    assert raised.value.code == "reviewed_meanwhile"
    again = reviewing.review.judge(reviewing.review.get(face.id), "accepted")
    assert again.review is not None
    assert again.review.verdict == "accepted"
    assert Review.objects.get().verdict == Verdict.ACCEPTED


def test_what_cannot_be_done_says_why(reviewing: Facet, facet: Facet, ann: User, make_photo: Any) -> None:
    make_photo(ann)
    (face,) = reviewing.review.list()
    with pytest.raises(Invalid, match="Say what is right"):
        reviewing.review.judge(face, "corrected")
    with pytest.raises(ScopeMissing):
        facet.review.get(face.id)
    ApiToken.objects.filter(user=ann).update(scopes=["review"])
    with pytest.raises(PermissionRefused) as refused:
        facet.review.get(face.id)
    assert refused.value.code == "not_a_reviewer"
    Photo.objects.update(image="", thumbnail="")
    with pytest.raises(FacetError) as gone:
        reviewing.review.image(face.id)
    assert (gone.value.status, gone.value.code) == (410, "not_kept")
