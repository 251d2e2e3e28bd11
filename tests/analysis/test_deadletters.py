"""What was given up waits on a page of its own, and one click tries it again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis import services
from analysis.admin import deadletters
from analysis.models import Analysis, Lane, Status, Worker

PAGE = reverse("admin:analysis_deadletter_changelist")
ALL = reverse("admin:analysis_deadletter_all_again")
INDEX = reverse("admin:index")


@pytest.fixture
def letters(ann: User, make_photo: Any) -> list[Analysis]:
    """Two that were given up, the older one first, among other failures."""
    make_photo(ann, status=Status.FAILED)
    make_photo(ann)
    given_up = {"status": Status.FAILED, "failure_code": "gave_up", "attempts": 3, "request_id": "request-17"}
    return [make_photo(ann, **given_up, last_error=kind).analyses.get() for kind in ("OSError", "TimeoutError")]


def one(letter: Analysis) -> str:
    return reverse("admin:analysis_deadletter_again", args=[letter.pk])


def test_it_lists_what_was_given_up_newest_first_and_not_whose_it_is(
    rob_client: Client, letters: list[Analysis]
) -> None:
    answer = rob_client.get(PAGE)
    assert [letter.pk for letter in answer.context["cl"].result_list] == [letters[1].pk, letters[0].pk]
    page = answer.content.decode()
    for shown in (
        "TimeoutError",
        "request-17",
        letters[0].mark,
        f'formaction="{one(letters[0])}"',
        "2 given up",
        "after 3 attempts",
    ):
        assert shown in page, shown
    assert f"/photos/{letters[0].photo.uuid}/" in page
    assert "ann@example.org" not in page
    detail = rob_client.get(reverse("admin:analysis_deadletter_change", args=[letters[0].pk])).content.decode()
    assert "OSError" in detail
    assert "ann@example.org" not in detail
    found = rob_client.get(PAGE, {"last_error": "OSError"}).context["cl"].result_list
    assert [letter.pk for letter in found] == [letters[0].pk]


def test_one_click_tries_one_again(rob_client: Client, letters: list[Analysis]) -> None:
    answer = rob_client.post(one(letters[0]), follow=True)
    assert f"{letters[0].uuid} is queued again" in answer.content.decode()
    letters[0].refresh_from_db()
    assert (letters[0].status, letters[0].lane, letters[0].attempts) == (Status.QUEUED, Lane.INTERACTIVE, 0)
    assert [letter.pk for letter in answer.context["cl"].result_list] == [letters[1].pk]
    assert "is under way already" in rob_client.post(one(letters[0]), follow=True).content.decode()


def test_the_button_works_as_the_page_sends_it(rob: User, letters: list[Analysis]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rob, backend="django.contrib.auth.backends.ModelBackend")
    form = browser.get(PAGE).content.decode().split('id="changelist-form"')[1]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert one(letters[0]) in form.split("</form>")[0]
    assert browser.post(one(letters[0])).status_code == 403
    assert browser.post(one(letters[0]), {"csrfmiddlewaretoken": token}).status_code == 302


def test_another_click_tries_all_again_behind_the_people_who_wait(
    rob_client: Client, letters: list[Analysis], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadletters, "AT_ONCE", 1)
    assert "Try all again, 1 at a time" in rob_client.get(PAGE).content.decode()
    assert "1 queued again, 1 left." in rob_client.post(ALL, follow=True).content.decode()
    assert "1 queued again, 0 left." in rob_client.post(ALL, follow=True).content.decode()
    assert {
        (letter.status, letter.lane)
        for letter in Analysis.objects.filter(attempts=0, last_error="").exclude(
            status__in=(Status.DONE, Status.FAILED)
        )
    } == {(Status.QUEUED, Lane.BATCH)}
    page = rob_client.get(PAGE).content.decode()
    assert "Nothing was given up." in page
    assert ALL not in page


def test_all_of_one_kind_of_error_are_tried_again(rob_client: Client, letters: list[Analysis]) -> None:
    page = rob_client.get(PAGE, {"last_error": "OSError"}).content.decode()
    assert "Try all of these again" in page
    assert '<input type="hidden" name="last_error" value="OSError">' in page
    assert "1 queued again, 0 left." in rob_client.post(ALL, {"last_error": "OSError"}, follow=True).content.decode()
    assert [letter.status for letter in Analysis.objects.filter(pk__in=[one.pk for one in letters]).order_by("pk")] == [
        Status.QUEUED,
        Status.FAILED,
    ]


def test_looking_changes_nothing(rob_client: Client, letters: list[Analysis]) -> None:
    for address in (one(letters[0]), ALL):
        assert rob_client.get(address).status_code == 405
    assert Analysis.objects.filter(status=Status.FAILED).count() == 3


def test_it_is_for_administrators_only(
    ada_client: Client, ann_client: Client, client: Client, letters: list[Analysis]
) -> None:
    for address in (one(letters[0]), ALL):
        assert ada_client.post(address).status_code == 403
        assert ann_client.post(address).status_code == 302
        assert client.post(address).status_code == 302
    assert ada_client.get(PAGE).status_code == 403
    assert PAGE not in ada_client.get(INDEX).content.decode()
    assert Analysis.objects.filter(status=Status.FAILED).count() == 3


def test_a_photo_that_is_under_way_is_left_alone(rob_client: Client, ann: User, make_photo: Any) -> None:
    Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")
    photo = make_photo(ann, engine_version="e-1")
    again = services.reread_photo(photo)
    assert again is not None
    Analysis.objects.filter(pk=again.pk).update(status=Status.FAILED, failure_code="gave_up")
    services.reread_photo(photo)
    assert "is under way already" in rob_client.post(one(again), follow=True).content.decode()
    assert [analysis.status for analysis in photo.analyses.order_by("pk")] == ["done", "failed", "queued"]


def test_the_first_page_says_how_many_wait_for_somebody(rob_client: Client, letters: list[Analysis]) -> None:
    page = rob_client.get(INDEX).content.decode()
    assert f'<a href="{PAGE}">Given up</a> <span class="glance-badge">2</span> photos failed every attempt' in page
    rob_client.post(ALL)
    assert "glance-badge" not in rob_client.get(INDEX).content.decode()


def test_the_page_asks_few_questions_however_many_rows(
    rob_client: Client, ann: User, make_photo: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        make_photo(ann, status=Status.FAILED, failure_code="gave_up")
    with django_assert_max_num_queries(9):
        rob_client.get(PAGE)
