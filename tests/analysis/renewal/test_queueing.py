"""All that lacks something is queued within the line's bounds, once, also after a crash; and it can be stopped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from accounts import chores
from accounts.consent.purposes import Purpose
from accounts.models import User, Webhook, WebhookDelivery
from accounts.webhooks.events import Event
from analysis import runs, services, tasks
from analysis import upkeep as upkeep_of_analysis
from analysis.models import Analysis, Batch, BatchPhoto, Keep, Lane, Photo, Renewal, Status
from analysis.models.photo import PhotoQuerySet
from analysis.renewal import portions
from analysis.renewal import services as renewal
from tests.analysis.test_tasks import FakeEngine
from tests.conftest import agree

NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}
WITHOUT_AGE = {"age_years": None, "age_low": None, "age_high": None, "age_bucket": ""}

pytestmark = pytest.mark.usefixtures("worker")


def waiting(person: User) -> list[Photo]:
    """What waits to be read again, in the order of the line."""
    found = Analysis.objects.filter(owner=person, status=Status.QUEUED).order_by("lane", "turn", "pk")
    assert {one.lane for one in found} <= {Lane.RERUN}
    return [one.photo for one in found.select_related("photo")]


@pytest.fixture
def five(ann: User, make_photo: Any) -> list[Photo]:
    """Photos with results of older models, the oldest first."""
    return [make_photo(ann, **OLD) for _ in range(5)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of two photos, of which a request does one."""
    monkeypatch.setattr(portions, "PORTION", 2)
    monkeypatch.setattr(renewal, "WHILE_ASKED_S", 0.0)


def test_all_are_queued_behind_everything_else_and_keep_their_results(ann: User, five: list[Photo]) -> None:
    started = renewal.start(ann)
    assert waiting(ann) == five[::-1]
    assert (started.queued, started.waiting, started.total, started.is_going) == (5, 5, 5, True)
    for photo in Photo.objects.all():
        assert photo.latest is not None
        assert photo.newest is not None
        assert photo.latest.status == Status.DONE
        assert photo.newest.earlier == photo.latest


def test_only_what_lacks_something_is_queued(ann: User, ben: User, make_photo: Any) -> None:
    make_photo(ben, **OLD)
    make_photo(ann, **NOW)
    make_photo(ann, status=Status.FAILED)
    make_photo(ann, status=Status.RUNNING)
    kept, gone = make_photo(ann, faces=[WITHOUT_AGE], **NOW), make_photo(ann, **OLD)
    Photo.objects.filter(pk=gone.pk).update(image="", thumbnail="", keep=Keep.RESULTS)
    started = renewal.start(ann)
    assert waiting(ann) == [kept]
    assert (started.queued, started.not_kept) == (1, 1)
    assert not waiting(ben)


def test_asking_twice_queues_nothing_twice(ann: User, five: list[Photo]) -> None:
    first, second = renewal.start(ann), renewal.start(ann)
    assert first == second
    assert Analysis.objects.filter(lane=Lane.RERUN).count() == 5


def test_who_has_nothing_to_read_again_is_told_so(ann: User, make_photo: Any) -> None:
    make_photo(ann, **NOW)
    started = renewal.start(ann)
    assert (started.queued, started.is_going) == (0, False)


