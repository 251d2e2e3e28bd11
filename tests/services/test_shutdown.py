"""SIGTERM to a worker with a long line: it finishes what is in its hands, leaves the rest and says goodbye in time."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.stack.installation import Installation
from tests.journey.conftest import wait_until

pytestmark = pytest.mark.slow

MANY = 48


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path, environment={"FACET_UPLOAD_MAX_FILES": str(MANY)}) as made:
        made.initialise(static=False)
        made.start_web()
        yield made


def states(api: httpx.Client) -> Counter[tuple[str, int]]:
    """How many analyses have which status and number of attempts."""
    found = api.get("/photos/", params={"page_size": 100}).raise_for_status().json()["results"]
    return Counter((photo["analysis"]["status"], photo["analysis"]["attempts"]) for photo in found)


def test_a_worker_that_is_stopped_loses_no_attempt_and_the_next_one_goes_on(
    installation: Installation, astronaut_jpeg: bytes
) -> None:
    headers = {"Authorization": f"Token {installation.token('ann@example.org')}"}
    wait_until(lambda: _alive(installation.url), seconds=60, what="the web server")
    with httpx.Client(base_url=f"{installation.url}/api/v1", headers=headers, timeout=60) as api:
        photos = [("photos", (f"{n}.jpg", astronaut_jpeg + bytes([n]))) for n in range(MANY)]
        api.post("/photos/", files=photos).raise_for_status()

        installation.start_worker()
        wait_until(lambda: states(api)["done", 1] >= 3, seconds=60, what="the first photos")
        installation.stop("worker")

        assert installation.process("worker").returncode == 0
        left = states(api)
        assert set(left) == {("done", 1), ("queued", 0)}, left
        installation.start_worker()
        wait_until(lambda: states(api) == {("done", 1): MANY}, seconds=60, what="the rest")


def _alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False
