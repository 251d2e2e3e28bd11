"""All of an upload that failed or was stopped is tried again by one button."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis import batches, services
from analysis.models import Analysis, Batch, Lane, Photo, Status

MakePhoto = Callable[..., Photo]
ENDED = (Status.FAILED, Status.CANCELLED, Status.FAILED)


@pytest.fixture
def make_batch(make_photo: MakePhoto) -> Callable[..., Batch]:
    """A batch of `owner` with a photo in each of these states."""

    def make(owner: User, *statuses: Status, **fields: Any) -> Batch:
        batch = Batch.objects.create(owner=owner)
        for status in statuses:
            batches.link(batch, make_photo(owner, status=status, **fields), is_new=True)
        return batch

    return make


def page_of(batch: Batch) -> str:
    return reverse("analysis:uploaded", args=[batch.uuid])


def button(batch: Batch) -> str:
    return reverse("analysis:retry-batch", args=[batch.uuid])


def statuses() -> list[str]:
    return list(Analysis.objects.order_by("pk").values_list("status", flat=True))


def test_the_button_queues_what_failed_or_was_stopped_and_nothing_else(
    ann_client: Client, ann: User, make_batch: Any, make_photo: MakePhoto
) -> None:
    batch = make_batch(ann, *ENDED, Status.DONE, Status.RUNNING)
    make_photo(ann, status=Status.FAILED)  # of no batch
    page = ann_client.get(page_of(batch)).content.decode()
    assert "3 photos failed or were stopped." in page
    assert "Try all 3 again" in page
    answer = ann_client.post(button(batch), follow=True)
    assert answer.redirect_chain == [(page_of(batch), 302)]
    assert "3 photos are tried again." in answer.content.decode()
    assert "failed or were stopped" not in answer.content.decode()
    assert statuses() == ["queued", "queued", "queued", "done", "running", "failed"]


def test_one_is_offered_as_one_and_none_not_at_all(ann_client: Client, ann: User, make_batch: Any) -> None:
    assert "Try it again" in ann_client.get(page_of(make_batch(ann, Status.FAILED, Status.DONE))).content.decode()
    well = make_batch(ann, Status.DONE)
    assert button(well) not in ann_client.get(page_of(well)).content.decode()
    assert "There is nothing to try again" in ann_client.post(button(well), follow=True).content.decode()


def test_it_appears_when_the_last_photo_fails_while_the_page_is_open(
    ann_client: Client, ann: User, make_batch: Any
) -> None:
    batch = make_batch(ann, Status.FAILED)
    photo = batch.photos.get()
    polled = ann_client.get(reverse("analysis:statuses"), {"ids": photo.uuid, "batch": batch.uuid}).content.decode()
    assert button(batch) in polled
    assert 'id="all-again" hx-swap-oob="true"' in polled
    Analysis.objects.update(status=Status.DONE)
    polled = ann_client.get(reverse("analysis:statuses"), {"ids": photo.uuid, "batch": batch.uuid}).content.decode()
    assert button(batch) not in polled
    assert 'id="all-again"' in polled


def test_each_waits_in_the_lane_in_which_it_was_sent(ann: User, make_batch: Any) -> None:
    batch = make_batch(ann, Status.FAILED, lane=Lane.BATCH)
    assert services.retry_batch(batch) == (1, 0)
    assert Analysis.objects.get().lane == Lane.BATCH


def test_only_the_newest_reading_of_a_photo_counts(ann: User, make_batch: Any) -> None:
    batch = make_batch(ann, Status.FAILED, Status.DONE)
    failed, done = Photo.objects.order_by("pk")
    Analysis.objects.create(photo=failed, owner=ann, status=Status.DONE)
    again = Analysis.objects.create(photo=done, owner=ann, status=Status.FAILED, earlier=done.newest)
    assert list(batches.to_try_again(batch)) == [again]


def test_what_has_no_picture_any_more_cannot_be_read(ann_client: Client, ann: User, make_batch: Any) -> None:
    batch = make_batch(ann, Status.FAILED)
    Photo.objects.update(image="", thumbnail="")
    assert button(batch) not in ann_client.get(page_of(batch)).content.decode()
    assert services.retry_batch(batch) == (0, 0)


def test_very_many_are_done_in_parts(
    ann_client: Client, ann: User, make_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    batch = make_batch(ann, *ENDED)
    answer = ann_client.post(button(batch), follow=True).content.decode()
    assert "2 photos are tried again. 1 more is left" in answer
    assert "Try it again" in answer
    assert "1 photo is tried again." in ann_client.post(button(batch), follow=True).content.decode()
    assert statuses() == ["queued"] * 3


def test_asking_what_to_try_again_costs_nothing_where_all_went_well(
    ann: User, make_batch: Any, django_assert_num_queries: Any
) -> None:
    batch = make_batch(ann, Status.DONE, Status.QUEUED)
    progress = batches.progress_of([batch])[batch.pk]
    with django_assert_num_queries(0):
        assert batches.number_to_try_again(batch, progress) == 0


def test_strangers_get_404_and_visitors_the_sign_in(
    ben_client: Client, client: Client, ann: User, make_batch: Any
) -> None:
    batch = make_batch(ann, Status.FAILED)
    assert ben_client.post(button(batch)).status_code == 404
    assert client.post(button(batch)).status_code == 302
    assert statuses() == ["failed"]


def test_looking_is_not_trying(ann_client: Client, ann: User, make_batch: Any) -> None:
    assert ann_client.get(button(make_batch(ann, Status.FAILED))).status_code == 405
    assert statuses() == ["failed"]


def test_many_take_as_many_questions_as_few_and_their_turns_one_after_the_other(
    ann: User, make_batch: Any, django_assert_max_num_queries: Any
) -> None:
    batch = make_batch(ann, *[Status.FAILED] * 12, lane=Lane.BATCH)
    with django_assert_max_num_queries(16):
        assert services.retry_batch(batch) == (12, 0)
    assert list(Analysis.objects.order_by("pk").values_list("turn", flat=True)) == list(range(12))


def test_of_one_photo_only_the_last_attempt_is_tried_again(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    first = photo.analyses.get()
    last = Analysis.objects.create(photo=photo, owner=ann, status=Status.CANCELLED)
    assert services.retry_analyses([first, last]) == 1
    assert statuses() == ["failed", "queued"]
    assert services.retry_analyses([first]) == 0  # one at a time
