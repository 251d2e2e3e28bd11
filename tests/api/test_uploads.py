"""Uploads in the API: lanes, the same file again, and being turned away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from analysis.api.refusals import NOT_NOW, TurnedAwayError
from analysis.bounds import NotNowError, StorageError
from analysis.models import Analysis, Batch, Lane, Photo, Status, Worker
from analysis.taking import UploadOutcome
from tests.conftest import jpeg

LIST = "/api/v1/photos/"
Api = Callable[..., APIClient]


def files(*sides: int) -> list[SimpleUploadedFile]:
    """One photo for each side in pixels: other sides, other bytes."""
    return [SimpleUploadedFile(f"{side}.jpg", jpeg(side, side)) for side in sides]


@pytest.mark.parametrize(
    ("query", "form", "lane"),
    [("", {}, Lane.INTERACTIVE), ("?lane=batch", {}, Lane.BATCH), ("", {"lane": "batch"}, Lane.BATCH),
     ("?lane=batch", {"lane": "interactive"}, Lane.INTERACTIVE)],
)  # fmt: skip
def test_a_program_says_whether_somebody_waits(ann: User, api: Api, query: str, form: Any, lane: Lane) -> None:
    answer = api(ann).post(f"{LIST}{query}", {"photos": files(40), **form})
    assert Analysis.objects.get().lane == lane
    assert answer.data["accepted"][0]["analysis"]["lane"] == lane.name.lower()


@pytest.mark.parametrize(("query", "form"), [("?lane=fast", {}), ("", {"lane": "rerun"}), ("?lnae=batch", {})])
def test_a_lane_that_is_none_is_refused(ann: User, api: Api, query: str, form: dict[str, str]) -> None:
    refused = api(ann).post(f"{LIST}{query}", {"photos": files(40), **form})
    assert (refused.status_code, refused.data["code"]) == (400, "invalid")
    assert not Photo.objects.exists()


def test_the_same_file_again_is_answered_with_the_photo_there_is(ann: User, api: Api) -> None:
    first = api(ann).post(LIST, {"photos": files(40)}).data["accepted"][0]
    again = api(ann).post(LIST, {"photos": files(40, 41)})
    assert again.status_code == 202
    assert [photo["id"] for photo in again.data["linked"]] == [first["id"]]
    assert set(again.data["linked"][0]) == set(first)
    assert [photo["name"] for photo in again.data["accepted"]] == ["41.jpg"]


def test_when_all_of_it_is_read_there_is_nothing_to_wait_for(ann: User, api: Api) -> None:
    api(ann).post(LIST, {"photos": files(40)})
    waiting = api(ann).post(LIST, {"photos": files(40)})
    assert (waiting.status_code, waiting["Retry-After"]) == (202, "1")
    Analysis.objects.update(status=Status.DONE, finished_at=timezone.now())
    read = api(ann).post(LIST, {"photos": files(40)})
    assert (read.status_code, "Retry-After" in read) == (200, False)
    assert read.data["linked"][0]["analysis"]["status"] == "done"
    bad = SimpleUploadedFile("b.png", b"nothing")
    assert api(ann).post(LIST, {"photos": [*files(40), bad]}).status_code == 200


def test_telling_of_many_photos_takes_no_more_queries_than_of_one(
    ann: User, api: Api, make_photo: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    kept = [make_photo(ann, status=Status.QUEUED) for _ in range(8)]
    outcome = UploadOutcome(Batch.objects.create(owner=ann), linked=kept)
    monkeypatch.setattr("analysis.services.upload_photos", lambda **_: outcome)
    client = api(ann)
    with django_assert_max_num_queries(8):
        assert len(client.post(LIST, {"photos": files(40)}).data["linked"]) == 8


def test_what_an_upload_asks_of_the_database(ann: User, api: Api, django_assert_max_num_queries: Any) -> None:
    client = api(ann)
    client.post(LIST, {"photos": files(40)})  # what is kept in memory
    with django_assert_max_num_queries(17):
        assert len(client.post(LIST, {"photos": files(41)}).data["accepted"]) == 1
    with django_assert_max_num_queries(17):
        assert len(client.post(LIST, {"photos": files(42, 43, 44, 45, 46)}).data["accepted"]) == 5


def test_a_full_line_says_when_to_come_back(ann: User, api: Api, make_photo: Any, settings: Any) -> None:
    settings.QUEUE_MAX = 1
    make_photo(ann, status=Status.QUEUED)
    refused = api(ann).post(LIST, {"photos": files(40)})
    assert (refused.status_code, refused.data["code"], refused["Retry-After"]) == (503, "queue_full", "60")
    assert refused["Content-Type"] == "application/problem+json"
    assert "about 2 minutes" in refused.data["detail"] or "about 1 minute" in refused.data["detail"]
    assert Photo.objects.count() == 1


def test_who_sent_too_many_in_a_day_hears_when_the_next_may_come(
    ann: User, ben: User, api: Api, make_photo: Any, settings: Any
) -> None:
    settings.PHOTOS_PER_DAY = 1
    make_photo(ann)
    Photo.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    refused = api(ann).post(LIST, {"photos": files(40)})
    assert (refused.status_code, refused.data["code"]) == (429, "quota_reached")
    assert 50 <= int(refused["Retry-After"]) <= 60
    assert "a day" in refused.data["detail"]
    assert api(ben).post(LIST, {"photos": files(40)}).status_code == 202


def test_storage_without_room_is_no_fault_of_the_photos(ann: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(**_: Any) -> None:
        raise StorageError

    monkeypatch.setattr("analysis.services.upload_photos", no_room)
    refused = api(ann).post(LIST, {"photos": files(40)})
    assert (refused.status_code, refused.data["code"], refused["Retry-After"]) == (507, "storage_full", "300")
    assert "no room" in refused.data["detail"]


def test_every_bound_has_an_answer_and_a_new_one_is_answered_too() -> None:
    class SomeNewError(NotNowError):
        pass

    assert set(NotNowError.__subclasses__()) - {SomeNewError} <= set(NOT_NOW)
    refusal = TurnedAwayError(SomeNewError("Not now.", 0.2))
    assert (refusal.status_code, refusal.get_codes(), refusal.wait) == (503, "not_now", 1)


def test_who_waits_knows_the_place_in_the_line_and_the_time_left(ann: User, api: Api, make_photo: Any) -> None:
    now = timezone.now()
    made = [make_photo(ann, status=Status.QUEUED, lane=lane) for lane in (Lane.BATCH, Lane.INTERACTIVE)]
    unknown = api(ann).get(f"{LIST}{made[0].uuid}/")
    assert (unknown.data["analysis"]["ahead"], unknown.data["analysis"]["seconds_left"]) == (1, None)
    assert unknown["Retry-After"] == "5"
    Worker.objects.create(host="h", pid=1, engine_version="e", model_version="m")
    make_photo(ann, started_at=now - timedelta(seconds=4), finished_at=now)  # one worker, one photo in four seconds
    shown = {photo["id"]: photo["analysis"] for photo in api(ann).get(LIST).data["results"]}
    assert [(shown[str(photo.uuid)]["ahead"], shown[str(photo.uuid)]["seconds_left"]) for photo in made] == [
        (1, 8),
        (0, 4),
    ]
    assert api(ann).get(f"{LIST}{made[0].uuid}/")["Retry-After"] == "8"
    Analysis.objects.filter(photo=made[0]).update(due_at=timezone.now() + timedelta(seconds=120))
    delayed = api(ann).get(f"{LIST}{made[0].uuid}/")
    assert 110 <= delayed.data["analysis"]["seconds_left"] <= 120
    assert delayed["Retry-After"] == "30"
