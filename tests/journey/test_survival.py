"""Stopping, killing, starting again: nothing is lost, nothing is done twice, nothing is left behind."""

import os
import signal
import subprocess

import httpx
import pytest

from tests.journey.conftest import Product, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def frozen_workers(product: Product) -> None:
    """Workers that take nothing, so that what is uploaded waits."""
    for process in product.workers():
        process.send_signal(signal.SIGSTOP)


def upload_ten(api: httpx.Client, photo: bytes) -> list[str]:
    """Ten that differ: the same file again would be the same photo."""
    files = [("photos", (f"{number}.jpg", photo + os.urandom(8))) for number in range(10)]
    return [accepted["id"] for accepted in api.post("/photos/", files=files).raise_for_status().json()["accepted"]]


def all_done(api: httpx.Client, ids: list[str]) -> list[dict[str, object]] | None:
    found = [api.get(f"/photos/{uuid}/").raise_for_status().json()["analysis"] for uuid in ids]
    return found if all(analysis["status"] in {"done", "failed"} for analysis in found) else None


def test_ten_waiting_photos_survive_a_kill_and_are_read_once_each(
    product: Product, api: httpx.Client, astronaut_jpeg: bytes, frozen_workers: None
) -> None:
    ids = upload_ten(api, astronaut_jpeg)
    product.kill(everything=True)
    product.start(within=60)
    done = wait_until(lambda: all_done(api, ids), seconds=60, what="ten analyses")
    assert [analysis["status"] for analysis in done] == ["done"] * 10
    assert [len(analysis["faces"]) for analysis in done] == [1] * 10  # type: ignore[arg-type]
    # one photo may have been in a worker's hands at the kill; the others are on their first attempt
    assert sorted(int(str(analysis["attempts"])) for analysis in done)[:9] == [1] * 9


def test_a_kill_in_the_middle_of_the_work_loses_nothing(
    product: Product, api: httpx.Client, astronaut_jpeg: bytes
) -> None:
    ids = upload_ten(api, astronaut_jpeg)
    product.kill(everything=False)
    product.start(within=60)
    done = wait_until(lambda: all_done(api, ids), seconds=60, what="ten analyses")
    assert [(analysis["status"], len(analysis["faces"])) for analysis in done] == [("done", 1)] * 10  # type: ignore[arg-type]


def test_a_worker_that_is_killed_comes_back_and_the_work_goes_on(
    product: Product, api: httpx.Client, astronaut_jpeg: bytes
) -> None:
    for process in product.workers():
        process.kill()
    ids = upload_ten(api, astronaut_jpeg)
    done = wait_until(lambda: all_done(api, ids), seconds=60, what="ten analyses")
    assert [analysis["status"] for analysis in done] == ["done"] * 10


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({}, "Facet already runs from this folder"), ({"FACET_VAR_DIR": "second"}, "is taken by another program")],
)
def test_a_second_start_and_a_taken_port_are_clear_sentences(
    product: Product, more: dict[str, str], sentence: str
) -> None:
    again = subprocess.run(
        ["make", "run", f"PORT={product.port}"],
        cwd=product.folder,
        env=product.environment() | more,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode != 0
    assert sentence in again.stderr
    assert "Traceback" not in again.stderr + again.stdout


def test_ctrl_c_stops_everything_and_the_next_start_needs_no_installation(product: Product) -> None:
    product.interrupt()
    assert product.processes() == []
    before = len(product.said())
    product.start(within=60)
    assert "Installing" not in product.said()[before:]
    assert "Traceback" not in product.said()
    assert "Password:" not in product.said()[before:]
