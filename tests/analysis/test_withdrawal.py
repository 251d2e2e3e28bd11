"""What a no removes, and what nobody may say after it."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.consent import services as consent
from accounts.consent.models import Via
from accounts.consent.purposes import Purpose
from accounts.exports.models import DataExport, State
from accounts.models import User
from analysis import announcing, runs, services, statements, tasks, withdrawal
from analysis.engine import Reading
from analysis.models import Correction, Face, Photo, Review, Verdict, Worker
from suggestions.models import CatalogueItem, Feedback, FeedbackKind
from suggestions.services import suggest_for
from tests.analysis.test_runs import found
from tests.analysis.test_tasks import FakeEngine
from tests.conftest import agree, jpeg

pytestmark = pytest.mark.django_db(transaction=True)
MakePhoto = Callable[..., Photo]
Api = Callable[[User | None], APIClient]

COLUMNS = {
    Purpose.AGE: ("age_years", "age_low", "age_high", "age_bucket"),
    Purpose.GENDER: ("gender", "gender_confidence"),
    Purpose.EMOTION: ("emotion", "emotion_confidence", "probabilities"),
}


class Engine(FakeEngine):
    """Finds a face in every photo, however much is asked of it; `meanwhile` happens while it reads."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.asked: list[frozenset[str]] = []
        self._meanwhile = meanwhile

    def read(self, photos: Sequence[bytes], *, attributes: Any = frozenset(), **_: Any) -> list[Reading]:
        self.asked.append(frozenset(attributes))
        self._meanwhile()
        return [Reading(96, 72, (found(),)) for _ in photos]


def sent(owner: User, name: str = "a.jpg") -> Photo:
    file = SimpleUploadedFile(name, jpeg(colour=(len(name), 1, 2)))
    return services.upload_photos(owner=owner, uploads=[file]).accepted[0]


@pytest.mark.parametrize("granted", [(), *((each,) for each in COLUMNS), tuple(COLUMNS)])
def test_a_worker_asks_for_and_keeps_what_is_agreed_to(
    ann: User, monkeypatch: pytest.MonkeyPatch, granted: tuple[Purpose, ...]
) -> None:
    agree(ann, *(granted or (Purpose.SUGGESTIONS,)))
    engine = Engine()
    monkeypatch.setattr(tasks, "reader", lambda: engine)
    sent(ann)
    tasks.read()
    assert engine.asked == [frozenset(granted)]
    face = Face.objects.get()
    assert face.attributes == set(granted)
    for purpose, columns in COLUMNS.items():
        if purpose not in granted:
            assert all(getattr(face, column) in (None, "") for column in columns), purpose


def test_a_no_while_the_photo_is_read_holds_for_its_result(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(lambda: agree(ann, Purpose.AGE))
    monkeypatch.setattr(tasks, "reader", lambda: engine)
    sent(ann)
    tasks.read()
    assert engine.asked == [{"age", "gender", "emotion"}]
    assert Face.objects.get().attributes == {"age"}


@pytest.mark.parametrize("purpose", list(COLUMNS))
def test_a_no_removes_the_estimates_and_what_was_said_about_them(
    ann: User, ada: User, ben: User, make_photo: MakePhoto, purpose: Purpose
) -> None:
    faces = [Face.objects.get(analysis__photo=make_photo(person)) for person in (ann, ben)]
    said: dict[str, Any] = {"age_years": 40, "gender": "male", "emotion": "anger", "note": "a scar"}
    for face in faces:
        statements.correct_face(face=face, author=face.analysis.owner, **said)
        statements.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, **said)
    column = COLUMNS[purpose][0]
    agree(ann, *(each for each in Purpose if each != purpose))
    mine = Face.objects.get(pk=faces[0].pk)
    assert mine.attributes == set(COLUMNS) - {purpose}
    told = [mine.corrections.get(), mine.review, *Review.history.filter(face=mine)]
    assert [getattr(each, column) for each in told] == [None if purpose == Purpose.AGE else ""] * 3
    assert [each.note for each in told] == [""] * 3
    theirs = Face.objects.get(pk=faces[1].pk)
    assert theirs.attributes == set(COLUMNS)
    assert (theirs.corrections.get().note, theirs.review.note) == ("a scar", "a scar")


