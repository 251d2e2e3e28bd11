"""One photo with its faces."""

import json
from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis.models import Analysis, Photo, Status, Verdict, Worker
from analysis.statements import correct_face, review_face

MakePhoto = Callable[..., Photo]
HTMX = {"HX-Request": "true"}


def url(photo: Photo) -> str:
    return reverse("analysis:photo", args=[photo.uuid])


def page_of(client: Client, photo: Photo) -> str:
    response = client.get(url(photo))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_each_face_has_a_box_an_age_with_its_interval_and_all_expressions(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[{}, {"x": 70.0, "age_years": 8.4, "age_low": 5, "age_high": 12}]))
    assert 'aria-label="Face 1: about 34, female, happiness shown"' in page
    assert "about <strong>34</strong>" in page
    assert "likely 27 to 41" in page
    assert "about <strong>8</strong>" in page
    assert 'class="share">82%' in page
    assert page.count('<li class="top">') == 2
    assert page.count('class="bar-name"') == 16
    assert "Nearest of eight age groups: 30 to 40" in page


def test_boxes_are_in_percent_of_the_photo_and_end_at_its_border(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[{"x": -10, "y": 36, "width": 58, "height": 60}]))  # of 96 x 72
    assert 'x="0.000%" y="50.000%" width="50.000%" height="50.000%"' in page


def test_what_is_not_sure_is_said_calmly(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[{"gender": "", "emotion": ""}]))
    assert page.count('<span class="unsure">not sure</span>') == 2
    assert '<li class="top">' not in page


def test_a_face_that_is_hard_to_read_says_why_and_what_to_do(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    quality = {"size": 21.7, "cut": 0.31, "reasons": ["too_small", "cut_off"]}
    page = page_of(ann_client, make_photo(ann, faces=[{"quality": quality, "age_widening": 1.3}]))
    assert "<strong>The face is small in the photo (22 pixels).</strong> Stand closer" in page
    assert "<strong>31% of the face is outside the photo.</strong> Step back" in page
    assert "the age range is wider than usual" in page


def test_nothing_is_said_about_a_good_face_or_one_read_before_reasons_were_found(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[{}, {"quality": {"size": 12.0, "sharpness": 3.0}}]))
    assert "hard to read" not in page
    assert "wider than usual" not in page


def test_a_reason_that_widens_nothing_says_nothing_of_the_age(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[{"quality": {"reasons": ["turned"]}}]))
    assert "The face is turned to the side." in page
    assert "wider than usual" not in page


