"""All photos read again in one go, by a program."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from analysis.models import Analysis, Keep, Lane, Photo, Status

Api = Callable[[User | None], APIClient]
PATH = "/api/v1/photos/reread/"
NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def three(ann: User, make_photo: Any) -> list[Photo]:
    """Two that older models read, and one of those without its picture."""
    photos = [make_photo(ann, **OLD) for _ in range(3)]
    Photo.objects.filter(pk=photos[0].pk).update(image="", thumbnail="", keep=Keep.RESULTS)
    return photos


def test_it_says_how_many_there_are_and_queues_them_once(ann: User, api: Api, three: list[Photo]) -> None:
    told = api(ann).get(PATH).json()
    assert told == {"state": "idle", "found": 2, "queued": 0, "waiting": 0, "not_kept": 1}
    queued = {"state": "under_way", "found": 0, "queued": 2, "waiting": 2, "not_kept": 1}
    for _ in range(2):
        answer = api(ann).post(PATH)
        assert (answer.status_code, answer.json()) == (202, queued)
    assert api(ann).get(PATH).json() == queued
    assert Analysis.objects.filter(lane=Lane.RERUN, status=Status.QUEUED).count() == 2


def test_with_nothing_to_read_again_nothing_is_queued(ann: User, api: Api, make_photo: Any) -> None:
    make_photo(ann, **NOW)
    answer = api(ann).post(PATH)
    assert (answer.status_code, answer.json()["queued"], answer.json()["state"]) == (200, 0, "idle")
    assert Analysis.objects.count() == 1


def test_it_can_be_stopped_also_twice(ann: User, api: Api, three: list[Photo]) -> None:
    api(ann).post(PATH)
    for _ in range(2):
        assert api(ann).delete(PATH).status_code == 204
    assert not Analysis.objects.filter(status=Status.QUEUED).exists()
    assert api(ann).get(PATH).json()["found"] == 2


def test_photos_of_others_are_left_alone(ann: User, ben: User, api: Api, three: list[Photo]) -> None:
    assert api(ben).post(PATH).json()["queued"] == 0
    api(ann).post(PATH)
    api(ben).delete(PATH)
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 2


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_nobody_in_particular_is_refused(api: Api, three: list[Photo], method: str) -> None:
    assert getattr(api(None), method)(PATH).status_code == 401
    assert Analysis.objects.count() == 3


@pytest.mark.parametrize("method", ["put", "patch"])
def test_other_methods_are_refused(ann: User, api: Api, method: str) -> None:
    assert getattr(api(ann), method)(PATH).status_code == 405


def test_a_query_that_is_not_known_is_refused(ann: User, api: Api, three: list[Photo]) -> None:
    answer = api(ann).post(f"{PATH}?lane=interactive")
    assert answer.status_code == 400
    assert Analysis.objects.count() == 3
