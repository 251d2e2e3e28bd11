"""Messages are sent at least once, tried again more and more rarely, and keep nobody else waiting."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from accounts import chores, upkeep
from accounts.models import User
from accounts.webhooks import delivery, outbox, services
from accounts.webhooks.events import Event
from accounts.webhooks.models import Disabled, State, Trouble, Webhook, WebhookDelivery
from accounts.webhooks.sending import Outcome

TAKEN = Outcome("", 204, "", 3)
REFUSED = Outcome(Trouble.STATUS, 503, "later", 3)
Sent = list[tuple[str, dict[str, str], bytes]]
pytestmark = pytest.mark.django_db(transaction=True)


def answering(*outcomes: Outcome) -> tuple[Sent, Callable[..., Outcome]]:
    """What was sent, and what sends: the last outcome for all that follow."""
    sent: Sent = []

    def post(url: str, headers: dict[str, str], body: bytes) -> Outcome:
        sent.append((url, headers, body))
        return outcomes[min(len(sent), len(outcomes)) - 1]

    return sent, post


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("webhook").get()


def pass_time(**by: float) -> None:
    """As if so much time had passed."""
    earlier = timedelta(**by)
    WebhookDelivery.objects.update(due_at=F("due_at") - earlier)
    WebhookDelivery.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - earlier)
    for name in ("paused_until", "failing_since"):
        Webhook.objects.exclude(**{name: None}).update(**{name: F(name) - earlier})


def test_a_ping_is_sent_signed_and_noted(make_webhook: Any, ann: User, chores_rung: list[str]) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    assert chores_rung[-1:] == ["webhooks"]
    sent, post = answering(Outcome("", 200, "thanks", 12))
    assert delivery.deliver_due(post) is False
    ((url, headers, body),) = sent
    told = json.loads(body)
    assert (url, told["type"], told["data"]) == (webhook.url, "ping", {})
    assert set(headers) == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    noted = only()
    assert (noted.state, noted.attempts, noted.status_code, noted.answer) == (State.DELIVERED, 1, 200, "thanks")
    assert noted.ended_at is not None
    assert (noted.lease_token, headers["webhook-id"]) == (None, noted.message_id)
    assert "." not in noted.message_id
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 5


def test_what_fails_is_tried_again_by_the_schedule_with_the_same_id_and_then_given_up(
    make_webhook: Any, ann: User
) -> None:
    services.ping(make_webhook(ann))
    sent, post = answering(REFUSED)
    for attempt, wait in enumerate(delivery.AGAIN_S, start=1):
        delivery.deliver_due(post)
        noted = only()
        assert (len(sent), noted.attempts, noted.state) == (attempt, attempt, State.WAITING)
        assert wait - 2 <= (noted.due_at - timezone.now()).total_seconds() <= wait * 1.2
        delivery.deliver_due(post)
        assert len(sent) == attempt  # not before its time
        pass_time(seconds=wait * 1.2 + 1)
        Webhook.objects.update(failing_since=timezone.now())  # its own rule is another test's
    delivery.deliver_due(post)
    noted = only()
    assert (noted.attempts, noted.state, noted.trouble) == (9, State.FAILED, Trouble.STATUS)
    pass_time(days=3)
    delivery.deliver_due(post)
    assert len(sent) == 9
    assert len({headers["webhook-id"] for _, headers, _ in sent}) == 1
    assert len({body for _, _, body in sent}) == 1


def test_the_schedule_is_that_of_the_document() -> None:
    assert delivery.AGAIN_S == (5, 30, 120, 600, 3600, 10_800, 28_800, 86_400)
    assert all(100 <= delivery.spread(100) <= 120 for _ in range(50))


def test_a_killed_sender_loses_nothing_and_its_late_word_does_not_count(make_webhook: Any, ann: User) -> None:
    services.ping(make_webhook(ann))
    lost = delivery.claim_next()
    assert lost is not None
    assert delivery.claim_next() is None  # somebody has it
    pass_time(minutes=3)
    sent, post = answering(TAKEN)
    delivery.deliver_due(post)
    assert sent[0][1]["webhook-id"] == lost.message_id
    assert (only().attempts, only().state) == (2, State.DELIVERED)
    assert delivery.record(lost, REFUSED) is False
    assert only().state == State.DELIVERED
    assert Webhook.objects.get().failures == 0


def test_of_two_that_claim_one_gets_it(make_webhook: Any, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    services.ping(make_webhook(ann))
    first: list[Any] = []
    real = delivery._sendable

    def meanwhile(now: Any) -> Any:
        if not first:
            first.append(None)
            first[0] = delivery.claim_next()
        return real(now)

    monkeypatch.setattr(delivery, "_sendable", meanwhile)
    assert delivery.claim_next() is None
    assert first[0] is not None


def test_one_receiver_that_is_away_keeps_nobody_else_waiting(make_webhook: Any, ann: User, ben: User) -> None:
    slow, quick = make_webhook(ann, "https://slow.example.org/"), make_webhook(ben, "https://quick.example.org/")
    for _ in range(5):
        services.ping(slow)
    for _ in range(5):
        services.ping(quick)
    over, order = threading.Event(), []

    def post(url: str, headers: dict[str, str], body: bytes) -> Outcome:
        if "slow" in url:
            over.wait(10)
            order.append("slow")
            return Outcome(Trouble.TIMEOUT, took_ms=10_000)
        order.append("quick")
        if order.count("quick") == 5:
            over.set()
        return TAKEN

    delivery.deliver_due(post)
    assert order[:5] == ["quick"] * 5
    assert order.count("slow") == 2  # then it is paused
    slow.refresh_from_db()
    assert slow.failures == 2
    assert WebhookDelivery.objects.filter(webhook=slow, attempts=0).count() == 3
    pass_time(seconds=10)
    sent, post = answering(TAKEN)
    delivery.deliver_due(post)
    assert len(sent) == 5
    slow.refresh_from_db()
    assert (slow.failures, slow.failing_since, slow.paused_until) == (0, None, None)


def test_never_two_at_once_to_one_receiver(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    for _ in range(6):
        services.ping(webhook)
    at_once, most, lock = [], [], threading.Lock()

    def post(*_: Any) -> Outcome:
        with lock:
            at_once.append(1)
            most.append(len(at_once))
        time.sleep(0.01)
        with lock:
            at_once.pop()
        return TAKEN

    delivery.deliver_due(post)
    assert most == [1] * 6


def test_a_shift_ends_and_asks_for_another(make_webhook: Any, ann: User, monkeypatch: Any, chores_rung: Any) -> None:
    services.ping(make_webhook(ann))
    monkeypatch.setattr(delivery, "SHIFT_S", -1.0)
    chores_rung.clear()
    upkeep.deliver_webhooks()
    assert chores_rung[-1:] == ["webhooks"]
    assert only().attempts == 0


def seconds_from_now(at: Any) -> float:
    return float((at - timezone.now()).total_seconds())


def test_the_process_wakes_when_the_next_attempt_is_due(
    make_webhook: Any, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    wakes: list[Any] = []
    monkeypatch.setattr(chores, "wake_at", lambda name, at: wakes.append((name, at)))
    services.ping(make_webhook(ann))
    monkeypatch.setattr(delivery.deliver_due, "__defaults__", (answering(REFUSED, TAKEN)[1],))
    upkeep.deliver_webhooks()
    assert wakes == [("webhooks", only().due_at)]
    assert 4 < seconds_from_now(only().due_at) <= 6
    pass_time(seconds=6)
    upkeep.deliver_webhooks()
    assert wakes[1:] == [("webhooks", None)]
    assert only().state == State.DELIVERED


def test_what_is_told_after_a_while_is_woken_for_too(make_webhook: Any, ann: User) -> None:
    from uuid import uuid4

    make_webhook(ann)
    webhooks = outbox.webhooks_of(ann.pk)
    outbox.announce(webhooks, Event.BATCH_DONE, about=uuid4(), path="/", status="done", after=timedelta(seconds=5))
    assert delivery.deliver_due(answering(TAKEN)[1]) is False
    assert delivery.next_at() == only().due_at


def test_the_next_time_is_after_the_pause_and_not_of_what_is_off_or_being_sent(
    make_webhook: Any, ann: User, ben: User
) -> None:
    assert delivery.next_at() is None
    paused, off = make_webhook(ann), make_webhook(ben)
    services.ping(paused)
    until = timezone.now() + timedelta(minutes=2)
    Webhook.objects.filter(pk=paused.pk).update(paused_until=until)
    services.ping(off)
    services.switch_off(off)
    assert delivery.next_at() == until == WebhookDelivery.objects.get(webhook=paused).next_at
    Webhook.objects.filter(pk=paused.pk).update(paused_until=None)
    assert delivery.claim_next() is not None
    assert delivery.next_at() is None


def test_what_becomes_due_while_a_receiver_keeps_us_waiting_does_not_wait_for_it(
    make_webhook: Any, ann: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LOOK_S", 0.02)
    slow, quick = make_webhook(ann, "https://slow.example.org/"), make_webhook(ben, "https://quick.example.org/")
    services.ping(slow)
    services.ping(quick)
    WebhookDelivery.objects.filter(webhook=quick).update(due_at=timezone.now() + timedelta(seconds=0.3))
    over, order = threading.Event(), []

    def post(url: str, headers: dict[str, str], body: bytes) -> Outcome:
        if "slow" in url:
            over.wait(10)
        order.append("slow" if "slow" in url else "quick")
        over.set()
        return TAKEN

    delivery.deliver_due(post)
    assert order == ["quick", "slow"]


@pytest.mark.parametrize(("attempts", "asked_s", "expected_s"), [(0, 900, 900), (0, 2, 5), (4, 900, 3600)])
def test_a_receiver_that_says_when_is_left_alone_until_then_but_never_shorter_than_by_the_schedule(
    make_webhook: Any, ann: User, attempts: int, asked_s: float, expected_s: float
) -> None:
    services.ping(make_webhook(ann))
    WebhookDelivery.objects.update(attempts=attempts)
    delivery.deliver_due(answering(Outcome(Trouble.STATUS, 429, "slowly", 3, wait_s=asked_s))[1])
    assert expected_s - 2 <= seconds_from_now(only().due_at) <= expected_s * 1.2


def test_a_receiver_that_says_when_is_left_alone_with_its_other_messages_too(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    services.ping(webhook)
    sent, post = answering(Outcome(Trouble.STATUS, 503, "later", 3, wait_s=900))
    delivery.deliver_due(post)
    assert len(sent) == 1
    webhook.refresh_from_db()
    assert 890 < seconds_from_now(webhook.paused_until) <= 900


def test_410_gone_switches_the_webhook_off_at_once(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    services.ping(webhook)
    sent, post = answering(Outcome(Trouble.STATUS, 410))
    delivery.deliver_due(post)
    webhook.refresh_from_db()
    assert (len(sent), webhook.disabled) == (1, Disabled.GONE)
    assert webhook.disabled_at is not None
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["failed", "waiting"]
    services.switch_on(webhook)
    delivery.deliver_due(answering(TAKEN)[1])
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["delivered", "failed"]


def test_days_of_failures_alone_switch_it_off_and_one_success_starts_anew(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    for outcomes, days, expected in ((REFUSED, 4, ""), (TAKEN, 4, ""), (REFUSED, 4, ""), (REFUSED, 2, "failing")):
        pass_time(days=days)
        services.ping(Webhook.objects.get())
        delivery.deliver_due(answering(outcomes)[1])
        webhook.refresh_from_db()
        if expected == "":
            assert webhook.disabled == ""
    assert webhook.failing_since is not None
    pass_time(days=5)
    services.ping(Webhook.objects.get())
    delivery.deliver_due(answering(REFUSED)[1])
    webhook.refresh_from_db()
    assert webhook.disabled == Disabled.FAILING
    with pytest.raises(services.SwitchedOffError, match="Switch it on first"):
        services.ping(webhook)
    services.switch_on(webhook)
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_what_was_delivered_or_given_up_is_sent_again_as_the_same_message(make_webhook: Any, ann: User) -> None:
    services.ping(make_webhook(ann))
    sent, post = answering(TAKEN)
    with pytest.raises(services.UnderWayError):
        services.replay(only())
    delivery.deliver_due(post)
    services.replay(only())
    assert (only().state, only().ended_at) == (State.WAITING, None)
    delivery.deliver_due(post)
    assert [headers["webhook-id"] for _, headers, _ in sent] == [only().message_id] * 2
    assert sent[0][2] == sent[1][2]


def test_nothing_is_sent_while_it_is_off_and_what_waited_goes_when_it_is_on(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    services.switch_off(webhook)
    sent, post = answering(TAKEN)
    delivery.deliver_due(post)
    assert sent == []
    services.switch_on(webhook)
    delivery.deliver_due(post)
    assert len(sent) == 1


def test_somebody_who_waits_for_a_ping_does_not_wait_for_the_pause(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    Webhook.objects.update(paused_until=timezone.now() + timedelta(minutes=10))
    services.ping(webhook)
    sent, post = answering(TAKEN)
    delivery.deliver_due(post)
    assert len(sent) == 1


def test_only_webhooks_that_want_an_event_are_told_of_it(make_webhook: Any, ann: User, ben: User) -> None:
    from uuid import uuid4

    wants, _, off = make_webhook(ann), make_webhook(ann, events=["batch.done"]), make_webhook(ann)
    make_webhook(ben)
    services.switch_off(off)
    webhooks = outbox.webhooks_of(ann.pk)
    about = uuid4()
    outbox.announce(webhooks, Event.PHOTO_DONE, about=about, path="/api/v1/photos/x/", status="done")
    noted = only()
    assert noted.webhook == wants
    told = json.loads(noted.body)
    assert set(told) == {"type", "timestamp", "data"}
    assert told["data"] == {"id": str(about), "status": "done", "url": "https://photos.example.org/api/v1/photos/x/"}
    assert told["timestamp"].endswith("Z")


def test_what_is_old_is_forgotten(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    for days in (13, 15):
        services.ping(webhook)
        latest = WebhookDelivery.objects.first()
        WebhookDelivery.objects.filter(pk=latest.pk).update(created_at=timezone.now() - timedelta(days=days))  # type: ignore[union-attr]
    upkeep.forget_webhook_deliveries()
    assert WebhookDelivery.objects.count() == 1
    assert {"webhooks", "webhook deliveries"} <= {state.name for state in chores.states()}


def test_there_is_a_most(make_webhook: Any, ann: User, ben: User) -> None:
    for _ in range(10):
        make_webhook(ann)
    with pytest.raises(services.TooManyError, match="Delete one"):
        make_webhook(ann)
    make_webhook(ben)


def test_another_address_starts_with_a_clean_record(make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    delivery.deliver_due(answering(REFUSED)[1])
    webhook.refresh_from_db()
    services.change(webhook, name="renamed")
    webhook.refresh_from_db()
    assert webhook.failing_since is not None
    services.change(webhook, url="https://new.example.org/")
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.failures) == (None, 0)
