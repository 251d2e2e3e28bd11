"""Review in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis import statements
from analysis.admin import analyses
from analysis.models import Analysis, Face, Lane, Review, Status, Verdict, Worker
from tests.conftest import agree

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
    statements.correct_face(face=second, author=ann, age_years=12)
    statements.review_face(face=first, reviewer=ada, verdict=Verdict.ACCEPTED)
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


JOBS = reverse("admin:analysis_analysis_changelist")


def chosen(action: str, *analyses: Analysis) -> dict[str, Any]:
    return {"action": action, "_selected_action": [analysis.pk for analysis in analyses]}


def test_what_was_stopped_is_tried_again_and_what_is_done_stays(rob_client: Client, ann: User, make_photo: Any) -> None:
    stopped = make_photo(ann, status=Status.CANCELLED).analyses.get()
    done = make_photo(ann).analyses.get()
    assert "1 queued again." in rob_client.post(JOBS, chosen("retry", stopped, done), follow=True).content.decode()
    stopped.refresh_from_db()
    done.refresh_from_db()
    assert (stopped.status, done.status) == (Status.QUEUED, Status.DONE)
    assert "None of these" in rob_client.post(JOBS, chosen("retry", done), follow=True).content.decode()


def test_what_waits_or_is_being_read_is_stopped(rob_client: Client, ann: User, make_photo: Any) -> None:
    jobs = [make_photo(ann, status=status).analyses.get() for status in (Status.QUEUED, Status.RUNNING, Status.DONE)]
    assert "2 stopped." in rob_client.post(JOBS, chosen("stop", *jobs), follow=True).content.decode()
    assert list(Analysis.objects.order_by("pk").values_list("status", flat=True)) == ["cancelled", "cancelled", "done"]


def test_what_older_models_read_is_read_again_behind_everybody(rob_client: Client, ann: User, make_photo: Any) -> None:
    Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")
    jobs = [make_photo(ann, engine_version=version, model_version="m-2").analyses.get() for version in ("e-1", "e-2")]
    assert "1 to be read again." in rob_client.post(JOBS, chosen("reread", *jobs), follow=True).content.decode()
    again = Analysis.objects.get(status=Status.QUEUED)
    assert (again.earlier, again.lane) == (jobs[0], Lane.RERUN)


def test_more_than_fits_into_one_answer_is_done_in_parts(
    rob_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyses, "AT_ONCE", 2)
    jobs = [make_photo(ann, status=Status.QUEUED).analyses.get() for _ in range(3)]
    page = rob_client.post(JOBS, chosen("stop", *jobs), follow=True).content.decode()
    assert "2 stopped. These were the first 2: choose the others again." in page
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 1


@pytest.mark.parametrize("action", ["retry", "stop", "reread"])
def test_jobs_are_the_administrators_and_not_the_reviewers(
    ada_client: Client, ann: User, make_photo: Any, action: str
) -> None:
    Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")
    jobs = [make_photo(ann, status=status).analyses.get() for status in (Status.FAILED, Status.QUEUED, Status.DONE)]
    before = list(Analysis.objects.values_list("pk", "status"))
    ada_client.post(JOBS, chosen(action, *jobs))
    assert list(Analysis.objects.values_list("pk", "status")) == before
    assert f'value="{action}"' not in ada_client.get(JOBS).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("failure_code=damaged", [2]), ("failure_code=gave_up", []), ("read_by=current", [1, 2]), ("read_by=other", [0]),
     ("", [0, 1, 2, 3])],
)  # fmt: skip
def test_jobs_are_found_by_why_they_failed_and_by_who_read_them(
    rob_client: Client, ann: User, make_photo: Any, query: str, found: list[int]
) -> None:
    Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")
    now = {"engine_version": "e-2", "model_version": "m-2"}
    jobs = [
        make_photo(ann, faces=[{}, {}], engine_version="e-1", model_version="m-2"),
        make_photo(ann, **now),
        make_photo(ann, status=Status.FAILED, failure_code="damaged", **now),
        make_photo(ann, status=Status.QUEUED),
    ]
    listed = rob_client.get(f"{JOBS}?{query}").context["cl"].result_list
    assert sorted(job.photo_id for job in listed) == sorted(jobs[at].pk for at in found)
    if not query:
        assert [job.faces_found for job in listed] == [0, 0, 1, 2]


def test_jobs_are_found_by_lane_and_do_not_say_whose_they_are(ada_client: Client, ann: User, make_photo: Any) -> None:
    job = make_photo(ann, status=Status.QUEUED, lane=Lane.BATCH, last_error="OSError").analyses.get()
    make_photo(ann)
    answer = ada_client.get(JOBS, {"lane__exact": int(Lane.BATCH)})
    assert [found.pk for found in answer.context["cl"].result_list] == [job.pk]
    for page in (answer, ada_client.get(reverse("admin:analysis_analysis_change", args=[job.pk]))):
        assert "OSError" in page.content.decode()
        assert "ann@example.org" not in page.content.decode()


def test_a_correction_must_say_what_is_right(ada_client: Client, face: Face) -> None:
    form = {
        "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0,
        "review-TOTAL_FORMS": 1, "review-INITIAL_FORMS": 0, "review-0-face": face.pk, "review-0-verdict": "corrected",
    }  # fmt: skip
    answer = ada_client.post(reverse("admin:analysis_face_change", args=[face.pk]), form)
    assert "Say what is right" in answer.content.decode()
    assert not Review.objects.exists()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows to a page, one page counted and one more than is asked for."""
    monkeypatch.setattr("analysis.admin.faces.FaceAdmin.list_per_page", 2)
    monkeypatch.setattr("analysis.admin.base.KNOWN", 1)
    monkeypatch.setattr("analysis.paging.AHEAD", 1)


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "More than 4 faces"), ("p=2", "More than 6 faces"), ("p=3", "7 faces"), ("p=4", "7 faces")],
)
def test_a_list_is_not_counted_whole(
    short: None, ada_client: Client, ann: User, make_photo: Any, query: str, words: str
) -> None:
    make_photo(ann, faces=[{}] * 7)
    page = ada_client.get(f"{FACES}?{query}").content.decode()
    assert words in page
    assert ("across all pages" in page) is not words.startswith("More")  # nobody knows how many that would be