def test_statements_that_say_nothing_any_more_go(ann: User, ada: User, make_photo: MakePhoto) -> None:
    first, second = (Face.objects.get(analysis__photo=make_photo(ann)) for _ in range(2))
    statements.correct_face(face=first, author=ann, age_years=40)
    statements.correct_face(face=second, author=ann, age_years=40, not_a_face=True)
    statements.review_face(face=first, reviewer=ada, verdict=Verdict.CORRECTED, age_years=40)
    statements.review_face(face=second, reviewer=ada, verdict=Verdict.ACCEPTED, age_years=40)
    agree(ann, *(each for each in Purpose if each != Purpose.AGE))
    assert [said.face for said in Correction.objects.all()] == [second]
    assert [review.face for review in Review.objects.all()] == [second]


def test_a_no_to_reviewers_removes_their_decisions_and_hides_the_faces(
    ann: User, ada: User, ada_client: Client, rob_client: Client, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    statements.review_face(face=Face.objects.get(), reviewer=ada, verdict=Verdict.ACCEPTED)
    image = reverse("analysis:image", args=[photo.uuid])
    assert ada_client.get(image).status_code == 200
    agree(ann, *COLUMNS)
    assert not Review.objects.exists()
    assert not Review.history.exists()
    assert ada_client.get(image).status_code == 404
    assert "face 1" not in ada_client.get("/admin/analysis/face/").content.decode()
    assert "There is nothing here yet." in ada_client.get("/admin/analysis/analysis/").content.decode()
    assert "not shown to reviewers" in rob_client.get("/admin/analysis/analysis/").content.decode()
    assert not Face.objects.viewable_by(ada).exists()
    assert Photo.objects.viewable_by(ann).get() == photo


def test_a_no_to_suggestions_forgets_at_which_photo_something_was_liked(ann: User, make_photo: MakePhoto) -> None:
    analysis = make_photo(ann).analyses.get()
    item = CatalogueItem.objects.create(
        slug="x", kind="music", title="X", emotions={"happiness": 1}, age_from=0, age_to=99
    )
    Feedback.objects.create(person=ann, item=item, kind=FeedbackKind.LIKED, analysis=analysis)
    assert suggest_for(analysis, ann).uses_photo
    agree(ann, *COLUMNS)
    assert Feedback.objects.get().analysis is None
    assert not suggest_for(analysis, ann).uses_photo


def test_without_an_age_suggestions_are_fit_for_every_child(ann: User, make_photo: MakePhoto) -> None:
    analysis = make_photo(ann).analyses.get()
    agree(ann, Purpose.EMOTION, Purpose.SUGGESTIONS)
    shortlist = suggest_for(analysis, ann)
    assert (shortlist.has_age, shortlist.has_expression, shortlist.child_safe) == (False, True, True)


def test_archives_that_hold_the_estimates_go_too(ann: User, make_photo: MakePhoto) -> None:
    DataExport.objects.create(person=ann, state=State.READY)
    agree(ann, *(each for each in Purpose if each != Purpose.SUGGESTIONS))
    assert DataExport.objects.exists()
    agree(ann, Purpose.AGE)
    assert not DataExport.objects.exists()


def test_much_is_removed_in_parts(ann: User, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawal, "AT_ONCE", 2)
    make_photo(ann, faces=[{}] * 5)
    steps = list(withdrawal._clear_attribute(Purpose.AGE)(ann))
    assert steps == [2, 2, 1]
    assert not Face.objects.exclude(age_years=None).exists()


def test_nobody_says_anything_about_what_is_not_agreed_to(
    ann: User, ada: User, ada_client: Client, ann_client: Client, api: Api, make_photo: MakePhoto
) -> None:
    face = Face.objects.get(analysis__photo=make_photo(ann))
    agree(ann, Purpose.AGE, Purpose.IMPROVEMENT)
    with pytest.raises(statements.NotAgreedError):
        statements.correct_face(face=face, author=ann, gender="male")
    with pytest.raises(statements.NotAgreedError):
        statements.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, emotion="anger")
    response = api(ann).post(f"/api/v1/faces/{face.uuid}/corrections/", {"gender": "male"}, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["gender"]
    page = ann_client.get(reverse("analysis:correct", args=[face.uuid])).content.decode()
    assert 'name="age_years"' in page
    assert 'name="gender"' not in page
    judged = {"verdict": "corrected", "gender": "male", "reviewed_at": None}
    response = api(ada).post(f"/api/v1/review/faces/{face.uuid}/verdict/", judged, format="json")
    assert (response.status_code, [error["field"] for error in response.json()["errors"]]) == (400, ["gender"])
    form: dict[str, Any] = {"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0, "review-TOTAL_FORMS": 1}
    form |= {"review-INITIAL_FORMS": 0, "review-0-face": face.pk, "review-0-verdict": "corrected"}
    form |= {"review-0-gender": "male"}
    refused = ada_client.post(f"/admin/analysis/face/{face.pk}/change/", form)
    assert "The owner does not agree to this" in refused.content.decode()
    assert not Review.objects.exists()
    assert not Correction.objects.exists()


def test_the_page_shows_what_is_estimated_and_says_what_is_not(
    ann: User, ann_client: Client, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    agree(ann, Purpose.EMOTION)
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    assert "age, gender" in page
    assert "about <strong>" not in page
    assert "happiness" in page
    agree(ann, Purpose.AGE)
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    assert "happiness" not in page
    assert "All expressions" not in page


def test_the_api_answers_null_for_what_is_not_agreed_to(ann: User, api: Api, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    agree(ann, Purpose.GENDER)
    face = api(ann).get(f"/api/v1/photos/{photo.uuid}/").json()["analysis"]["faces"][0]
    assert (face["age"], face["emotion"]) == (None, None)
    assert face["gender"]["label"] == "female"
    narrow = api(ann).get(f"/api/v1/photos/{photo.uuid}/?fields=analysis.faces.age.years").json()
    assert narrow["analysis"]["faces"] == [{"age": None}]


def test_filters_know_not_sure_from_not_estimated(ann: User, ann_client: Client, make_photo: MakePhoto) -> None:
    make_photo(ann, faces=[{"gender": "", "gender_confidence": 0.6}])
    unsure = reverse("analysis:history") + "?unsure=any"
    assert "1 photo matches" in ann_client.get(unsure).content.decode()
    agree(ann, Purpose.AGE)
    assert "No photo matches" in ann_client.get(unsure).content.decode()


def test_who_agrees_later_can_have_photos_read_again(
    ann: User, ann_client: Client, make_photo: MakePhoto, worker: Worker
) -> None:
    photo = make_photo(ann, engine_version=worker.engine_version, model_version=worker.model_version)
    agree(ann, Purpose.EMOTION)
    address = reverse("analysis:photo", args=[photo.uuid])
    assert "Read it again for that" not in ann_client.get(address).content.decode()
    agree(ann)
    page = ann_client.get(address).content.decode()
    assert "estimates the age and gender" in page
    ann_client.post(reverse("analysis:reread", args=[photo.uuid]))
    assert photo.analyses.count() == 2


def test_an_upload_by_who_agreed_to_nothing_is_read_for_faces_only(
    ann: User, ann_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent.decide(ann, dict.fromkeys(Purpose, False), via=Via.PAGE)
    monkeypatch.setattr(tasks, "reader", Engine)
    photo = sent(ann)
    tasks.read()
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    assert "1 face" in page
    assert "Not estimated" in page


def test_a_no_waits_for_the_result_that_is_being_stored_and_removes_it(ann: User) -> None:
    """And it waits no longer than that: the store has to be committed, not the photo to be read."""
    if connection.vendor == "sqlite":
        pytest.skip("has one writer at a time, so this cannot happen")
    sent(ann)
    claimed, stored, went_on = runs.claim_next(), threading.Event(), threading.Event()
    assert claimed is not None

    def paused(*_: Any) -> None:
        stored.set()
        assert not went_on.wait(2), "the withdrawal did not wait for the store"

    def withdraw() -> None:
        assert stored.wait(10)
        agree(ann, Purpose.AGE)
        went_on.set()
        connections.close_all()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(announcing, "finished", paused)
        later = pool.submit(withdraw)
        assert runs.finish(claimed, Reading(96, 72, (found(),)), engine_version="e", model_version="m")
        later.result(timeout=10)
    assert went_on.is_set()
    assert Face.objects.get().attributes == {"age"}
