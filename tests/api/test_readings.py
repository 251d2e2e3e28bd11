"""Readings of a photo in the API: all of them, another try, stop, read again, and looking only at what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis import services, statements
from analysis.models import Analysis, Lane, Photo, Status, Worker

LIST = "/api/v1/photos/"
Api = Callable[..., APIClient]


@pytest.fixture
def worker(db: None) -> Worker:
    return Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")


@pytest.fixture
def old(ann: User, make_photo: Any) -> Photo:
    """Read by models before those of `worker`."""
    photo: Photo = make_photo(ann, engine_version="e-1", model_version="m-1")
    return photo


def address(photo: Photo, what: str = "") -> str:
    return f"{LIST}{photo.uuid}/{what}"


def test_what_waits_can_be_stopped_and_tried_again(ann: User, api: Api, make_photo: Any) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    stopped = api(ann).post(address(photo, "cancel/"))
    assert (stopped.status_code, stopped.data["analysis"]["status"]) == (202, "cancelled")
    assert (stopped.data["analysis"]["error"], "Retry-After" in stopped) == (None, False)
    again = api(ann).post(address(photo, "cancel/"))
    assert (again.status_code, again.data["code"]) == (409, "not_unfinished")
    retried = api(ann).post(address(photo, "retry/"))
    assert (retried.status_code, retried.data["analysis"]["status"]) == (202, "queued")
    assert "Retry-After" in retried


def test_reading_again_keeps_the_result_in_sight(ann: User, api: Api, old: Photo, worker: Worker) -> None:
    answer = api(ann).post(address(old, "reread/"))
    assert answer.status_code == 202
    assert (answer.data["analysis"]["status"], answer.data["analysis"]["model_version"]) == ("done", "m-1")
    assert (answer.data["pending"]["status"], answer.data["pending"]["lane"]) == ("queued", "interactive")
    assert answer.data["pending"]["ahead"] == 0
    assert "Retry-After" in api(ann).get(address(old))
    twice = api(ann).post(address(old, "reread/"))
    assert (twice.status_code, twice.data["code"]) == (409, "unfinished")
    assert [photo["id"] for photo in api(ann).get(LIST, {"status": "done"}).data["results"]] == [str(old.uuid)]


def test_a_reading_that_fails_later_does_not_hide_the_result(ann: User, api: Api, old: Photo, worker: Worker) -> None:
    again = services.reread_photo(old)
    assert again is not None
    Analysis.objects.filter(pk=again.pk).update(status=Status.FAILED, failure_code="gave_up", failure_sentence="No.")
    data = api(ann).get(address(old)).data
    assert (data["analysis"]["status"], data["analysis"]["error"]) == ("done", None)
    assert (data["pending"]["status"], data["pending"]["error"]["code"]) == ("failed", "gave_up")
    retried = api(ann).post(address(old, "retry/"))
    assert (retried.status_code, retried.data["pending"]["status"]) == (202, "queued")


def test_many_are_read_again_in_the_lane_for_many(ann: User, api: Api, old: Photo, worker: Worker) -> None:
    assert api(ann).post(f"{address(old)}reread/?lane=rerun").status_code == 400
    api(ann).post(f"{address(old)}reread/?lane=batch")
    assert Analysis.objects.get(earlier__isnull=False).lane == Lane.BATCH


def test_only_what_is_outdated_is_read_again(ann: User, api: Api, make_photo: Any, old: Photo) -> None:
    def refused(photo: Photo) -> tuple[int, str]:
        answer = api(ann).post(address(photo, "reread/"))
        return answer.status_code, answer.data["code"]

    assert refused(old) == (409, "not_outdated")  # nobody is there to say what is newer
    Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")
    assert refused(make_photo(ann, engine_version="e-2", model_version="m-2")) == (409, "not_outdated")
    assert refused(make_photo(ann, status=Status.FAILED)) == (409, "no_result")
    assert refused(make_photo(ann, status=Status.RUNNING)) == (409, "unfinished")


def test_all_readings_are_listed_newest_first_in_pages(
    ann: User, api: Api, old: Photo, make_photo: Any, worker: Worker, django_assert_max_num_queries: Any
) -> None:
    make_photo(ann)
    services.reread_photo(old)
    client = api(ann)
    with django_assert_max_num_queries(8):
        listed = client.get(address(old, "analyses/")).data
    assert [(one["status"], len(one["faces"])) for one in listed["results"]] == [("queued", 0), ("done", 1)]
    assert (listed["results"][0]["ahead"], listed["next"]) == (0, None)
    first = api(ann).get(address(old, "analyses/"), {"page_size": 1}).data
    second = api(ann).get(first["next"]).data
    assert [one["status"] for one in (*first["results"], *second["results"])] == ["queued", "done"]
    assert api(ann).get(address(old, "analyses/"), {"page": 2}).status_code == 400


def test_a_photo_that_has_not_changed_is_not_sent_again(ann: User, api: Api, make_photo: Any) -> None:
    photo = make_photo(ann)
    first = api(ann).get(address(photo))
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    same = api(ann).get(address(photo), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    statements.correct_face(face=photo.analyses.get().faces.get(), author=ann, age_years=30)
    changed = api(ann).get(address(photo), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.data["analysis"]["faces"][0]["correction"]["age_years"]) == (200, 30)


def test_a_photo_whose_place_in_the_line_changes_is_sent_again(ann: User, api: Api, make_photo: Any) -> None:
    before, photo = make_photo(ann, status=Status.QUEUED), make_photo(ann, status=Status.QUEUED)
    first = api(ann).get(address(photo))
    assert api(ann).get(address(photo), headers={"If-None-Match": first["ETag"]}).status_code == 304
    services.cancel_analysis(before.analyses.get())
    moved = api(ann).get(address(photo), headers={"If-None-Match": first["ETag"]})
    assert (moved.status_code, moved.data["analysis"]["ahead"]) == (200, 0)


def test_what_is_being_read_is_asked_for_soon_and_what_is_read_no_more(ann: User, api: Api, make_photo: Any) -> None:
    assert api(ann).get(address(make_photo(ann, status=Status.RUNNING)))["Retry-After"] == "1"
    for status in (Status.DONE, Status.FAILED, Status.CANCELLED):
        assert "Retry-After" not in api(ann).get(address(make_photo(ann, status=status)))


@pytest.mark.parametrize("what", ["retry/", "cancel/", "reread/"])
def test_asking_alone_changes_nothing(ann: User, api: Api, old: Photo, what: str) -> None:
    assert api(ann).get(address(old, what)).status_code == 405
