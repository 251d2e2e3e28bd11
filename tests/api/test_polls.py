"""Answers that wait until it is over, within bounds; nothing here waits longer than a test may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from analysis import batches
from analysis.api import polls
from analysis.models import Analysis, Batch, Photo, Status
from analysis.waiters import waiter
from tests.api.test_uploads import files

PHOTOS = "/api/v1/photos/"
Api = Callable[..., APIClient]


class Clock:
    """Time that passes only while somebody sleeps; `at` says what happens before which pause, counted from 0."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.at: dict[int, Callable[[], object]] = {}
        self.in_transaction = False

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.at.get(len(self.slept), lambda: None)()
        self.slept.append(seconds)
        self.now += seconds
        self.in_transaction |= len(connection.savepoint_ids) > 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(polls, "time", made)
    return made


def read_all() -> None:
    Analysis.objects.update(status=Status.DONE, finished_at=timezone.now())


@pytest.fixture
def batch(ann: User, make_photo: Any) -> Batch:
    made = Batch.objects.create(owner=ann)
    for status in (Status.DONE, Status.QUEUED):
        batches.link(made, make_photo(ann, status=status), is_new=True)
    return made


@pytest.fixture(params=["photo", "batch"])
def address(request: pytest.FixtureRequest, batch: Batch) -> str:
    """Of something that is unfinished."""
    if request.param == "batch":
        return f"/api/v1/batches/{batch.uuid}/"
    return f"{PHOTOS}{Photo.objects.get(analyses__status=Status.QUEUED).uuid}/"


def is_done(answer: Any) -> bool:
    data = answer.data
    return bool(data["progress"] == 1 if "progress" in data else data["analysis"]["status"] == "done")


def test_the_answer_comes_as_soon_as_it_is_over(ann: User, api: Api, address: str, clock: Clock) -> None:
    clock.at[2] = read_all
    answer = api(ann).get(address, {"wait": 20})
    assert is_done(answer)
    assert "Retry-After" not in answer
    assert len(clock.slept) == 3
    assert clock.now < 1
    assert not clock.in_transaction


def test_or_when_the_time_is_and_then_says_when_to_ask_again(ann: User, api: Api, address: str, clock: Clock) -> None:
    answer = api(ann).get(address, {"wait": "2.5"})
    assert (answer.status_code, is_done(answer), answer["Retry-After"]) == (200, False, "5")
    assert clock.now == pytest.approx(2.5)
    assert clock.slept[:-1] == sorted(clock.slept[:-1])
    assert max(clock.slept) <= polls.LONGEST_PAUSE_S


def test_what_is_finished_is_not_waited_for(ann: User, api: Api, address: str, clock: Clock) -> None:
    read_all()
    assert is_done(api(ann).get(address, {"wait": 20}))
    assert clock.slept == []


@pytest.mark.parametrize("wait", ["-1", "20.1", "soon", "nan", "inf", ""])
def test_a_wait_that_is_none_is_refused(ann: User, api: Api, address: str, wait: str) -> None:
    refused = api(ann).get(address, {"wait": wait})
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (400, "wait")


@pytest.mark.parametrize(
    ("prefer", "applied", "waited"),
    [("wait=1", "wait=1", 1), ("respond-async, wait=2", "wait=2", 2), ("WAIT = 1;x=y", "wait=1", 1),
     ("wait=3600", "wait=20", 20), ("wait=-1", None, 0), ("wait=soon", None, 0), ("handling=lenient", None, 0)],
)  # fmt: skip
def test_prefer_asks_for_the_same_and_hears_whether_it_was_heeded(
    ann: User, api: Api, address: str, clock: Clock, prefer: str, applied: str | None, waited: int
) -> None:
    answer = api(ann).get(address, headers={"Prefer": prefer})
    assert (answer.status_code, answer.get("Preference-Applied")) == (200, applied)
    assert clock.now == pytest.approx(waited)


def test_the_parameter_counts_before_the_preference(ann: User, api: Api, address: str, clock: Clock) -> None:
    answer = api(ann).get(address, {"wait": 1}, headers={"Prefer": "wait=9"})
    assert "Preference-Applied" not in answer
    assert clock.now == pytest.approx(1)


def test_when_too_many_wait_the_answer_comes_at_once(
    ann: User, api: Api, address: str, clock: Clock, settings: Any
) -> None:
    settings.WEB_WAITERS = 1
    with waiter() as is_free:
        assert is_free
        answer = api(ann).get(address, headers={"Prefer": "wait=9"})
    assert (answer.status_code, answer["Retry-After"], clock.slept) == (200, "5", [])
    assert "Preference-Applied" not in answer
    assert "Preference-Applied" in api(ann).get(address, headers={"Prefer": "wait=9"})  # the place is free again


def test_what_is_unchanged_after_a_wait_is_told_so(ann: User, api: Api, address: str, clock: Clock) -> None:
    etag = api(ann).get(address)["ETag"]
    assert api(ann).get(address, {"wait": 1}, headers={"If-None-Match": etag}).status_code == 304
    clock.at[len(clock.slept)] = read_all
    assert api(ann).get(address, {"wait": 1}, headers={"If-None-Match": etag}).status_code == 200


def test_what_is_deleted_meanwhile_is_gone(ann: User, api: Api, address: str, clock: Clock) -> None:
    clock.at[0] = lambda: (Photo.objects.all().delete(), Batch.objects.all().delete())
    assert api(ann).get(address, {"wait": 20}).status_code == 404
    assert clock.now < 1


def test_a_stranger_is_not_kept_waiting(ben: User, api: Api, address: str, clock: Clock) -> None:
    assert api(ben).get(address, {"wait": 20}).status_code == 404
    assert clock.slept == []


def test_one_request_leads_from_photos_to_results(ann: User, api: Api, clock: Clock) -> None:
    clock.at[1] = read_all
    answer = api(ann).post(f"{PHOTOS}?wait=20", {"photos": files(40, 41)})
    assert (answer.status_code, "Retry-After" in answer) == (200, False)
    assert [photo["analysis"]["status"] for photo in answer.data["accepted"]] == ["done", "done"]


def test_one_that_is_not_finished_in_time_stays_202(ann: User, api: Api, clock: Clock) -> None:
    answer = api(ann).post(PHOTOS, {"photos": files(40)}, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer["Retry-After"], answer["Preference-Applied"]) == (202, "1", "wait=1")
    assert api(ann).post(f"{PHOTOS}?wait=21", {"photos": files(41)}).status_code == 400
    assert Photo.objects.count() == 1


def test_the_same_upload_again_waits_too(ann: User, api: Api, clock: Clock) -> None:
    key = {"Idempotency-Key": "k"}
    assert api(ann).post(PHOTOS, {"photos": files(40)}, headers=key).status_code == 202
    clock.at[1] = read_all
    assert api(ann).post(f"{PHOTOS}?wait=20", {"photos": files(40)}, headers=key).status_code == 200
    assert api(ann).post(PHOTOS, {"photos": files(40)}, headers=key).status_code == 202  # as the first time
