"""Review in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis import services
from analysis.models import Analysis, Face, Review, Status, Verdict

FACES = reverse("admin:analysis_face_changelist")


@pytest.fixture
def face(ann: User, make_photo: Any) -> Face:
    return Face.objects.get(analysis__photo=make_photo(ann))


def test_a_reviewer_sees_faces_with_their_values(ada_client: Client, face: Face) -> None:
    page = ada_client.get(FACES).content.decode()
    assert "34 (27 to 41)" in page
    assert "female (97%)" in page
    assert "happiness (82%)" in page
    assert f"/photos/{face.analysis.photo.uuid}/" in page


def test_owners_and_strangers_do_not_get_in(ann_client: Client, client: Client, face: Face) -> None:
    assert ann_client.get(FACES).status_code == 302
    assert client.get(FACES).status_code == 302


@pytest.mark.parametrize(
    ("query", "count"),
    [("confidence=low", 1), ("confidence=not_sure", 1), ("reviewed=open", 2), ("reviewed=contested", 1), ("", 3)],
)
def test_filters_lead_to_where_a_second_look_is_worth_most(
    ada: User, ada_client: Client, ann: User, make_photo: Any, query: str, count: int
) -> None:
    make_photo(ann, faces=[{"emotion": "", "emotion_confidence": 0.4}, {}, {}])
    first, second, _ = Face.objects.order_by("index")
    services.correct_face(face=second, author=ann, age_years=12)
    services.review_face(face=first, reviewer=ada, verdict=Verdict.ACCEPTED)
    assert ada_client.get(f"{FACES}?{query}").context["cl"].result_count == count


@pytest.mark.parametrize(("reason", "count"), [("cut_off", 2), ("blurred", 1), ("turned", 0), ("none", 1), ("bad", 4)])
def test_faces_are_found_by_why_they_are_hard_to_read(
    ada_client: Client, ann: User, make_photo: Any, reason: str, count: int
) -> None:
    kinds = ({"reasons": []}, {"reasons": ["cut_off"]}, {"reasons": ["blurred", "cut_off"]}, {"size": 9.0})
    make_photo(ann, faces=[{"quality": quality} for quality in kinds])
    response = ada_client.get(f"{FACES}?reason={reason}")
    assert response.context["cl"].result_count == count
    if reason == "cut_off":
        assert "blurred, cut off" in response.content.decode()


def test_many_faces_are_marked_at_once_by_name(ada: User, ada_client: Client, face: Face) -> None:
    ada_client.post(FACES, {"action": "mark_unusable", "_selected_action": [face.pk]})
    review = Review.objects.get()
    assert (review.face, review.verdict, review.reviewer) == (face, Verdict.UNUSABLE, ada)


def test_a_correction_is_entered_on_the_page_of_the_face(ada: User, ada_client: Client, face: Face) -> None:
    address = reverse("admin:analysis_face_change", args=[face.pk])
    assert ada_client.get(address).status_code == 200
    form = {
        "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0,
        "review-TOTAL_FORMS": 1, "review-INITIAL_FORMS": 0, "review-0-face": face.pk,
        "review-0-verdict": "corrected", "review-0-age_years": 31, "review-0-gender": "male", "review-0-emotion": "",
    }  # fmt: skip
    assert ada_client.post(address, form).status_code == 302
    review = Review.objects.get()
    assert (review.verdict, review.age_years, review.gender, review.reviewer) == ("corrected", 31, "male", ada)


def test_results_themselves_cannot_be_changed_by_hand(rob_client: Client, face: Face) -> None:
    address = reverse("admin:analysis_analysis_change", args=[face.analysis_id])
    assert rob_client.post(address, {"status": "queued"}).status_code == 403
    assert rob_client.get(reverse("admin:analysis_face_add")).status_code == 403


def test_failed_analyses_are_tried_again(rob_client: Client, ann: User, make_photo: Any) -> None:
    failed = make_photo(ann, status=Status.FAILED).analyses.get()
    address = reverse("admin:analysis_analysis_changelist")
    rob_client.post(address, {"action": "retry", "_selected_action": [failed.pk]})
    assert Analysis.objects.get().status == Status.QUEUED


def test_a_correction_must_say_what_is_right(ada_client: Client, face: Face) -> None:
    form = {
        "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0,
        "review-TOTAL_FORMS": 1, "review-INITIAL_FORMS": 0, "review-0-face": face.pk, "review-0-verdict": "corrected",
    }  # fmt: skip
    answer = ada_client.post(reverse("admin:analysis_face_change", args=[face.pk]), form)
    assert "Say what is right" in answer.content.decode()
    assert not Review.objects.exists()