def test_workers_are_rung_for_as_many_as_there_are(
    ann: User, five: list[Photo], bell: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        renewal.start(ann)
    assert bell == ["ring"]


def test_who_comes_with_one_photo_is_read_before_the_thousands_of_another(
    ann: User, ben: User, five: list[Photo], make_photo: Any
) -> None:
    renewal.start(ann)
    services.reread_photo(make_photo(ben, **OLD))
    one = make_photo(ben, status=Status.QUEUED, lane=Lane.INTERACTIVE)
    order = [one.photo for one in Analysis.objects.filter(status=Status.QUEUED).order_by("lane", "turn", "pk")]
    assert order[0] == one
    assert [photo.owner_id for photo in order[1:3]] == [ann.pk, ben.pk]


def test_the_line_is_filled_to_half_and_the_rest_comes_when_it_is_shorter(
    ann: User, five: list[Photo], settings: Any
) -> None:
    settings.QUEUE_MAX = 4
    started = renewal.start(ann)
    assert (started.queued, started.waiting, started.is_going) == (2, 2, True)
    assert not portions.go_on()
    assert waiting(ann) == [five[4], five[3]]
    Analysis.objects.filter(photo=five[4], status=Status.QUEUED).update(status=Status.DONE, **NOW)
    portions.go_on()
    assert waiting(ann) == [five[3], five[2]]
    Analysis.objects.filter(status=Status.QUEUED).update(status=Status.DONE, **NOW)
    portions.go_on()
    assert waiting(ann) == [five[1], five[0]]
    Analysis.objects.filter(status=Status.QUEUED).update(status=Status.DONE, **NOW)
    portions.go_on()
    assert Renewal.objects.get().through_at is not None
    assert Renewal.objects.get().queued == 5


def test_a_full_line_refuses_nobody_who_asks(ann: User, five: list[Photo], settings: Any) -> None:
    settings.QUEUE_MAX = 1
    started = renewal.start(ann)
    assert (started.queued, started.is_going) == (0, True)
    settings.QUEUE_MAX = 100
    portions.go_on()
    assert len(waiting(ann)) == 5


@pytest.mark.usefixtures("small")
def test_the_chore_does_what_the_request_did_not(
    ann: User, five: list[Photo], chores_rung: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        started = renewal.start(ann)
    assert (started.queued, started.is_going) == (2, True)
    assert portions.CHORE in chores_rung
    assert chores.run(portions.CHORE)
    assert waiting(ann) == five[::-1]


@pytest.mark.usefixtures("small")
def test_everybody_has_a_portion_in_turn(
    ann: User, ben: User, five: list[Photo], make_photo: Any, settings: Any
) -> None:
    for _ in range(4):
        make_photo(ben, **OLD)
    settings.QUEUE_MAX = 0
    renewal.start(ann)
    renewal.start(ben)
    settings.QUEUE_MAX = 8
    portions.go_on()
    assert (len(waiting(ann)), len(waiting(ben))) == (2, 2)


@pytest.mark.usefixtures("small")
def test_a_crash_in_between_loses_nothing_and_doubles_nothing(
    ann: User, five: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal.start(ann)
    note = portions._note

    def cut_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt  # the photos are queued, and how far this is was not noted

    monkeypatch.setattr(portions, "_note", cut_off)
    with pytest.raises(KeyboardInterrupt):
        portions.go_on()
    assert len(waiting(ann)) == 2
    monkeypatch.setattr(portions, "_note", note)
    portions.go_on()
    assert waiting(ann) == five[::-1]
    assert Renewal.objects.get().queued == 5


@pytest.mark.usefixtures("small")
def test_what_goes_wrong_with_one_persons_holds_up_nobody_else(
    ann: User, ben: User, five: list[Photo], make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        make_photo(ben, **OLD)
    renewal.start(ann)
    renewal.start(ben)
    again = services.reread_photos

    def broken(results: list[Analysis]) -> None:
        if results and results[0].owner_id == ann.pk:
            raise DatabaseError
        again(results)

    monkeypatch.setattr(services, "reread_photos", broken)
    portions.go_on()
    assert (len(waiting(ann)), len(waiting(ben))) == (2, 4)
    monkeypatch.setattr(services, "reread_photos", again)
    portions.go_on()
    assert len(waiting(ann)) == 5


@pytest.mark.usefixtures("small")
def test_photos_that_are_deleted_or_read_meanwhile_are_left_out(ann: User, five: list[Photo]) -> None:
    renewal.start(ann)
    services.delete_photo(five[2])
    services.reread_photo(five[1], lane=Lane.INTERACTIVE)
    portions.go_on()
    queued = Analysis.objects.filter(status=Status.QUEUED, lane=Lane.RERUN)
    assert [one.photo for one in queued.order_by("turn")] == [five[4], five[3], five[0]]
    assert Renewal.objects.get().queued == 3


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kept", [True, False])
def test_a_photo_that_goes_at_the_last_moment_ends_nothing(
    ann: User, five: list[Photo], monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    hold = PhotoQuerySet.hold

    def too_late(self: PhotoQuerySet, **how: bool) -> list[int]:
        gone = Photo.objects.filter(pk=five[4].pk)
        if kept:
            gone.update(image="", thumbnail="", keep=Keep.RESULTS)
        else:
            gone.delete()
        return hold(self, **how)

    monkeypatch.setattr(PhotoQuerySet, "hold", too_late)
    renewal.start(ann)
    portions.go_on()
    assert waiting(ann) == five[3::-1]
    assert Renewal.objects.get().without_picture == kept


@pytest.mark.usefixtures("small")
def test_what_is_taken_back_meanwhile_is_no_reason_any_more(ann: User, make_photo: Any) -> None:
    for _ in range(5):
        make_photo(ann, faces=[WITHOUT_AGE], **NOW)
    renewal.start(ann)
    agree(ann, Purpose.GENDER, Purpose.EMOTION)
    portions.go_on()
    assert len(waiting(ann)) == 2


def test_only_what_is_agreed_to_is_worked_out(ann: User, five: list[Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Asking(FakeEngine):
        def read(self, photos: Any, *, attributes: Any, **more: Any) -> Any:
            asked.append(set(attributes))
            return super().read(photos, attributes=attributes, **more)

    monkeypatch.setattr(tasks, "reader", Asking)
    agree(ann, Purpose.AGE)
    renewal.start(ann)
    tasks.read()
    assert asked == [{"age"}] * 5
    assert renewal.outlook(ann).is_going is False


def test_stopping_keeps_results_and_what_is_being_read(
    ann: User, ben: User, five: list[Photo], make_photo: Any
) -> None:
    make_photo(ben, **OLD)
    renewal.start(ben)
    renewal.start(ann)
    runs.claim_next()
    claimed = Analysis.objects.get(status=Status.RUNNING)
    stopped = renewal.stop(claimed.owner)
    assert stopped == Analysis.objects.filter(owner=claimed.owner, status=Status.CANCELLED).count()
    claimed.refresh_from_db()
    assert claimed.status == Status.RUNNING
    assert not waiting(claimed.owner)
    other = ben if claimed.owner == ann else ann
    assert waiting(other)
    assert {photo.latest.status for photo in Photo.objects.all() if photo.latest} == {Status.DONE}


@pytest.mark.usefixtures("small")
def test_after_a_stop_no_more_are_queued_and_it_can_be_asked_for_anew(ann: User, five: list[Photo]) -> None:
    renewal.start(ann)
    assert renewal.stop(ann) == 2
    portions.go_on()
    assert waiting(ann) == []
    told = renewal.outlook(ann)
    assert (told.found, told.is_going) == (5, False)
    renewal.start(ann)
    portions.go_on()
    assert len(waiting(ann)) == 5
    assert renewal.stop(ann) == 5
    assert renewal.stop(ann) == 0


def test_stopping_leaves_what_somebody_waits_for(ann: User, make_photo: Any) -> None:
    photo = make_photo(ann, **OLD)
    services.reread_photo(photo, lane=Lane.INTERACTIVE)
    assert renewal.stop(ann) == 0
    assert Analysis.objects.filter(status=Status.QUEUED).count() == 1


@pytest.fixture
def listening(ann: User) -> Webhook:
    return Webhook.objects.create(
        person=ann, url="https://hooks.example.org/", site="https://t", events=[Event.BATCH_DONE], secret="s"
    )


def test_a_batch_whose_rest_is_stopped_is_told_to_be_done_once(
    ann: User, five: list[Photo], listening: Webhook
) -> None:
    batch = Batch.objects.create(owner=ann)
    BatchPhoto.objects.bulk_create(BatchPhoto(batch=batch, photo=photo, is_new=True) for photo in five)
    renewal.start(ann)
    renewal.stop(ann)
    assert WebhookDelivery.objects.filter(webhook=listening, event=Event.BATCH_DONE, about=batch.uuid).count() == 1


def test_once_all_is_read_it_is_over_and_counted_anew(ann: User, five: list[Photo]) -> None:
    renewal.start(ann)
    assert renewal.outlook(ann).is_going
    Analysis.objects.filter(status=Status.QUEUED).update(status=Status.DONE, finished_at=timezone.now(), **NOW)
    told = renewal.outlook(ann)
    assert (told.found, told.is_going) == (0, False)
    renewal.start(ann)
    assert Renewal.objects.get().queued == 0


def test_what_is_being_read_is_not_done_yet(ann: User, make_photo: Any) -> None:
    make_photo(ann, **OLD)
    renewal.start(ann)
    runs.claim_next()
    told = renewal.outlook(ann)
    assert (told.done, told.waiting, told.is_going) == (0, 1, True)


def test_progress_counts_what_does_not_wait_any_more(ann: User, five: list[Photo]) -> None:
    renewal.outlook(ann)
    renewal.start(ann)
    Analysis.objects.filter(photo__in=five[:2], status=Status.QUEUED).update(status=Status.DONE, **NOW)
    told = renewal.outlook(ann)
    assert (told.done, told.total, told.waiting) == (2, 5, 3)


def test_the_chore_is_there_and_rings_for_itself_while_there_is_more(
    monkeypatch: pytest.MonkeyPatch, chores_rung: list[str], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert portions.CHORE in {state.name for state in chores.states()}
    monkeypatch.setattr(portions, "go_on", lambda: True)
    with django_capture_on_commit_callbacks(execute=True):
        upkeep_of_analysis.queue_what_is_to_be_read_again()
    assert chores_rung == [portions.CHORE]


def test_the_chore_gives_way_when_its_time_is_over(ann: User, five: list[Photo]) -> None:
    Renewal.objects.create(person=ann, asked_at=timezone.now() - timedelta(minutes=1))
    assert portions.go_on(within_s=-1.0)
    assert not waiting(ann)
