"""The notice in the history, the page that reads photos again in one go, its progress and its stop."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis.models import Analysis, Keep, Lane, Photo, Status
from analysis.renewal import portions
from tests.conftest import agree

NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}
WITHOUT_AGE = {"age_years": None, "age_low": None, "age_high": None, "age_bucket": ""}
HTMX = {"HX-Request": "true"}
HISTORY = "/photos/"
PAGE = "/photos/reread/"
STOP = "/photos/reread/stop/"
CONSENT = "/account/consent/"
BUTTON = f'<form method="post" action="{PAGE}">'

pytestmark = pytest.mark.usefixtures("worker")


def text(client: Client, path: str, **headers: str) -> str:
    return " ".join(client.get(path, headers=headers).content.decode().split())


def test_the_history_offers_what_could_be_read_again(ann_client: Client, ann: User, make_photo: Any) -> None:
    for _ in range(2):
        make_photo(ann, **OLD)
    page = text(ann_client, HISTORY)
    assert "Newer models have come since 2 photos were read." in page
    assert BUTTON in page


@pytest.mark.parametrize(
    ("older", "lacking", "sentence"),
    [
        (1, 0, "Newer models have come since 1 photo was read."),
        (0, 1, "1 photo was read before you agreed to more."),
        (0, 2, "2 photos were read before you agreed to more."),
        (1, 2, "3 photos were read by older models, or before you agreed to more."),
    ],
)
def test_it_says_how_many_and_why(
    ann_client: Client, ann: User, make_photo: Any, older: int, lacking: int, sentence: str
) -> None:
    for _ in range(older):
        make_photo(ann, **OLD)
    for _ in range(lacking):
        make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    assert sentence in text(ann_client, PAGE)


def test_a_history_in_which_nothing_lacks_says_nothing(ann_client: Client, ann: User, make_photo: Any) -> None:
    make_photo(ann, **NOW)
    assert BUTTON not in text(ann_client, HISTORY)


def test_filters_and_later_pages_are_left_alone(
    ann_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.views.history.PER_PAGE", 1)
    for _ in range(2):
        make_photo(ann, **OLD)
    assert BUTTON in text(ann_client, HISTORY)
    assert BUTTON not in text(ann_client, f"{HISTORY}?page=2")
    assert BUTTON not in text(ann_client, f"{HISTORY}?state=read")


def test_one_click_queues_all_and_shows_how_far_it_is(ann_client: Client, ann: User, make_photo: Any) -> None:
    for _ in range(3):
        make_photo(ann, **OLD)
    response = ann_client.post(PAGE, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Your photos are being read again: 0 of 3 done." in page
    assert f'action="{STOP}"' in page
    assert "hx-trigger" in page
    assert Analysis.objects.filter(status=Status.QUEUED, lane=Lane.RERUN).count() == 3
    assert "Your photos are being read again" in text(ann_client, HISTORY)
    ann_client.post(PAGE)
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 3


def test_its_poll_answers_only_what_is_new_and_ends(ann_client: Client, ann: User, make_photo: Any) -> None:
    for _ in range(3):
        make_photo(ann, **OLD)
    ann_client.post(PAGE)
    first = ann_client.get(PAGE, headers=HTMX)
    assert "<html" not in first.content.decode()
    assert "<form" not in first.content.decode()  # whose button would lose the focus
    again = HTMX | {"If-None-Match": first.headers["ETag"]}
    assert ann_client.get(PAGE, headers=again).status_code == 304
    done = Analysis.objects.filter(status=Status.QUEUED)
    Analysis.objects.filter(pk=done[0].pk).update(status=Status.DONE, finished_at=timezone.now(), **NOW)
    second = ann_client.get(PAGE, headers=again)
    assert "1 of 3 done" in second.content.decode()
    done.update(status=Status.DONE, finished_at=timezone.now(), **NOW)
    last = ann_client.get(PAGE, headers=HTMX | {"If-None-Match": second.headers["ETag"]})
    assert "That is done" in last.content.decode()
    assert "hx-trigger" not in last.content.decode()
    assert "That is done" not in text(ann_client, PAGE)
    assert last.headers["HX-Retarget"] == "#reread-all"
    assert "No photo of yours is left to be read again" in text(ann_client, PAGE)


def test_it_can_be_stopped(ann_client: Client, ann: User, make_photo: Any) -> None:
    for _ in range(2):
        make_photo(ann, **OLD)
    ann_client.post(PAGE)
    response = ann_client.post(STOP, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Stopped. 2 photos that waited keep their results." in page
    assert "Newer models have come since 2 photos were read." in page
    assert not Analysis.objects.filter(status=Status.QUEUED).exists()
    assert "Nothing waits to be read again." in ann_client.post(STOP, follow=True).content.decode()


def test_what_was_not_kept_is_left_out_and_said(ann_client: Client, ann: User, make_photo: Any) -> None:
    for _ in range(2):
        make_photo(ann, **OLD)
    Photo.objects.update(image="", thumbnail="", keep=Keep.RESULTS)
    page = text(ann_client, PAGE)
    assert "2 photos are left out, since their pictures were not kept." in page
    assert BUTTON not in page
    assert "There is nothing to read again." in ann_client.post(PAGE, follow=True).content.decode()


def test_of_very_many_it_says_more_than(
    ann_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "PORTION", 2)
    for _ in range(5):
        make_photo(ann, **OLD)
    assert "Newer models have come since more than 2 photos were read." in text(ann_client, HISTORY)
    monkeypatch.setattr("analysis.views.reread_all.WHILE_ASKED_S", 0.0)
    Photo.objects.filter(pk__gt=Photo.objects.order_by("pk")[0].pk).update(image="")
    ann_client.post(PAGE)
    ann_client.post(STOP)
    assert "Your photos are being looked through" in text(ann_client, PAGE)


def test_a_new_yes_offers_the_photos_that_were_read_before(ann_client: Client, ann: User, make_photo: Any) -> None:
    agree(ann, Purpose.GENDER)
    make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    page = ann_client.post(CONSENT, {"gender": "on", "age": "on"}, follow=True).content.decode()
    assert f'Saved. 1 photo was read before you agreed to this. <a href="{PAGE}">Read it again</a>' in page
    make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    ann_client.post(CONSENT, {"gender": "on", "sure": "yes"})
    page = ann_client.post(CONSENT, {"gender": "on", "age": "on"}, follow=True).content.decode()
    assert f'Saved. 2 photos were read before you agreed to this. <a href="{PAGE}">Read them again</a>' in page


def test_what_is_no_new_yes_to_an_attribute_offers_nothing(ann_client: Client, ann: User, make_photo: Any) -> None:
    agree(ann, Purpose.GENDER)
    make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    for answer in ({"gender": "on"}, {"gender": "on", "improvement": "on"}):
        page = ann_client.post(CONSENT, answer, follow=True).content.decode()
        assert "Saved." in page
        assert "read before you agreed" not in page


def test_a_yes_alone_reads_nothing(ann_client: Client, ann: User, make_photo: Any) -> None:
    agree(ann, Purpose.GENDER)
    make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    ann_client.post(CONSENT, {"answer": "all"})
    assert Analysis.objects.count() == 1


def test_strangers_start_and_stop_only_their_own(
    ben_client: Client, ann_client: Client, ann: User, make_photo: Any
) -> None:
    make_photo(ann, **OLD)
    assert "No photo of yours" in text(ben_client, PAGE)
    ben_client.post(PAGE)
    assert not Analysis.objects.filter(status=Status.QUEUED).exists()
    ann_client.post(PAGE)
    ben_client.post(STOP)
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 1


@pytest.mark.parametrize("path", [PAGE, STOP])
def test_visitors_are_sent_to_sign_in(client: Client, ann: User, make_photo: Any, path: str) -> None:
    make_photo(ann, **OLD)
    assert client.post(path).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    assert Analysis.objects.count() == 1


def test_wrong_methods_change_nothing(ann_client: Client, ann: User, make_photo: Any) -> None:
    make_photo(ann, **OLD)
    assert ann_client.get(STOP).status_code == 405
    assert ann_client.put(PAGE).status_code == 405
    ann_client.get(PAGE)
    assert Analysis.objects.count() == 1