def test_a_photo_without_a_face_gets_friendly_advice(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    page = page_of(ann_client, make_photo(ann, faces=[]))
    assert "No face found" in page
    assert "Upload another photo" in page


def test_a_failure_says_why_and_offers_to_try_again(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    page = page_of(ann_client, photo)
    assert "The file is damaged." in page
    assert reverse("analysis:retry", args=[photo.uuid]) in page


def test_while_it_waits_the_page_asks_again_and_can_stop_it(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    page = page_of(ann_client, photo)
    assert 'hx-trigger="load delay:100ms, every 0.25s, shown"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'action="{reverse("analysis:cancel", args=[photo.uuid])}"' in page
    assert reverse("analysis:cancel", args=[photo.uuid]) not in page_of(ann_client, make_photo(ann))


def test_what_was_stopped_can_be_read_after_all(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.CANCELLED)
    page = page_of(ann_client, photo)
    assert "Stopped by you" in page
    assert "Read it after all" in page
    assert f'action="{reverse("analysis:retry", args=[photo.uuid])}"' in page
    assert "hx-trigger" not in page


def test_a_poll_gets_the_state_while_it_is_read(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    response = ann_client.get(url(make_photo(ann, status=Status.RUNNING)), headers=HTMX)
    assert "<html" not in response.content.decode()
    assert "Being read" in response.content.decode()
    assert "HX-Retarget" not in response.headers
    assert "HX-Request" in response.headers["Vary"]


def test_a_poll_that_finds_nothing_new_gets_304_and_no_body(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.RUNNING)
    headers = json.loads(ann_client.get(url(photo)).context["poll"].headers) | HTMX
    still = ann_client.get(url(photo), headers=headers)
    assert (still.status_code, still.content) == (304, b"")
    assert still.headers["Cache-Control"] == "no-store"
    assert still.headers["ETag"] == headers["If-None-Match"]
    Analysis.objects.update(status=Status.DONE)
    assert ann_client.get(url(photo), headers=headers).status_code == 200


def test_the_page_itself_is_never_304(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.RUNNING)
    headers = json.loads(ann_client.get(url(photo)).context["poll"].headers)
    assert ann_client.get(url(photo), headers=headers).status_code == 200


def test_an_unchanged_poll_costs_few_queries(
    ann_client: Client,
    ann: User,
    make_photo: MakePhoto,
    worker: Worker,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)

    def poll() -> int:
        headers = json.loads(ann_client.get(url(photo)).context["poll"].headers) | HTMX
        with django_assert_num_queries(queries):
            return ann_client.get(url(photo), headers=headers).status_code

    queries = 6  # the person, the analysis; workers and times for the pace, a worker, the place
    assert poll() == 304
    Analysis.objects.update(status=Status.RUNNING)
    queries = 2
    assert poll() == 304


def test_a_poll_gets_everything_once_it_is_done_and_then_polls_no_more(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    response = ann_client.get(url(make_photo(ann)), headers=HTMX)
    page = response.content.decode()
    assert response.headers["HX-Retarget"] == "#photo-live"
    assert "<html" not in page
    assert "face-1" in page
    assert "every" not in page
    assert 'hx-swap-oob="innerHTML">1 face.' in page


def test_a_poll_of_a_page_whose_session_ended_reloads_it(client: Client, ann: User, make_photo: MakePhoto) -> None:
    response = client.get(url(make_photo(ann)), headers=HTMX)
    assert response.headers["HX-Refresh"] == "true"
    assert b"face" not in response.content


def test_suggestions_are_fetched_when_there_is_a_face(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    address = reverse("suggestions:for-photo", args=[photo.uuid])
    assert f'hx-get="{address}" hx-trigger="load"' in page_of(ann_client, photo)
    assert "Suggestions for this photo" not in page_of(ann_client, make_photo(ann, status=Status.QUEUED))


def test_what_made_it_is_told(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, engine_version="haar+litert/1", model_version="facetrio-1", timings_ms={"detect": 12.3})
    page = page_of(ann_client, photo)
    assert "haar+litert/1" in page
    assert "facetrio-1" in page
    assert "detect 12 ms" in page


def test_what_the_owner_and_a_reviewer_said_is_shown(
    ann_client: Client, ann: User, ada: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    assert photo.latest is not None
    face = photo.latest.faces.get()
    correct_face(face=face, author=ann, age_years=0, gender="male", note="<b>my son</b>")
    review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, emotion="surprise")
    page = page_of(ann_client, photo)
    assert "You said: <span>age 0</span> <span>male</span> <q>&lt;b&gt;my son&lt;/b&gt;</q>" in page
    assert "A reviewer says: <span>surprise shown</span>" in page
    assert "ada@" not in page


def test_strangers_and_reviewers_get_404_and_visitors_the_sign_in(
    ben_client: Client, ada_client: Client, client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    assert ben_client.get(url(photo)).status_code == 404
    assert ada_client.get(url(photo)).status_code == 404
    assert client.get(url(photo)).headers["Location"] == f"{reverse('account_login')}?next={url(photo)}"


def test_an_unknown_photo_gets_the_404_page_and_post_is_refused(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    response = ann_client.get(reverse("analysis:photo", args=[uuid4()]))
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert ann_client.post(url(make_photo(ann))).status_code == 405


def test_a_face_at_the_edge_is_shown_without_a_strip_of_nothing(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, faces=[{"x": 60.0, "y": 30.0, "width": 36.0, "height": 36.0}])  # of 96 x 72
    page = ann_client.get(reverse("analysis:photo", args=[photo.uuid])).content.decode()
    left, top, width, height = map(
        float, page.split('class="face-crop"')[1].split('viewBox="')[1].split('"')[0].split()
    )
    assert left + width <= 96
    assert top + height <= 72
