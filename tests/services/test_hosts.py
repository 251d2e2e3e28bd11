"""Two worker hosts beside one with web server, broker and database. One is cut off with a photo in its hands."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.conf import settings

from benchmarks.stack.installation import Installation
from benchmarks.stack.servers import Postgres, RabbitMQ, Redis, Server
from tests.journey.conftest import wait_until
from tests.services.conftest import UNHURRIED, Person
from tests.services.networks import Network, NoNamespacesError

pytestmark = [pytest.mark.services, pytest.mark.slow]

LEASE_S = 3
SWEEP_S = 2
BROKERS: dict[str, Callable[..., Server]] = {"redis": Redis, "rabbitmq": RabbitMQ}


@dataclass
class Hosts:
    """An installation whose workers `north` and `south` are on hosts of their own."""

    network: Network
    facet: Installation
    database_url: str

    def signal(self, worker: str, number: signal.Signals) -> None:
        """To all processes of a worker."""
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.facet.process(worker).pid)
            for process in [parent, *parent.children(recursive=True)]:
                process.send_signal(number)

    def count(self, status: str) -> int:
        with psycopg.connect(self.database_url) as connection:
            query = "SELECT count(*) FROM analysis_analysis WHERE status = %s"
            (found,) = connection.execute(query, [status]).fetchone() or (0,)
            return int(found)

    def freeze_with_a_photo(self, worker: str) -> None:
        """Let a worker that stands still go on until it holds a photo, while the other ones hold none.

        A photo is in its hands for some milliseconds, so it goes on for as short, each time a little longer.
        """
        for attempt in range(400):
            self.signal(worker, signal.SIGCONT)
            time.sleep(0.003 * (1 + attempt % 10))
            self.signal(worker, signal.SIGSTOP)
            time.sleep(0.1)  # what it had sent before arrives
            if self.count("running"):
                return
        raise AssertionError(f"{worker} never held a photo")


@pytest.fixture(params=["redis", "rabbitmq"])
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosts]:
    try:
        with Network() as network:
            at = {name: network.add(name) for name in ("north", "south")}
            yield from _started(network, at, BROKERS[request.param], tmp_path)
    except NoNamespacesError as error:
        pytest.skip(str(error))


def _started(
    network: Network, at: dict[str, tuple[str, ...]], kind: Callable[..., Server], folder: Path
) -> Iterator[Hosts]:
    host = network.address
    environment = {
        **UNHURRIED, "FACET_ANALYSIS_LEASE_S": str(LEASE_S), "FACET_SWEEP_EVERY_S": str(SWEEP_S),
        "FACET_LOG_LEVEL": "INFO",
    }  # fmt: skip
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres(folder / "postgres", host=host))
        broker = stack.enter_context(kind(folder / "broker", host=host))
        urls = {"database_url": postgres.url, "broker_url": broker.url}
        facet = stack.enter_context(Installation(folder / "facet", **urls, environment=environment, host=host))
        facet.initialise(static=False)
        facet.start_web()
        facet.start_beat()
        for name, prefix in at.items():
            facet.start_worker(name, prefix=prefix)
        facet.wait_until_ready(90)
        hosts = Hosts(network, facet, postgres.url)
        wait_until(lambda: _warm(postgres.url) == 2, seconds=60, what="both workers")
        try:
            yield hosts
        finally:
            for name in at:
                network.mend(name)
                hosts.signal(name, signal.SIGCONT)


def _warm(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        (found,) = connection.execute("SELECT count(*) FROM analysis_worker").fetchone() or (0,)
        return int(found)


@pytest.fixture
def ann(hosts: Hosts, ann_of: Callable[[Installation], Any]) -> Iterator[Person]:
    with ann_of(hosts.facet) as person:
        yield person


def test_what_a_host_held_when_it_was_cut_off_is_read_by_the_other(hosts: Hosts, ann: Person) -> None:
    for name in ("north", "south"):  # or a quick one has read them all before it can be stopped
        hosts.signal(name, signal.SIGSTOP)
    ids = ann.upload(30)
    hosts.freeze_with_a_photo("north")
    hosts.network.cut("north")
    hosts.signal("north", signal.SIGCONT)
    hosts.signal("south", signal.SIGCONT)

    assert ann.outcomes(ids, seconds=90) == [("done", 1)] * 30
    assert sorted(ann.analysis(uuid)["attempts"] for uuid in ids) == [1] * 29 + [2]

    hosts.network.mend("north")
    wait_until(lambda: "result refused" in hosts.facet.log("north"), seconds=60, what="the late result")
    assert ann.outcomes(ids) == [("done", 1)] * 30

    hosts.facet.stop("south")
    assert ann.outcomes(ann.upload(3), seconds=90) == [("done", 1)] * 3


def test_a_host_that_was_away_for_long_comes_back_by_itself(hosts: Hosts, ann: Person) -> None:
    """For longer than its connections live: it has to make new ones to database and broker."""
    longest_s = settings.POSTGRES_OPTIONS["tcp_user_timeout"] / 1000
    hosts.network.cut("north")
    time.sleep(longest_s + 5)
    hosts.network.mend("north")
    hosts.facet.stop("south")
    assert ann.outcomes(ann.upload(3), seconds=120) == [("done", 1)] * 3
