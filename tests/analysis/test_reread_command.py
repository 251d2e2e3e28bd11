"""`manage.py reread`: after a new model the results of older ones are renewed, a part at a time."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from analysis.models import Analysis, Lane, Photo, Status, Worker


def reread(**options: Any) -> str:
    said = StringIO()
    call_command("reread", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def worker(db: None) -> Worker:
    return Worker.objects.create(host="h", pid=1, engine_version="e-2", model_version="m-2")


@pytest.fixture
def old(ann: User, make_photo: Any) -> list[Photo]:
    """Three photos with results of older models, the newest result first."""
    now = timezone.now()
    versions = (("e-1", "m-1"), ("e-1", "m-2"), ("e-2", "m-1"))
    return [
        make_photo(ann, engine_version=engine, model_version=model, finished_at=now - timedelta(days=days))
        for days, (engine, model) in enumerate(versions)
    ]


def queued() -> list[Photo]:
    """In the order of the line."""
    waiting = Analysis.objects.filter(status=Status.QUEUED).select_related("photo").order_by("lane", "turn", "pk")
    assert {analysis.lane for analysis in waiting} <= {Lane.RERUN}
    return [analysis.photo for analysis in waiting]


def test_the_oldest_results_are_renewed_first_and_current_ones_never(
    ann: User, make_photo: Any, old: list[Photo], worker: Worker
) -> None:
    make_photo(ann, engine_version="e-2", model_version="m-2")
    make_photo(ann, status=Status.FAILED)
    said = reread(limit=2)
    assert queued() == [old[2], old[1]]
    assert said.splitlines() == ["2 queued to be read again, 1 remain.", "Run this again for the next ones."]
    assert reread() == "1 queued to be read again, 0 remain.\n"
    assert reread() == "Every result is of the models that read now, or is about to be.\n"
    assert queued() == [old[2], old[1], old[0]]


def test_what_every_worker_of_an_upgrade_reads_with_counts_as_new(old: list[Photo], worker: Worker) -> None:
    Worker.objects.create(host="h", pid=2, engine_version="e-1", model_version="m-2")
    reread()
    assert queued() == [old[2], old[0]]


def test_the_line_is_filled_to_half_for_uploads_to_have_room(
    ann: User, make_photo: Any, old: list[Photo], worker: Worker, settings: Any
) -> None:
    settings.QUEUE_MAX = 4
    first, second = reread(), reread()
    assert first.startswith("2 queued to be read again, 1 remain.\nThe line is half full")
    assert second.startswith("0 queued to be read again, 1 remain.\nThe line is half full")
    assert len(queued()) == 2


def test_without_a_worker_it_says_what_to_do(old: list[Photo]) -> None:
    with pytest.raises(CommandError, match=r"No worker is there.*Start one"):
        reread()
    assert queued() == []


@pytest.mark.parametrize(
    ("later", "again"),
    [
        ({"status": Status.FAILED, "engine_version": "e-2", "model_version": "m-2"}, False),
        ({"status": Status.FAILED, "engine_version": "e-1", "model_version": "m-9"}, True),
        ({"status": Status.FAILED, "failure_code": "gave_up"}, False),
        ({"status": Status.CANCELLED}, False),
        ({"status": Status.DONE, "engine_version": "e-2", "model_version": "m-2"}, False),
    ],
)
def test_what_came_of_an_earlier_re_read_decides_about_the_next(
    ann: User, old: list[Photo], worker: Worker, later: dict[str, Any], again: bool
) -> None:
    Analysis.objects.create(photo=old[2], owner=ann, finished_at=timezone.now(), **later)
    reread()
    assert (old[2] in queued()) is again


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_that_is_none_is_refused(db: None, limit: str) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("reread", "--limit", limit)
