"""Whatever dies, an upload that was accepted has exactly one outcome, in time. `make chaos` is the long form."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.services.chaos import hosts, outages
from tests.services.chaos.points import CHILD, POINTS, WEB
from tests.services.chaos.rig import WORKERS, Rig, rig
from tests.services.chaos.rounds import Tally, audit, play

pytestmark = [pytest.mark.services, pytest.mark.slow]

WAITING = 40
INNOCENT = 20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A small disk of its own for the photos; None where we may not mount one."""
    folder = tmp_path_factory.mktemp("disk")
    try:
        with hosts.small_disk(folder / "media") as small:
            yield small
    except PermissionError:
        yield None


@pytest.fixture(scope="module")
def scale_out(tmp_path_factory: pytest.TempPathFactory, disk: Path | None) -> Iterator[Rig]:
    """Web server, beat and two workers, over PostgreSQL and Redis."""
    with rig(tmp_path_factory.mktemp("scale-out"), slow_ms=20, media=disk) as hurt:
        yield hurt


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Everything under `manage.py up`."""
    with rig(tmp_path_factory.mktemp("laptop"), embedded=True) as hurt:
        yield hurt


def kept(tally: Tally) -> bool:
    """No complaint, and nothing that failed: every photo of a round is one that can be read."""
    assert not list(tally.complaints)
    assert tally.total("failed") == 0
    return True


@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_is_killed_on_the_way_of_a_photo_costs_nobody_a_result(scale_out: Rig, point: str) -> None:
    tally = play(scale_out, point, 1)
    assert kept(tally)
    assert max(tally.attempts, default=0) <= 2
    if point not in WEB:
        assert (tally.total("accepted"), tally.total("done"), tally.orphans) == (3, 3, 0)


@pytest.mark.parametrize("point", ["after_commit", *CHILD[1:4]])
def test_so_it_is_on_a_laptop(laptop: Rig, point: str) -> None:
    assert kept(play(laptop, point, 1))


@pytest.mark.parametrize("blow", [outages.broker_stopped, outages.broker_killed, outages.broker_flushed])
def test_a_broker_that_fails_is_only_a_delay(scale_out: Rig, blow: outages.Scenario) -> None:
    verdict = blow(scale_out, blow.__name__, WAITING)
    assert verdict.kept, verdict
    assert verdict.done == verdict.accepted >= WAITING
    assert (verdict.refused, verdict.unanswered) == ([], [])  # of the uploads that came meanwhile


@pytest.mark.parametrize("blow", [outages.database_restarted, outages.database_killed])
def test_a_database_that_fails_loses_nothing_that_was_accepted(scale_out: Rig, blow: outages.Scenario) -> None:
    verdict = blow(scale_out, blow.__name__, WAITING)
    assert verdict.kept, verdict
    assert verdict.failed == 0
    assert {answer[:3] for answer in verdict.refused} <= {"503"}
    assert verdict.done >= verdict.accepted >= WAITING  # of an upload that was not answered, the photo may be there


@pytest.mark.parametrize("point", ["read", "before_store_commit"])
def test_a_worker_that_stood_still_past_its_lease_stores_nothing_afterwards(scale_out: Rig, point: str) -> None:
    verdict = hosts.frozen(scale_out, f"frozen-{point}", point)
    assert verdict.kept, verdict
    assert verdict.done == 1
    refused = "result refused" if point == "read" else "idle-in-transaction timeout"
    assert scale_out.wait(lambda: any(refused in scale_out.installation.log(name) for name in WORKERS), 20)


def test_a_photo_that_kills_its_reader_fails_alone(scale_out: Rig) -> None:
    verdict, attempts = hosts.poisoned(scale_out, "poison", INNOCENT)
    assert verdict.kept, verdict
    assert (verdict.done, verdict.failed) == (INNOCENT, 1)
    (poison,) = scale_out.ledger.entries("poison-poison")
    assert (poison.failure, poison.attempts) == ("gave_up", 3)
    assert max(attempts) <= 2


def test_a_full_disk_is_said_and_leaves_nothing_behind(scale_out: Rig, disk: Path | None) -> None:
    if disk is None:
        pytest.skip("needs the right to mount a small disk")
    verdict, refused, left = hosts.disk_full(scale_out, "disk")
    assert verdict.kept, verdict
    assert verdict.done == verdict.accepted >= 3
    assert refused
    for answer in refused:
        assert answer.status_code == httpx.codes.INSUFFICIENT_STORAGE
        assert "no room" in answer.json()["detail"]
    assert not left


def test_in_the_end_all_that_was_ever_accepted_has_one_outcome(scale_out: Rig, laptop: Rig) -> None:
    for hurt in (scale_out, laptop):
        tally = audit(hurt)
        assert not list(tally.complaints)
        assert tally.total("accepted") > 0
