"""What Celery is told about each broker."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from analysis import tasks
from facet import broker
from facet.celery import app

REDIS, RABBITMQ = "redis://host:6379/0", "amqp://user:secret@host:5672//"


def test_only_rabbitmq_has_quorum_queues(tmp_path: Path) -> None:
    kinds = {url: {(queue.queue_arguments or {}).get("x-queue-type") for queue in broker.queues(url)} for url in (
        "filesystem://", REDIS, RABBITMQ, RABBITMQ.replace("amqp:", "amqps:"))}  # fmt: skip
    assert list(kinds.values()) == [{None}, {None}, {"quorum"}, {"quorum"}]


def test_sweep_and_chores_have_queues_of_their_own() -> None:
    names = {queue.name for queue in broker.queues(REDIS)}
    assert names == set(app.amqp.queues) == {*broker.READING, broker.CHORES}
    assert app.amqp.router.route({}, broker.CHORES_TASK)["queue"].name == broker.CHORES
    routed = app.amqp.router.route({}, broker.SWEEP_TASK)
    assert routed["queue"].name == broker.SWEEP
    assert app.amqp.router.route({}, "analysis.read")["queue"].name == broker.DOORBELL


def test_the_task_that_beat_rings_for_is_there() -> None:
    assert app.conf.beat_schedule["sweep"]["task"] == tasks.sweep.name


@pytest.mark.parametrize(("every", "expires"), [(1, 60), (10, 60), (100, 300)])
def test_sweeps_expire_but_not_before_clocks_may_differ(every: int, expires: int) -> None:
    sweep = broker.schedule(every)["sweep"]
    assert (sweep["schedule"], sweep["options"]["expires"]) == (every, expires)


def test_the_embedded_broker_gets_its_folders(tmp_path: Path) -> None:
    options = broker.options("filesystem://", folder=tmp_path / "broker", hard_limit_s=60)
    assert Path(options["data_folder_in"]).is_dir()
    assert Path(options["control_folder"]).is_dir()


def test_redis_hands_out_again_only_what_nobody_can_be_working_on(tmp_path: Path) -> None:
    assert broker.options(REDIS, folder=tmp_path, hard_limit_s=60)["visibility_timeout"] > 2 * 60


def client(url: str, folder: Path) -> Celery:
    """An application that is told the same about its broker as ours."""
    other = Celery("other", broker=url, set_as_current=False)
    other.conf.update(
        broker_use_ssl=broker.tls(url) or False,
        broker_connection_timeout=broker.CONNECT_WITHIN_S,
        broker_transport_options=broker.options(url, folder=folder, hard_limit_s=60),
        task_queues=broker.queues(url),
    )
    return other


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[bytes]]]:
    """The port of a server that takes connections and never says anything, and what it was told first by each."""
    for name in ("CONNECT_WITHIN_S", "ANSWER_WITHIN_S"):
        monkeypatch.setattr(broker, name, 0.2)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_listen, args=(server, heard), daemon=True).start()
        yield server.getsockname()[1], heard


def _listen(server: socket.socket, heard: list[bytes]) -> None:
    open_ones = []
    with suppress(OSError):  # the test is over
        while True:
            connection, _ = server.accept()
            open_ones.append(connection)
            heard.append(connection.recv(1))


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_says_nothing_is_given_up(scheme: str, mute: tuple[int, list[bytes]], tmp_path: Path) -> None:
    """Without the options this test would never end."""
    with pytest.raises(OperationalError):
        client(f"{scheme}://localhost:{mute[0]}", tmp_path).send_task("analysis.read", retry=False)


@pytest.mark.parametrize("scheme", ["rediss", "amqps"])
def test_a_secure_address_is_spoken_to_in_tls_only(scheme: str, mute: tuple[int, list[bytes]], tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        client(f"{scheme}://localhost:{mute[0]}", tmp_path).send_task("analysis.read", retry=False)
    assert set(mute[1]) == {b"\x16"}, "not a TLS handshake"
