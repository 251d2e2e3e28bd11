"""The review queue in the API."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import AccessEntry, ApiToken, User
from accounts.scopes import Scope
from analysis import statements
from analysis.models import Face, Photo, Review, Verdict

QUEUE = "/api/v1/review/faces/"
Api = Callable[..., APIClient]


def at(face: Face, what: str = "") -> str:
    return f"{QUEUE}{face.uuid}/{what}"


@pytest.fixture
def face(ann: User, make_photo: Any) -> Face:
    return Face.objects.get(analysis__photo=make_photo(ann))


@pytest.fixture
def program(ada: User) -> Client:
    """A program with a token of ada's for reviews and nothing else."""
    _, token = ApiToken.objects.create(user=ada, name="script", scopes=[Scope.REVIEW])
    return Client(headers={"authorization": f"Token {token}"})


def test_a_reviewer_gets_faces_newest_first_without_whose_they_are(
    program: Client, ann: User, ben: User, make_photo: Any
) -> None:
    for person in (ann, ben):
        make_photo(person, model_version="facetrio-1")
    answer = program.get(QUEUE)
    told = answer.json()["results"]
    assert [one["id"] for one in told] == [str(face.uuid) for face in Face.objects.order_by("-pk")]
    assert told[0]["model_version"] == "facetrio-1"
    assert told[0]["review"] is None
    assert set(told[0]["photo"]) == {"id", "width", "height", "image_url"}
    for word in ("@example.org", "holiday.jpg", str(ann.uuid)):
        assert word not in answer.content.decode()
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"reviewed": "open"}, [2, 1]), ({"reviewed": "contested"}, [1]), ({"reviewed": "accepted"}, [0]),
        ({"confidence": "not_sure"}, [0]), ({"confidence": "low"}, [0]), ({"reason": "blurred"}, [2]),
        ({"reason": "any"}, [2]), ({"reason": "none"}, [1, 0]), ({"emotion": "happiness", "reviewed": "open"}, [2, 1]),
        ({"gender": "male"}, []), ({"model": "m-1"}, [2, 1, 0]), ({"model": "m-2"}, []),
    ],
)  # fmt: skip
def test_the_queue_has_the_filters_of_the_admin(
    program: Client, ada: User, ann: User, make_photo: Any, query: dict[str, str], found: list[int]
) -> None:
    kinds: list[dict[str, Any]] = [
        {"emotion": "", "emotion_confidence": 0.4},
        {},
        {"quality": {"reasons": ["blurred"]}},
    ]
    make_photo(ann, faces=kinds, model_version="m-1")
    faces = list(Face.objects.order_by("index"))
    statements.correct_face(face=faces[1], author=ann, age_years=12)
    statements.review_face(face=faces[0], reviewer=ada, verdict=Verdict.ACCEPTED)
    told = program.get(QUEUE, query).json()["results"]
    assert [one["id"] for one in told] == [str(faces[index].uuid) for index in found]


@pytest.mark.parametrize("query", [{"reviewed": "maybe"}, {"reason": "ugly"}, {"colour": "red"}, {"fields": "owner"}])
def test_what_is_no_filter_is_refused(program: Client, query: dict[str, str]) -> None:
    assert program.get(QUEUE, query).status_code == 400


def test_pages_follow_each_other_and_hold_what_was_asked_for(program: Client, ann: User, make_photo: Any) -> None:
    make_photo(ann, faces=[{}] * 5)
    address, found = f"{QUEUE}?page_size=2&fields=id,age.years", []
    while address:
        page = program.get(address).json()
        found += page["results"]
        address = page["next"]
    assert [one["id"] for one in found] == [str(face.uuid) for face in Face.objects.order_by("-pk")]
    assert set(found[0]) == {"id", "age"}


def test_a_page_costs_the_same_however_many_faces_it_has(
    program: Client, ada: User, ann: User, make_photo: Any
) -> None:
    def cost() -> int:
        AccessEntry.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert program.get(QUEUE, {"page_size": 100}).status_code == 200
        return len(captured)

    make_photo(ann)
    statements.correct_face(face=Face.objects.get(), author=ann, age_years=12)
    statements.review_face(face=Face.objects.get(), reviewer=ada, verdict=Verdict.ACCEPTED)
    program.get(QUEUE)
    few = cost()
    for _ in range(3):
        make_photo(ann, faces=[{}] * 9)
    assert cost() == few
    assert [len(entry.photos) for entry in AccessEntry.objects.filter(kind="listed")] == [4]


