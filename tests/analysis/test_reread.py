"""Read a photo again with newer models."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis.models import Analysis, Face, Photo, Status, Worker
from tests.conftest import face_fields

MakePhoto = Callable[..., Photo]
HTMX = {"HX-Request": "true"}
NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}
OFFER = "Read again with the newer models"


def url(name: str, photo: Photo, *more: object) -> str:
    return reverse(f"analysis:{name}", args=[photo.uuid, *more])


def page_of(client: Client, photo: Photo) -> str:
    return " ".join(client.get(url("photo", photo)).content.decode().split())


@pytest.fixture
def again() -> Callable[..., Analysis]:
    """A second reading of a photo, with one row for each entry of `faces` (changes to a face)."""

    def make(photo: Photo, *faces: dict[str, Any], status: Status = Status.DONE, **fields: Any) -> Analysis:
        finished = timezone.now() if status == Status.DONE else None
        fields = NOW | {"finished_at": finished, "earlier": photo.latest} | fields
        analysis = Analysis.objects.create(photo=photo, owner=photo.owner, status=status, **fields)
        for index, changes in enumerate(faces):
            Face.objects.create(analysis=analysis, index=index, **face_fields(**changes))
        return analysis

    return make


@pytest.mark.usefixtures("worker")
def test_it_is_offered_when_newer_models_are_there(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert OFFER in page_of(ann_client, make_photo(ann, **OLD))
    assert OFFER not in page_of(ann_client, make_photo(ann, **NOW))
    assert OFFER not in page_of(ann_client, make_photo(ann, status=Status.QUEUED))
    Worker.objects.all().delete()
    assert OFFER not in page_of(ann_client, make_photo(ann, **OLD))


@pytest.mark.usefixtures("worker")
def test_while_it_goes_on_the_old_result_stays_and_the_page_asks_again(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, **OLD)
    response = ann_client.post(url("reread", photo), follow=True)
    assert response.redirect_chain == [(url("photo", photo), 302)]
    page = response.content.decode()
    assert "This photo is read again" in page
    assert "Next in the queue" in page
    assert "about <strong>34</strong>" in page
    assert "hx-trigger" in page
    assert OFFER not in page
    assert f'action="{url("cancel", photo)}"' in page
    assert Analysis.objects.filter(status=Status.QUEUED, earlier__isnull=False).count() == 1


@pytest.mark.parametrize("status", [Status.DONE, Status.QUEUED, Status.FAILED])
@pytest.mark.usefixtures("worker")
def test_there_is_nothing_to_read_again_otherwise(
    ann_client: Client, ann: User, make_photo: MakePhoto, status: Status
) -> None:
    photo = make_photo(ann, status=status, **NOW)
    assert "There is nothing to read again" in ann_client.post(url("reread", photo), follow=True).content.decode()
    assert Analysis.objects.count() == 1


def test_its_poll_brings_the_new_result_and_what_changed(
    ann_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    photo = make_photo(ann, **OLD)
    running = again(photo, {"age_years": 39.0, "age_low": 33.0, "age_high": 46.0}, status=Status.RUNNING)
    poll = ann_client.get(url("photo", photo), headers=HTMX)
    assert "HX-Retarget" not in poll.headers
    assert "Being read" in poll.content.decode()
    Analysis.objects.filter(pk=running.pk).update(status=Status.DONE, finished_at=timezone.now())
    answer = ann_client.get(url("photo", photo), headers=HTMX | {"If-None-Match": poll.headers["ETag"]})
    page = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#photo-live"
    assert "about <strong>39</strong>" in page
    assert "What changed" in page


def test_what_changed_is_marked_in_words(
    ann_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    photo = make_photo(ann, **OLD)
    again(photo, {"age_years": 39.4, "age_low": 33.0, "age_high": 46.0, "gender": ""})
    page = page_of(ann_client, photo)
    age = '<th scope="row">Age</th><td>about 34 <span class="change-range">27 to 41</span></td><td>about 39 '
    assert (
        f'<tr class="changed">{age}<span class="change-range">33 to 46</span> <span class="tag">changed</span>' in page
    )
    assert '<td>female</td><td>not sure <span class="tag">changed</span></td>' in page
    assert '<tr><th scope="row">Expression</th><td>happiness</td><td>happiness</td></tr>' in page
    assert "facetrio-0" in page
    assert "facetrio-1" in page


def test_faces_that_come_or_go_are_named_and_those_that_stay_are_counted(
    ann_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    stays, goes, comes = {"x": 0.0, "width": 20.0}, {"x": 30.0, "width": 20.0}, {"x": 70.0, "width": 20.0}
    photo = make_photo(ann, faces=[goes, stays], **OLD)
    again(photo, stays, comes)
    page = page_of(ann_client, photo)
    assert "<caption>A face that is not found any more</caption>" in page
    assert "<caption>Face 2, found only now</caption>" in page
    assert page.count("<caption>") == 2
    assert "1 other face is the same as before." in page


def test_nothing_changed_is_said_and_a_first_reading_compares_nothing(
    ann_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    photo = make_photo(ann, **OLD)
    assert "What changed" not in page_of(ann_client, photo)
    again(photo, {"emotion_confidence": 0.5})  # nothing that people see differs in kind
    assert "Nothing. The newer models say the same of every face." in page_of(ann_client, photo)


@pytest.mark.parametrize(
    ("status", "words", "button"),
    [
        (Status.FAILED, "Reading it again did not work", "Try again"),
        (Status.CANCELLED, "Reading it again was stopped", "Read it again after all"),
    ],
)
def test_without_a_new_result_the_old_one_stays_and_the_next_step_is_said(
    ann_client: Client,
    ann: User,
    make_photo: MakePhoto,
    again: Callable[..., Analysis],
    status: Status,
    words: str,
    button: str,
) -> None:
    photo = make_photo(ann, **OLD)
    again(photo, status=status, failure_sentence="Something broke.")
    page = page_of(ann_client, photo)
    assert words in page
    assert button in page
    assert f'action="{url("retry", photo)}"' in page
    assert "about <strong>34</strong>" in page
    assert 'hx-trigger="every' not in page
    assert ("Something broke." in page) == (status == Status.FAILED)


def test_earlier_readings_can_be_looked_at(
    ann_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    photo = make_photo(ann, **OLD)
    first = photo.analyses.get()
    newest = again(photo, {"age_years": 39.0})
    again(photo, status=Status.FAILED)
    address = url("reading", photo, first.uuid)
    assert f'href="{address}"' in page_of(ann_client, photo)
    page = ann_client.get(address).content.decode()
    assert "about <strong>34</strong>" in page
    assert "facetrio-0" in page
    assert "This is wrong" not in page
    shown = ann_client.get(url("reading", photo, newest.uuid))
    assert shown.headers["Location"] == url("photo", photo)


def test_readings_that_are_not_there_or_somebody_elses_are_404(
    ann_client: Client, ben_client: Client, ann: User, make_photo: MakePhoto, again: Callable[..., Analysis]
) -> None:
    photo, other = make_photo(ann, **OLD), make_photo(ann)
    first = photo.analyses.get()
    again(photo, {})
    failed = again(photo, status=Status.FAILED)
    assert ann_client.get(url("reading", other, first.uuid)).status_code == 404
    assert ann_client.get(url("reading", photo, failed.uuid)).status_code == 404
    assert ann_client.get(url("reading", photo, uuid4())).status_code == 404
    assert ben_client.get(url("reading", photo, first.uuid)).status_code == 404
    assert ann_client.post(url("reading", photo, first.uuid)).status_code == 405


@pytest.mark.usefixtures("worker")
def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, **OLD)
    assert ben_client.post(url("reread", photo)).status_code == 404
    assert client.post(url("reread", photo)).status_code == 302
    assert Analysis.objects.count() == 1


def test_looking_is_not_asking(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    assert ann_client.get(url("reread", make_photo(ann))).status_code == 405


@pytest.mark.usefixtures("worker")
def test_a_list_does_not_ask_which_models_are_there(
    ann_client: Client,
    ann: User,
    make_photo: MakePhoto,
    again: Callable[..., Analysis],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    photo = make_photo(ann, **OLD)
    again(photo, status=Status.RUNNING)
    page = ann_client.get(reverse("analysis:history"))
    assert "About 34" in page.content.decode()
    assert page.context["live"].poll is None  # its result is there; the photo's own page tells of the rest
    ann_client.get(url("photo", photo))
    with django_assert_num_queries(5):  # the person, photo, analyses, faces, corrections; nothing waits in the line
        ann_client.get(url("photo", photo))
    Analysis.objects.filter(status=Status.RUNNING).delete()
    with django_assert_num_queries(7):  # and the models, and what the owner agrees to
        ann_client.get(url("photo", photo))
