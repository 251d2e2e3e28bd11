"""How many photos of a person could be read again, and when that is counted anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis.models import Analysis, Keep, Photo, Renewal, Status, Worker
from analysis.renewal import portions, services
from tests.conftest import agree

NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}
WITHOUT_GENDER = {"gender": "", "gender_confidence": None}
WITHOUT_EMOTION = {"emotion": "", "emotion_confidence": None, "probabilities": None}
SOON = services.WHILE_ASKED_S


def found(person: User, **options: float) -> int:
    return services.outlook(person, **options).found


@pytest.mark.usefixtures("worker")
def test_what_older_models_read_and_what_lacks_something_agreed_to_is_counted(ann: User, make_photo: Any) -> None:
    make_photo(ann, **OLD)
    make_photo(ann, faces=[WITHOUT_GENDER], **NOW)
    make_photo(ann, faces=[{}, WITHOUT_EMOTION], **NOW)
    make_photo(ann, **NOW)
    make_photo(ann, faces=[], **NOW)  # no face, so it lacks nothing
    told = services.outlook(ann)
    assert (told.found, told.lacking, told.not_kept, told.is_counting) == (3, 2, 0, False)


@pytest.mark.parametrize(("lacks", "purpose"), [(WITHOUT_GENDER, Purpose.GENDER), (WITHOUT_EMOTION, Purpose.EMOTION)])
@pytest.mark.usefixtures("worker")
def test_what_is_not_agreed_to_is_not_lacking(ann: User, make_photo: Any, lacks: Any, purpose: Purpose) -> None:
    make_photo(ann, faces=[lacks], **NOW)
    agree(ann, *(each for each in Purpose if each != purpose))
    assert found(ann) == 0
    agree(ann)
    assert found(ann) == 1


@pytest.mark.usefixtures("worker")
def test_who_agrees_to_nothing_lacks_nothing_and_is_told_of_newer_models(ann: User, make_photo: Any) -> None:
    make_photo(ann, faces=[WITHOUT_GENDER], **NOW)
    make_photo(ann, **OLD)
    agree(ann, Purpose.SUGGESTIONS)
    told = services.outlook(ann)
    assert (told.found, told.lacking) == (1, 0)


def test_without_a_worker_only_what_is_agreed_to_counts(ann: User, make_photo: Any) -> None:
    make_photo(ann, **OLD)
    make_photo(ann, faces=[WITHOUT_GENDER], **OLD)
    assert found(ann) == 1


@pytest.mark.usefixtures("worker")
def test_expressions_are_not_missed_where_they_are_not_offered(ann: User, make_photo: Any, settings: Any) -> None:
    settings.WORKPLACE = True
    make_photo(ann, faces=[WITHOUT_EMOTION], **NOW)
    assert found(ann) == 0


@pytest.mark.usefixtures("worker")
def test_pictures_that_were_not_kept_are_counted_apart(ann: User, make_photo: Any) -> None:
    gone = make_photo(ann, **OLD)
    Photo.objects.filter(pk=gone.pk).update(image="", thumbnail="", keep=Keep.RESULTS)
    make_photo(ann, **OLD)
    told = services.outlook(ann)
    assert (told.found, told.not_kept) == (1, 1)


@pytest.mark.usefixtures("worker")
def test_photos_of_others_are_not_counted(ann: User, ben: User, make_photo: Any) -> None:
    make_photo(ben, **OLD)
    assert found(ann) == 0
    assert found(ben) == 1


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ({"status": Status.QUEUED}, False),
        ({"status": Status.RUNNING}, False),
        ({"status": Status.CANCELLED}, True),  # who asks for all wants that one too
        ({"status": Status.FAILED, "failure_code": "gave_up"}, False),
        ({"status": Status.FAILED, **NOW}, False),
        ({"status": Status.FAILED, **OLD}, True),
        ({"status": Status.DONE, **NOW}, False),
        ({"status": Status.DONE, **OLD}, True),
    ],
)
@pytest.mark.usefixtures("worker")
def test_what_came_of_a_later_reading_decides(ann: User, make_photo: Any, later: dict[str, Any], counts: bool) -> None:
    photo = make_photo(ann, **OLD)
    finished = None if later["status"] in {Status.QUEUED, Status.RUNNING} else timezone.now()
    Analysis.objects.create(photo=photo, owner=ann, finished_at=finished, **later)
    assert found(ann) == counts


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.FAILED, Status.CANCELLED])
@pytest.mark.usefixtures("worker")
def test_photos_without_a_result_are_not_read_again_but_tried_again(ann: User, make_photo: Any, status: Status) -> None:
    make_photo(ann, status=status)
    assert found(ann) == 0


@pytest.mark.usefixtures("worker")
def test_a_count_holds_for_a_while_and_a_close_look_counts_anew(ann: User, make_photo: Any) -> None:
    make_photo(ann, **OLD)
    assert found(ann) == 1
    make_photo(ann, **OLD)
    assert found(ann) == 1
    assert found(ann, within_s=SOON) == 2
    make_photo(ann, **OLD)
    Renewal.objects.update(through_at=timezone.now() - services.FRESH_FEW - timedelta(seconds=1))
    assert found(ann) == 3


def test_new_models_and_new_consent_end_what_a_count_holds(ann: User, make_photo: Any, worker: Worker) -> None:
    make_photo(ann, faces=[WITHOUT_GENDER], **NOW)
    agree(ann, Purpose.AGE)
    assert found(ann) == 0
    agree(ann)
    assert found(ann) == 1
    agree(ann, Purpose.AGE)
    assert found(ann) == 0
    Worker.objects.update(model_version="facetrio-2")
    assert found(ann) == 1


def test_a_worker_that_is_away_for_a_moment_changes_nothing(ann: User, make_photo: Any, worker: Worker) -> None:
    make_photo(ann, **OLD)
    assert found(ann) == 1
    Worker.objects.all().delete()
    assert found(ann) == 1


@pytest.mark.usefixtures("worker")
def test_many_are_counted_portion_by_portion_and_the_chore_ends_it(
    ann: User,
    make_photo: Any,
    monkeypatch: pytest.MonkeyPatch,
    chores_rung: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(portions, "PORTION", 2)
    for _ in range(5):
        make_photo(ann, **OLD)
    with django_capture_on_commit_callbacks(execute=True):
        told = services.outlook(ann)
    assert (told.found, told.is_counting) == (2, True)
    assert chores_rung[-1] == portions.CHORE
    told = services.outlook(ann)  # a page that is looked at again does not count, and does not begin anew
    assert (told.found, told.is_counting) == (2, True)
    assert not portions.go_on()
    told = services.outlook(ann)
    assert (told.found, told.is_counting) == (5, False)


@pytest.mark.usefixtures("worker")
def test_photos_of_one_moment_are_neither_skipped_nor_counted_twice(
    ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "PORTION", 2)
    for _ in range(5):
        make_photo(ann, **OLD)
    Photo.objects.update(created_at=timezone.now())
    services.outlook(ann)
    portions.go_on()
    assert services.outlook(ann).found == 5
    assert Renewal.objects.get().looked == 5


@pytest.mark.usefixtures("worker")
def test_a_count_that_holds_costs_two_questions(ann: User, make_photo: Any, django_assert_num_queries: Any) -> None:
    make_photo(ann, **OLD)
    services.outlook(ann)
    with django_assert_num_queries(2):  # the count with the newest word about consent, and the models
        services.outlook(ann)
