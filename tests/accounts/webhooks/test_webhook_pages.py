"""Webhooks as pages: for their owner alone, and without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, Webhook, WebhookDelivery
from accounts.webhooks import delivery, services
from accounts.webhooks.models import Disabled, Trouble
from accounts.webhooks.sending import Outcome

URL = "/account/webhooks/"
NEW = {"url": "https://hooks.example.org/facet?key=q7x", "name": "Archive", "events": ["photo.done"]}
pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, webhook: Webhook, what: str = "", **sent: Any) -> str:
    """The page of a webhook, after something was done with it."""
    address = reverse("accounts:webhook", args=[webhook.uuid])
    answer = client.post(f"{address}{what}/", sent, follow=True) if what else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def deliver(*outcomes: Outcome) -> None:
    left = list(outcomes)
    delivery.deliver_due(lambda *_: left.pop(0) if len(left) > 1 else left[0])


def test_a_new_webhook_shows_its_secret_once(ann_client: Client) -> None:
    assert f'href="{URL}"' in ann_client.get("/account/").content.decode()
    answer = ann_client.post(URL, NEW, follow=True)
    webhook = Webhook.objects.get()
    assert answer.redirect_chain == [(f"{URL}{webhook.uuid}/", 302)]
    fresh = answer.context["fresh"]
    assert fresh.startswith("whsec_")
    assert fresh in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert delivery.secrets_of(webhook) == [fresh]
    assert fresh not in page(ann_client, webhook)
    assert fresh not in str(dict(ann_client.session))
    assert (webhook.events, webhook.site) == (["photo.done"], "http://testserver")


def test_a_secret_is_not_used_up_by_the_page_of_another_webhook(
    ann_client: Client, ann: User, make_webhook: Any
) -> None:
    other = make_webhook(ann)
    ann_client.post(URL, NEW)
    assert "whsec_" not in page(ann_client, other)
    assert "whsec_" in page(ann_client, Webhook.objects.get(name="Archive"))


def test_the_list_tells_hosts_but_no_paths_which_may_hold_keys(
    ann_client: Client, make_webhook: Any, ann: User
) -> None:
    make_webhook(ann, NEW["url"], name="")
    shown = ann_client.get(URL).content.decode()
    assert "hooks.example.org" in shown
    assert "q7x" not in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": ""}, "required"),
        ({"url": "http://hooks.example.org/"}, "https://"),
        ({"url": "https://ann:pw@hooks.example.org/"}, "Leave name and password out"),
        ({"url": "https://hooks.example.org:22/"}, "Only the ports 443 and 8443"),
        ({"url": "https://127.1/"}, "four numbers"),
        ({"events": []}, "Choose at least one"),
        ({"events": ["ping"]}, "not one of the available choices"),
        ({"name": "x" * 81}, "at most 80"),
    ],
)
def test_what_is_wrong_is_said_with_a_next_step(ann_client: Client, wrong: dict[str, Any], said: str) -> None:
    shown = ann_client.post(URL, NEW | wrong).content.decode()
    assert 'class="errors"' in shown
    assert said in shown
    assert not Webhook.objects.exists()


def test_there_is_a_most_and_a_next_step(ann_client: Client, make_webhook: Any, ann: User) -> None:
    for _ in range(10):
        make_webhook(ann)
    assert "Delete one you no longer use." in ann_client.post(URL, NEW).content.decode()
    assert Webhook.objects.count() == 10


def test_a_ping_is_sent_and_the_page_says_what_came_of_it(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    assert "There are none yet." in page(ann_client, webhook)
    assert "on its way" in page(ann_client, webhook, "ping")
    deliver(Outcome("", 200, "<b>thanks</b>", 31))
    shown = page(ann_client, webhook)
    assert "answered 200 after 31 ms" in shown
    assert "&lt;b&gt;thanks" in shown
    assert WebhookDelivery.objects.get().message_id in shown


def test_what_failed_says_why_and_when_it_is_tried_again(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    deliver(Outcome(Trouble.REFUSED))
    shown = page(ann_client, webhook)
    assert "Nothing has arrived since" in shown
    assert "leads to an address of a private network" in shown
    assert ", again at " in shown
    assert "failing" in ann_client.get(URL).content.decode()


def test_a_message_is_sent_again_by_hand(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    noted = WebhookDelivery.objects.get()
    again = f"deliveries/{noted.uuid}/replay"
    assert "waits to be sent anyway" in page(ann_client, webhook, again)
    deliver(Outcome("", 204))
    assert "Send again" in page(ann_client, webhook)
    assert "on its way again" in page(ann_client, webhook, again)
    services.switch_off(webhook)
    assert "Switch it on first" in page(ann_client, webhook, again)
    assert "Switch it on first" in page(ann_client, webhook, "ping")


def test_a_new_secret_is_shown_with_until_when_the_old_one_signs(
    ann_client: Client, make_webhook: Any, ann: User
) -> None:
    webhook = make_webhook(ann)
    shown = page(ann_client, webhook, "rotate")
    (fresh,) = set(re.findall(r"whsec_[\w+/=]+", shown))
    assert fresh != webhook.shown
    assert "The one before signs too until" in shown
    webhook.refresh_from_db()
    assert delivery.secrets_of(webhook) == [fresh, webhook.shown]


def test_off_and_on_again(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    assert "You switched it off." in page(ann_client, webhook, "off")
    assert "Send a ping" not in page(ann_client, webhook)
    assert "The webhook is on" in page(ann_client, webhook, "on")


@pytest.mark.parametrize("why", [Disabled.GONE, Disabled.FAILING, Disabled.SECRET])
def test_one_that_was_switched_off_says_why_and_what_to_do(
    ann_client: Client, make_webhook: Any, ann: User, why: Disabled
) -> None:
    webhook = make_webhook(ann)
    Webhook.objects.update(disabled=why, disabled_at=timezone.now() - timedelta(days=1))
    shown = page(ann_client, webhook)
    assert str(why.label) in shown
    assert "Switch it on" in shown


def test_address_name_and_events_are_changed(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    address = reverse("accounts:webhook", args=[webhook.uuid])
    shown = ann_client.post(address, NEW | {"url": "https://new.example.org/"}, follow=True).content.decode()
    assert "The webhook is changed." in shown
    webhook.refresh_from_db()
    assert (webhook.url, webhook.name, webhook.events) == ("https://new.example.org/", "Archive", ["photo.done"])
    assert 'class="errors"' in ann_client.post(address, NEW | {"url": "ftp://x/"}).content.decode()


def test_a_deleted_one_is_gone_with_its_messages(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    services.ping(webhook)
    assert "is deleted" in page(ann_client, webhook, "delete")
    assert not WebhookDelivery.objects.exists()


def test_many_messages_come_in_pages(ann_client: Client, make_webhook: Any, ann: User) -> None:
    webhook = make_webhook(ann)
    for _ in range(23):
        services.ping(webhook)
    assert page(ann_client, webhook).count("<strong>ping</strong>") == 20
    second = ann_client.get(reverse("accounts:webhook", args=[webhook.uuid]), {"page": 2}).content.decode()
    assert second.count("<strong>ping</strong>") == 3


def test_strangers_and_nobody_have_no_part_in_it(
    ben_client: Client, client: Client, make_webhook: Any, ann: User
) -> None:
    webhook = make_webhook(ann)
    address = reverse("accounts:webhook", args=[webhook.uuid])
    assert "hooks.example.org" not in ben_client.get(URL).content.decode()
    assert ben_client.get(address).status_code == 404
    assert client.get(address).headers["Location"].startswith(reverse("account_login"))
    for what in ("ping", "rotate", "on", "off", "delete"):
        assert ben_client.post(f"{address}{what}/").status_code == 404
        assert ben_client.get(f"{address}{what}/").status_code == 405
    assert Webhook.objects.get().is_on