def test_what_the_owner_says_and_what_was_decided_is_told_of_one_face(
    program: Client, rob: User, ann: User, face: Face
) -> None:
    statements.correct_face(face=face, author=ann, age_years=12, note="me")
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.CORRECTED, age_years=11)
    told = program.get(at(face)).json()
    assert told["correction"]["age_years"] == 12
    assert (told["review"]["verdict"], told["review"]["age_years"], told["review"]["is_mine"]) == (
        "corrected",
        11,
        False,
    )
    assert "rob@" not in str(told)
    assert set(AccessEntry.objects.values_list("kind", "place")) == {("result", "api"), ("correction", "api")}


def test_the_face_is_cut_out_with_the_same_token_and_kept_by_nobody(program: Client, ann: User, face: Face) -> None:
    answer = program.get(program.get(at(face)).json()["image_url"])
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (68, 68)  # 40 pixels and what is around
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AccessEntry.objects.filter(person=ann, kind="face", place="api", thing=face.uuid).count() == 1


def test_a_face_that_was_cut_out_before_is_sent_as_it_is(program: Client, face: Face) -> None:
    from django.core.files.base import ContentFile

    face.crop.save("face.jpg", ContentFile(b"a face"))
    Photo.objects.update(image="", thumbnail="")
    answer = program.get(at(face, "image/"))
    assert b"".join(answer.streaming_content) == b"a face"  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "private, no-store"


def test_without_any_picture_it_says_so(program: Client, face: Face) -> None:
    Photo.objects.update(image="", thumbnail="")
    assert program.get(at(face)).json()["image_url"] is None
    answer = program.get(at(face, "image/"))
    assert (answer.status_code, answer.json()["code"]) == (410, "not_kept")
    assert not AccessEntry.objects.filter(kind="face").exists()


def test_a_picture_whose_file_is_gone_is_not_there(program: Client, face: Face) -> None:
    face.analysis.photo.image.delete(save=False)
    assert program.get(at(face, "image/")).status_code == 404


def test_a_verdict_bears_the_name_of_who_decided_and_keeps_its_history(program: Client, ada: User, face: Face) -> None:
    first = program.post(at(face, "verdict/"), {"verdict": "accepted", "reviewed_at": None}, "application/json").json()
    seen = first["review"]["reviewed_at"]
    said = {"verdict": "corrected", "age_years": 31, "gender": "male", "note": "beard", "reviewed_at": seen}
    second = program.post(at(face, "verdict/"), said, "application/json")
    assert second.status_code == 200
    assert second.json()["review"]["is_mine"]
    review = Review.objects.get()
    assert (review.verdict, review.age_years, review.gender, review.reviewer) == ("corrected", 31, "male", ada)
    assert [one.history_user for one in review.history.all()] == [ada, ada]
    assert AccessEntry.objects.filter(kind="review", thing=face.uuid).count() == 1


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_a_verdict_does_not_say_is_null(program: Client, face: Face, nothing: str | None) -> None:
    left_out = dict.fromkeys(("gender", "emotion", "note"), nothing)
    said = {"verdict": "accepted", "reviewed_at": None, **left_out}
    told = program.post(at(face, "verdict/"), said, "application/json").json()["review"]
    assert [told[name] for name in ("age_years", "gender", "emotion", "note")] == [None] * 4
    assert (
        program.post(at(face, "verdict/"), {"verdict": "accepted", "reviewed_at": None}, "application/json").json()[
            "review"
        ]
        == told
    )  # the same once more
    assert Review.objects.get().note == ""


