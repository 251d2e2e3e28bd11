"""Workers act on messages that this installation signed, and on nothing else."""

import pickle
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery, Task
from celery.contrib.testing.worker import start_worker
from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from django.core import signing
from django.db import DatabaseError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from kombu import Message, Queue
from kombu.utils import json

from analysis import workers
from analysis.models import Refusal
from facet import signed
from facet.celery import app
from tests.journey.conftest import wait_until

TASK, OTHER = "tests.read", "tests.other"


@pytest.fixture
def done() -> list[Any]:
    """What the worker did."""
    return []


@pytest.fixture
def node(done: list[Any]) -> Celery:
    """An application that is told the same about signatures as ours, over a broker in memory."""
    other = Celery("other", broker="memory://localhost", set_as_current=False)
    told = ("task_serializer", "event_serializer", "accept_content", "worker_consumer")
    other.conf.update({name: app.conf[name] for name in told}, broker_transport_options={"polling_interval": 0.01})
    other.conf.task_queues = [Queue("celery", routing_key="celery")]
    other.control.mailbox.node_cls = signed.Node  # type: ignore[attr-defined]

    def note(task: "Task[Any, Any]", *arguments: str) -> None:
        done.append([task.name, *arguments])

    for name in (TASK, OTHER):
        other.task(name=name, bind=True, shared=False)(note)
    return other


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reasons of messages that were refused, in place of a database that another thread would need."""
    reasons: list[str] = []
    monkeypatch.setattr(signed.refusals, "tell", lambda refused: reasons.append(str(refused)))
    return reasons


@pytest.fixture
def worker(node: Celery, refused: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for signal in (worker_process_init, worker_ready, worker_shutting_down):
        monkeypatch.setattr(signal, "receivers", [])  # this worker has no models and no database
    with start_worker(node, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        yield
    app.set_current()  # start_worker made the other one so
    app.set_default()


def written(*arguments: Any, task: str = TASK) -> Message:
    """A message as it lies in the queue, for somebody to change."""
    headers = {"lang": "py", "task": task, "id": "1", "expires": None}
    body: list[Any] = [list(arguments), {}, {"callbacks": None}]
    signed.seal(body=body, headers=headers)
    return Message(body=signed.dumps(body), content_type=signed.CONTENT_TYPE, headers=headers)


def why_not(message: Message) -> str:
    with pytest.raises(signed.RefusedError) as refused:
        signed.headers(message)
    return str(refused.value)


def test_what_was_signed_says_what_was_said() -> None:
    assert signed.headers(written("x"))["task"] == TASK
    assert signed.opened(written("x"))[0] == ["x"]


def test_headers_that_were_added_or_changed_on_the_way_are_not_looked_at() -> None:
    message = written()
    message.headers.update(task=OTHER, eta="2040-01-01T00:00:00", timelimit=[1, 1], compression=None)
    assert signed.headers(message) == {"lang": "py", "task": TASK, "id": "1", "expires": None}


@pytest.mark.parametrize("content_type", ["application/json", "application/data", "text/plain", None])
def test_another_content_type_is_refused_whatever_is_in_it(content_type: str | None) -> None:
    message = written()
    message.content_type = content_type
    assert why_not(message) == "unsigned"


@pytest.mark.parametrize("body", [None, b"", "", b"\xff\xfe", "no:signature", ".e:a:b", "[]", "a:b:c:d"])
def test_what_is_no_signed_text_is_refused(body: Any) -> None:
    assert why_not(Message(body=body, content_type=signed.CONTENT_TYPE)) == "forged"


@pytest.mark.parametrize(
    "value",
    [None, "text", {}, {"method": "shutdown"}, [], [[], {}, {}], [[], {}, {"sealed": {}}],
     [[], {}, {"sealed": {"task": TASK}}], [[], {}, {"sealed": {"task": 1, "id": "1"}}]],
)  # fmt: skip
def test_what_was_signed_for_another_purpose_is_no_task(value: Any) -> None:
    assert why_not(Message(body=signed.dumps(value), content_type=signed.CONTENT_TYPE)) == "forged"


def test_the_same_key_under_another_purpose_signs_no_message() -> None:
    forged = signing.dumps([[], {}, {"sealed": {"task": TASK, "id": "1"}}], salt="facet.other")
    assert why_not(Message(body=forged, content_type=signed.CONTENT_TYPE)) == "forged"


def test_another_key_signs_no_message_and_one_of_before_does(settings: Any) -> None:
    message, before = written("x"), settings.SECRET_KEY
    with override_settings(SECRET_KEY="another" * 10):
        assert why_not(message) == "forged"
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[before]):
        assert signed.headers(message)["task"] == TASK


def test_what_is_sent_again_later_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    message, now = written(), time.time()
    monkeypatch.setattr("time.time", lambda: now + signed.GOOD_FOR_S - 5)
    assert signed.headers(message)
    monkeypatch.setattr("time.time", lambda: now + signed.GOOD_FOR_S + 5)
    assert why_not(message) == "old"


@given(st.data())
def test_no_change_of_a_single_place_is_believed(data: st.DataObject) -> None:
    body = str(written("x").body)
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.characters(max_codepoint=255).filter(lambda letter: letter != body[place]))
    changed = body[:place] + other + body[place + 1 :]
    assert why_not(Message(body=changed, content_type=signed.CONTENT_TYPE)) == "forged"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200)), st.text(max_size=20))
def test_nothing_made_up_is_believed_or_raises_anything_else(body: bytes | str, content_type: str) -> None:
    assert why_not(Message(body=body, content_type=content_type)) == "unsigned"
    assert why_not(Message(body=body, content_type=signed.CONTENT_TYPE)) == "forged"


def publish(node: Celery, message: Message) -> None:
    """As somebody would who reaches the broker and knows no key."""
    with node.connection_for_write() as connection:
        connection.Producer().publish(
            message.body, routing_key="celery", serializer="raw", content_type=message.content_type,
            content_encoding="utf-8", headers=message.headers,
        )  # fmt: skip


def test_a_worker_refuses_what_is_forged_and_goes_on(
    node: Celery, worker: None, done: list[Any], refused: list[str]
) -> None:
    plain = written("plain")
    plain.body, plain.content_type = json.dumps([["plain"], {}, {}]), "application/json"
    pickled = written("pickled")
    pickled.body, pickled.content_type = pickle.dumps([["pickled"], {}, {}]), "application/x-python-serialize"
    renamed = written("renamed")
    renamed.headers = {**renamed.headers, "task": OTHER}
    nameless = Message(body="x", content_type="text/plain", headers={})
    packed = written("packed")
    packed.headers = {**packed.headers, "compression": "application/x-gzip"}
    for message in (plain, pickled, renamed, nameless, packed):
        publish(node, message)
    node.send_task(TASK, ["last"], expires=300)
    wait_until(lambda: [TASK, "last"] in done, seconds=30, what="the message of our own")
    assert done == [[TASK, "renamed"], [TASK, "last"]], "a header that is not sealed was believed"
    assert refused == ["unsigned", "unsigned", "unsigned", "forged"]


def test_workers_are_asked_and_answer_in_signed_messages_only(
    node: Celery, worker: None, refused: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers() -> bool:
        return bool(node.control.ping(timeout=1, limit=1))

    assert answers()
    mailbox = node.control.mailbox  # type: ignore[attr-defined]
    for serializer in ("json", "pickle"):
        with monkeypatch.context() as forging:
            forging.setattr(mailbox, "serializer", serializer)
            node.control.broadcast("shutdown")
    assert answers()
    assert refused == ["unsigned", "unsigned"]


def test_an_order_to_workers_cannot_be_given_again_later(refused: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr("kombu.pidbox.Node.handle_message", lambda _, asked, __: heard.append(asked["method"]))
    node, now = object.__new__(signed.Node), time.time()
    order = Message(body=signed.dumps({"method": "shutdown"}), content_type=signed.CONTENT_TYPE)
    node.handle_message({"method": "something else"}, order)
    assert heard == ["shutdown"], "done is what was signed"
    monkeypatch.setattr("time.time", lambda: now + signed.CONTROL_GOOD_FOR_S + 5)
    node.handle_message({"method": "shutdown"}, order)
    monkeypatch.undo()
    assert heard == ["shutdown"]


def test_a_task_is_no_order_to_workers(refused: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    object.__new__(signed.Node).handle_message([], written())
    assert refused == ["forged"]


@pytest.mark.parametrize("name", ["task_serializer", "result_serializer", "event_serializer"])
def test_all_that_celery_writes_is_signed(name: str) -> None:
    assert app.conf[name] == signed.SERIALIZER
    assert list(app.conf.accept_content) == [signed.SERIALIZER]


def test_refusals_are_said_and_counted_without_what_they_hold(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, transactional_db: None
) -> None:
    refusals, now = signed.Refusals(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for reason in ("forged", "forged", "unsigned"):
        refusals.tell(signed.RefusedError(reason))
    assert workers.refused() == {"unsigned": 0, "forged": 1, "old": 0}, "the database was flooded"
    now[0] += signed.COUNT_EVERY_S
    refusals.tell(signed.RefusedError("old"))
    assert workers.refused() == {"unsigned": 1, "forged": 2, "old": 1}
    assert [record.levelname for record in caplog.records if record.name == signed.log.name] == [
        *["WARNING"] * 3, "INFO",
    ]  # fmt: skip
    assert "FACET_SECRET_KEY" in caplog.text


def test_a_database_that_is_away_costs_no_count(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    def away(times: object) -> None:
        raise DatabaseError

    refusals, now = signed.Refusals(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with monkeypatch.context() as broken:
        broken.setattr(workers, "count_refused", away)
        refusals.tell(signed.RefusedError("forged"))
    now[0] += signed.COUNT_EVERY_S
    refusals.tell(signed.RefusedError("forged"))
    assert Refusal.objects.get().count == 2


def test_every_reason_is_told_to_metrics_before_the_first(db: None) -> None:
    assert set(workers.refused()) == {"unsigned", "forged", "old"}
