"""Two reviewers at the same face in the admin: who comes second is told, and loses nothing that was typed."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analysis import statements
from analysis.admin.faces import FaceAdmin
from analysis.models import Face, Review, Verdict

MEANWHILE = "decided about this face meanwhile"
TYPED = {"verdict": "corrected", "age_years": "31", "gender": "male", "emotion": "", "note": "a beard"}


@pytest.fixture
def face(ann: User, make_photo: Any) -> Face:
    return Face.objects.get(analysis__photo=make_photo(ann))


def on_the_face(face: Face, page: str, **more: str) -> tuple[str, dict[str, Any]]:
    """Where the form in `page` is sent to, filled in as TYPED."""
    initial = 1 if 'name="review-INITIAL_FORMS" value="1"' in page else 0
    form: dict[str, Any] = {
        "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0,
        "review-TOTAL_FORMS": 1, "review-INITIAL_FORMS": initial, "review-0-face": face.pk,
        "review-0-id": Review.objects.get().pk if initial else "", "review-0-seen": seen_in(page, "review-0-seen"),
    }  # fmt: skip
    form |= {f"review-0-{name}": value for name, value in (TYPED | more).items()}
    return reverse("admin:analysis_face_change", args=[face.pk]), form


def by_itself(face: Face, page: str, **more: str) -> tuple[str, dict[str, Any]]:
    """The same on the page of the review."""
    return reverse("admin:analysis_review_change", args=[face.review.pk]), {
        **(TYPED | more),
        "seen": seen_in(page, "seen"),
    }


def seen_in(page: str, name: str) -> str:
    """As a browser would send it along."""
    field = page.split(f'name="{name}"', 1)[1].split(">", 1)[0]
    return html.unescape(field.split('value="', 1)[1].split('"', 1)[0]) if "value=" in field else ""


def opened(client: Client, name: str, pk: int) -> str:
    return client.get(reverse(name, args=[pk])).content.decode()


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_who_is_second_at_an_open_face_is_told_and_finds_what_was_typed(
    ada: User, ada_client: Client, rob: User, face: Face
) -> None:
    page = opened(ada_client, "admin:analysis_face_change", face.pk)
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.CORRECTED, age_years=12, note="a child")
    answer = ada_client.post(*on_the_face(face, page))
    assert answer.status_code == 200
    told = words(answer)
    assert f"rob@example.org has {MEANWHILE}" in told
    assert "corrected, age 12, “a child”" in told
    assert "already exists" not in told
    assert 'value="31"' in told
    assert "a beard</textarea>" in told
    review = Review.objects.get()
    assert (review.reviewer, review.age_years, review.history.count()) == (rob, 12, 1)
    assert ada_client.post(*on_the_face(face, answer.content.decode())).status_code == 302
    review = Review.objects.get()
    assert (review.reviewer, review.age_years, review.history.count()) == (ada, 31, 2)


def test_so_is_who_is_second_to_change_a_decision_on_the_page_of_the_face(
    ada: User, ada_client: Client, rob: User, face: Face
) -> None:
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    page = opened(ada_client, "admin:analysis_face_change", face.pk)
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.UNUSABLE)
    answer = ada_client.post(*on_the_face(face, page))
    assert f"rob@example.org has {MEANWHILE}" in words(answer)
    assert (Review.objects.get().verdict, Review.objects.get().reviewer) == (Verdict.UNUSABLE, rob)
    assert ada_client.post(*on_the_face(face, answer.content.decode())).status_code == 302
    assert Review.objects.get().reviewer == ada


def test_so_is_who_is_second_on_the_page_of_the_review(ada: User, ada_client: Client, rob: User, face: Face) -> None:
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    page = opened(ada_client, "admin:analysis_review_change", face.review.pk)
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.UNUSABLE)
    answer = ada_client.post(*by_itself(face, page))
    assert f"rob@example.org has {MEANWHILE}" in words(answer)
    assert 'value="a beard"' in words(answer)
    assert Review.objects.get().reviewer == rob
    assert ada_client.post(*by_itself(face, answer.content.decode())).status_code == 302
    assert (Review.objects.get().reviewer, Review.objects.get().note) == (ada, "a beard")


def test_one_who_was_seen_is_replaced_without_a_word(ada: User, ada_client: Client, rob: User, face: Face) -> None:
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.UNUSABLE)
    page = opened(ada_client, "admin:analysis_face_change", face.pk)
    assert ada_client.post(*on_the_face(face, page)).status_code == 302
    page = opened(ada_client, "admin:analysis_review_change", Review.objects.get().pk)
    assert ada_client.post(*by_itself(face, page, note="still")).status_code == 302
    assert (Review.objects.get().reviewer, Review.objects.get().note) == (ada, "still")


def test_a_form_that_is_sent_twice_is_no_quarrel_with_oneself(ada_client: Client, face: Face) -> None:
    sent = on_the_face(face, opened(ada_client, "admin:analysis_face_change", face.pk))
    assert [ada_client.post(*sent).status_code for _ in range(2)] == [302, 302]
    again = ada_client.post(sent[0], sent[1] | {"review-0-note": "in another tab"})
    assert f"You have {MEANWHILE}" in words(again)


def test_a_decision_whose_maker_is_gone_is_somebodys(ada_client: Client, rob: User, face: Face) -> None:
    page = opened(ada_client, "admin:analysis_face_change", face.pk)
    statements.review_face(face=face, reviewer=rob, verdict=Verdict.UNUSABLE)
    Review.objects.update(reviewer=None)
    assert f"Somebody has {MEANWHILE}" in words(ada_client.post(*on_the_face(face, page)))


LIST = reverse("admin:analysis_face_changelist")
LONG_AGO = timedelta(minutes=1)


def decided(face: Face, by: User, *, ago: timedelta = timedelta(), note: str = "") -> None:
    statements.review_face(face=face, reviewer=by, verdict=Verdict.UNUSABLE, note=note)
    Review.objects.filter(face=face).update(reviewed_at=timezone.now() - ago)


def mark_all(client: Client, address: str, listed: str) -> str:
    """What is said when all faces are marked in a list that was loaded as the page `listed`."""
    form = {"action": "mark_accepted", "_selected_action": [face.pk for face in Face.objects.all()]}
    form |= {"select_across": "0", "listed_at": seen_in(listed, "listed_at")}
    return words(client.post(address, form, follow=True))


@pytest.mark.parametrize("query", ["", "?reviewed=open"])
def test_what_others_decided_since_the_list_was_loaded_is_left_when_many_are_marked(
    ada: User, ada_client: Client, rob: User, ann: User, make_photo: Any, query: str
) -> None:
    make_photo(ann, faces=[{}] * 3)
    mine, meanwhile, _ = Face.objects.order_by("pk")
    listed = ada_client.get(LIST + query).content.decode()
    decided(meanwhile, rob, note="a statue")
    if not query:
        decided(mine, ada)

    page = mark_all(ada_client, LIST + query, listed)

    assert "2 marked as accepted." in page
    assert "1 left as it was: somebody else has decided about it" in page
    assert Review.objects.exclude(face=meanwhile).filter(verdict=Verdict.ACCEPTED, reviewer=ada).count() == 2
    kept = Review.objects.get(face=meanwhile)
    assert (kept.verdict, kept.reviewer, kept.note) == (Verdict.UNUSABLE, rob, "a statue")


def test_where_all_were_decided_meanwhile_that_is_said(ada_client: Client, rob: User, face: Face) -> None:
    listed = ada_client.get(f"{LIST}?reviewed=open").content.decode()
    decided(face, rob)
    page = mark_all(ada_client, f"{LIST}?reviewed=open", listed)
    assert "marked as accepted." not in page
    assert "1 left as it was" in page


def test_what_was_decided_before_the_list_was_loaded_is_replaced(
    ada: User, ada_client: Client, rob: User, face: Face
) -> None:
    decided(face, rob, ago=LONG_AGO)
    listed = ada_client.get(LIST).content.decode()
    assert "1 marked as accepted." in mark_all(ada_client, LIST, listed)
    assert Review.objects.get().reviewer == ada


def test_a_list_bears_the_time_from_before_it_was_read(
    ada_client: Client, rob: User, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are read while it is made, and what is decided after that it does not show."""
    real = FaceAdmin.note

    def note(*arguments: Any) -> Any:
        decided(face, rob)
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("analysis.judging.UNSEEN", timedelta())
        patch.setattr(FaceAdmin, "note", note)
        listed = ada_client.get(LIST).content.decode()
        patch.setattr(FaceAdmin, "note", real)
        page = mark_all(ada_client, LIST, listed)
    assert "1 left as it was" in page
    assert Review.objects.get().reviewer == rob


@pytest.mark.parametrize(
    "said",
    [
        *("", "yesterday", "2026-13-45T00:00:00+00:00", "2026-01-01T00:00:00"),
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_form_that_does_not_say_when_it_was_made_replaces_nobodys_decision(
    ada_client: Client, rob: User, face: Face, said: str
) -> None:
    decided(face, rob, ago=LONG_AGO)
    form = {"action": "mark_accepted", "_selected_action": [face.pk], "listed_at": said}
    page = words(ada_client.post(LIST, form, follow=True))
    assert "marked as accepted." not in page
    assert "1 left as it was" in page
    assert Review.objects.get().reviewer == rob