def test_who_comes_second_is_told_and_changes_nothing(
    api: Api, program: Client, ada: User, rob: User, face: Face
) -> None:
    verdict = {"verdict": "accepted", "reviewed_at": None}
    assert api(rob).post(at(face, "verdict/"), {**verdict, "verdict": "unusable"}, "json").status_code == 200
    answer = program.post(at(face, "verdict/"), verdict, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "reviewed_meanwhile")
    assert (Review.objects.get().verdict, Review.objects.get().reviewer) == ("unusable", rob)
    now = program.get(at(face), {"fields": "review"}).json()["review"]["reviewed_at"]
    assert program.post(at(face, "verdict/"), {**verdict, "reviewed_at": now}, "application/json").status_code == 200
    assert Review.objects.get().reviewer == ada


def test_a_change_in_the_admin_counts_as_meanwhile(
    rob: User, rob_client: Client, ada: User, program: Client, face: Face
) -> None:
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    seen = program.get(at(face)).json()["review"]["reviewed_at"]
    form = {"verdict": "unusable", "age_years": "", "gender": "", "emotion": "", "note": ""}
    form["seen"] = face.review.reviewed_at.isoformat()
    assert rob_client.post(f"/admin/analysis/review/{face.review.pk}/change/", form).status_code == 302
    assert Review.objects.get().reviewer == rob
    said = {"verdict": "accepted", "reviewed_at": seen, "note": "still"}
    assert program.post(at(face, "verdict/"), said, "application/json").status_code == 409


def test_the_same_decision_once_more_changes_nothing(program: Client, face: Face) -> None:
    said = {"verdict": "accepted", "reviewed_at": None}
    answers = [program.post(at(face, "verdict/"), said, "application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["review"] == answers[1].json()["review"]
    assert Review.objects.get().history.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"verdict": "perhaps", "reviewed_at": None}, "verdict"), ({"verdict": "accepted"}, "reviewed_at"),
        ({"verdict": "corrected", "reviewed_at": None}, "verdict"),
        ({"verdict": "corrected", "age_years": 121, "reviewed_at": None}, "age_years"),
        ({"verdict": "corrected", "emotion": "bored", "reviewed_at": None}, "emotion"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_field(program: Client, face: Face, said: dict[str, Any], field: str) -> None:
    answer = program.post(at(face, "verdict/"), said, "application/json")
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert not Review.objects.exists()


def test_one_s_own_faces_may_be_judged_as_in_the_admin(program: Client, ada: User, make_photo: Any) -> None:
    make_photo(ada)
    face = Face.objects.get()
    said = {"verdict": "accepted", "reviewed_at": None}
    assert program.post(at(face, "verdict/"), said, "application/json").status_code == 200
    assert not AccessEntry.objects.exists()


def test_who_is_no_reviewer_gets_nothing_of_it(api: Api, ann: User, ben: User, face: Face) -> None:
    for person in (ann, ben):
        for address in (QUEUE, at(face), at(face, "image/")):
            answer = api(person).get(address)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_a_reviewer")
    assert api().get(QUEUE).status_code == 401


def test_who_may_only_look_does_not_decide(api: Api, ben: User, face: Face) -> None:
    ben.user_permissions.add(Permission.objects.get(codename="view_photo"))
    person = User.objects.get(pk=ben.pk)
    assert api(person).get(at(face)).status_code == 200
    said = {"verdict": "accepted", "reviewed_at": None}
    assert api(person).post(at(face, "verdict/"), said, "json").status_code == 403
    assert AccessEntry.objects.filter(kind="review").count() == 0
    assert set(AccessEntry.objects.values_list("role", flat=True)) == {"reviewer"}


def test_the_queue_holds_what_its_query_set_allows(
    program: Client, ada: User, ann: User, ben: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever narrows `viewable_by` narrows the queue, its pictures and its verdicts."""
    hidden, shown = make_photo(ann), make_photo(ben)
    monkeypatch.setattr(
        "analysis.models.face.FaceQuerySet.viewable_by", lambda faces, _: faces.filter(analysis__photo__owner=ben)
    )
    assert [one["photo"]["id"] for one in program.get(QUEUE).json()["results"]] == [str(shown.uuid)]
    face = Face.objects.get(analysis__photo=hidden)
    assert program.get(at(face)).status_code == program.get(at(face, "image/")).status_code == 404
    said = {"verdict": "accepted", "reviewed_at": None}
    assert program.post(at(face, "verdict/"), said, "application/json").status_code == 404
