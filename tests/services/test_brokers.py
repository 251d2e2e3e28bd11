"""The whole path over PostgreSQL with each broker: upload over HTTP to stored result, whatever the broker does."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import Celery
from django.conf import settings

from benchmarks.stack.installation import Installation
from benchmarks.stack.servers import RabbitMQ, Redis, Server
from facet import signed
from facet.broker import queues
from facet.env import BASE_DIR
from tests.journey.conftest import wait_until
from tests.services.conftest import UNHURRIED, Person, own_database

pytestmark = [pytest.mark.services, pytest.mark.slow]
OWN = {"redis": (Redis, "redis-server"), "rabbitmq": (RabbitMQ, "rabbitmq-server")}


@contextmanager
def running(folder: Path, broker_url: str) -> Iterator[Installation]:
    """Over a database of its own: a worker of another installation would look for the photos in another folder."""
    environment = {**UNHURRIED, "FACET_SWEEP_EVERY_S": "2", "FACET_LOG_LEVEL": "INFO"}
    with (
        own_database() as database,
        Installation(folder, database_url=database, broker_url=broker_url, environment=environment) as facet,
    ):
        facet.initialise(static=False)
        facet.start_web()
        facet.start_worker()
        facet.start_chores()
        facet.start_beat()
        facet.wait_until_ready(90)
        yield facet


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def given(request: pytest.FixtureRequest, folder: Path) -> Iterator[Installation]:
    """Over the servers that the environment names."""
    urls = {
        "redis": f"{os.environ['FACET_TEST_REDIS_URL'].rstrip('/')}/8",
        "rabbitmq": os.environ["FACET_TEST_AMQP_URL"],
    }
    with running(folder / request.param, urls[request.param]) as facet:
        yield facet


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def own(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[Installation, Server]]:
    """Over a broker of our own, which a test may stop."""
    kind, program = OWN[request.param]
    if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip(f"{program} is not installed")
    with kind(folder / f"own-{request.param}") as broker:
        url = f"{broker.url}/0" if request.param == "redis" else broker.url
        with running(folder / f"facet-{request.param}", url) as facet:
            yield facet, broker


@pytest.fixture
def ann(given: Installation, ann_of: Callable[[Installation], Any]) -> Iterator[Person]:
    with ann_of(given) as person:
        yield person


def test_from_upload_to_stored_result(ann: Person) -> None:
    ids = ann.upload(5)
    assert ann.outcomes(ids) == [("done", 1)] * 5
    assert ann.api.delete(f"/photos/{ids[0]}/").status_code == 204


def test_workers_keep_their_connections_and_make_new_ones_when_these_break(ann: Person, given: Installation) -> None:
    with psycopg.connect(given.environment["DATABASE_URL"], autocommit=True) as connection:
        ann.outcomes(ann.upload())
        before = sessions(connection)
        for _ in range(12):  # one after the other, so that each is a message and a task of its own
            ann.outcomes(ann.upload())
        assert sessions(connection) - before < 8  # threads of the web server may have their first
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        ids = ann.upload()
        assert ann.outcomes(ids) == [("done", 1)]
        assert connection.execute("SELECT max(attempts) FROM analysis_analysis").fetchone() == (1,)


def sessions(connection: "psycopg.Connection[Any]") -> int:
    """Connections that were ever made to this database."""
    found = connection.execute("SELECT sessions FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert found is not None
    return int(found[0])


def test_beat_finds_what_no_message_told_of(ann: Person, given: Installation) -> None:
    """A message that the broker lost costs a delay and not the photo."""
    ids = ann.upload()
    ann.outcomes(ids)
    with psycopg.connect(given.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DELETE FROM analysis_face")
        connection.execute("UPDATE analysis_analysis SET status = 'queued', due_at = now() - interval '1 minute'")
    assert ann.outcomes(ids) == [("done", 1)]


def test_chores_are_done_beside_the_photos(ann: Person, given: Installation) -> None:
    def done() -> bool:
        with psycopg.connect(given.environment["DATABASE_URL"], autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM accounts_chore WHERE succeeded_at IS NOT NULL")
            return found.fetchone() is not None

    wait_until(done, seconds=60, what="the first chore")


def test_a_broker_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    own: tuple[Installation, Server], ann_of: Callable[[Installation], Any]
) -> None:
    facet, broker = own
    with ann_of(facet) as ann:
        ids = ann.upload(10)
        broker.kill()
        ids += ann.upload(5)
        broker.start()
        ids += ann.upload(5)
        assert ann.outcomes(ids, seconds=120) == [("done", 1)] * 20


def test_a_broker_that_answers_nothing_delays_an_upload_and_no_more(
    own: tuple[Installation, Server], ann_of: Callable[[Installation], Any]
) -> None:
    facet, broker = own
    with ann_of(facet) as ann:
        broker.process.send_signal(signal.SIGSTOP)
        try:
            ids = ann.upload(2)  # the client gives up after 60 s
        finally:
            broker.process.send_signal(signal.SIGCONT)
        assert ann.outcomes(ids, seconds=120) == [("done", 1)] * 2


def test_a_forged_message_is_refused_and_the_worker_goes_on(ann: Person, given: Installation) -> None:
    """With another key, without any, and as an order to stop: by somebody who reaches the broker."""
    before = refused(given)
    for serializer in (signed.SERIALIZER, "json", "pickle"):  # the key of tests is not that of the installation
        stranger = stranger_at(given, serializer)
        stranger.send_task("analysis.read", queue="celery")
        stranger.control.broadcast("shutdown")
    wait_until(lambda: refused(given) > before, seconds=30, what="the first refusal in the database")
    assert ann.outcomes(ann.upload(2)) == [("done", 1)] * 2
    for name in ("worker", "chores"):
        assert given.process(name).poll() is None, f"{name} obeyed a stranger"
        assert given.log(name).count("a message was refused: unsigned") >= 2
        assert "Traceback" not in given.log(name)


def test_the_operator_still_reaches_the_workers(given: Installation) -> None:
    command = [sys.executable, "-m", "celery", "--app", "facet", "inspect", "ping", "--timeout", "10"]
    done = subprocess.run(command, env=given.environment, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("pong")) == (0, 2), done.stderr


def refused(facet: Installation) -> int:
    with psycopg.connect(facet.environment["DATABASE_URL"], autocommit=True) as connection:
        (count,) = connection.execute("SELECT coalesce(sum(count), 0) FROM analysis_refusal").fetchone() or (0,)
        return int(count)


def stranger_at(facet: Installation, serializer: str) -> Celery:
    """Somebody who reaches the broker and knows how Facet speaks to it, but not its key."""
    url = facet.environment["FACET_BROKER_URL"]
    other = Celery("stranger", broker=url, set_as_current=False)
    other.conf.update(task_queues=queues(url), task_serializer=serializer)
    return other


@pytest.mark.parametrize("own", ["rabbitmq"], indirect=True)
def test_all_queues_of_rabbitmq_outlive_a_node(own: tuple[Installation, Server]) -> None:
    _, broker = own
    assert isinstance(broker, RabbitMQ)
    types = dict(line.split("\t") for line in broker.control("list_queues", "name", "type").splitlines()[1:])
    assert {name: types.get(name) for name in ("celery", "sweep", "chores")} == dict.fromkeys(
        ("celery", "sweep", "chores"), "quorum"
    )


def test_a_connection_to_postgresql_notices_on_both_sides_that_the_other_is_gone() -> None:
    with psycopg.connect(os.environ["FACET_TEST_DATABASE_URL"], **settings.POSTGRES_OPTIONS) as connection:
        (on_server,) = connection.execute("SHOW tcp_user_timeout").fetchone() or ("",)
        (idle,) = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() or ("",)
        assert (on_server, idle) == ("15000", "30s")
        assert connection.info.get_parameters()["tcp_user_timeout"] == "15000"