def test_one_click_marks_no_more_than_an_answer_has_time_for(
    monkeypatch: pytest.MonkeyPatch, ada_client: Client, ann: User, make_photo: Any
) -> None:
    monkeypatch.setattr("analysis.admin.faces.AT_ONCE", 2)
    make_photo(ann, faces=[{}] * 3)
    form = {"action": "mark_accepted", "_selected_action": [Face.objects.all()[0].pk], "select_across": 1}
    page = ada_client.post(FACES, form, follow=True).content.decode()
    assert "2 marked as accepted. These were the first 2" in page
    assert Review.objects.count() == 2


def test_faces_are_found_by_the_model_that_read_them(ada_client: Client, ann: User, make_photo: Any) -> None:
    for version in ("b-2", "a-1", "b-2"):
        make_photo(ann, model_version=version)
    make_photo(ann, status=Status.QUEUED)
    response = ada_client.get(f"{FACES}?model=b-2")
    assert response.context["cl"].result_count == 2
    (chosen,) = [spec for spec in response.context["cl"].filter_specs if spec.title == "model"]
    assert [value for value, _ in chosen.lookup_choices] == ["a-1", "b-2"]


def test_reviews_are_found_by_who_decided(ada: User, rob: User, ada_client: Client, face: Face) -> None:
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    address = reverse("admin:analysis_review_changelist")
    for person, count in ((ada, 1), (rob, 0)):
        assert ada_client.get(f"{address}?reviewer={person.pk}").context["cl"].result_count == count


def test_how_a_decision_changed_is_told_in_words(ada: User, rob: User, ada_client: Client, face: Face) -> None:
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.ACCEPTED)
    review = statements.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, age_years=41)
    page = ada_client.get(reverse("admin:analysis_review_history", args=[review.pk])).content.decode()
    assert "Age: nothing → 41" in page
    assert "Verdict: accepted → corrected" in page
    assert "rob@example.org" in page
    assert "style=" not in page, "the content security policy refuses it"


def test_the_page_of_an_analysis_leads_to_the_picture_where_the_owner_lets_look(
    rob_client: Client, ann: User, ben: User, make_photo: Any
) -> None:
    agree(ben, Purpose.AGE)
    for owner, said in ((ann, "Open the picture"), (ben, "not shown to reviewers")):
        job = make_photo(owner).analyses.get()
        page = rob_client.get(reverse("admin:analysis_analysis_change", args=[job.pk])).content.decode()
        assert said in page
        assert "<img" not in page.split('id="content"')[1], "a picture would be a look of its own"


def test_a_review_keeps_what_was_written_in_its_note(ada_client: Client, face: Face) -> None:
    address = reverse("admin:analysis_face_change", args=[face.pk])
    page = ada_client.get(address).content.decode()
    assert "<textarea" in page
    assert "Your decision" in page
    assert "size 40, sharpness 0.36" in page
