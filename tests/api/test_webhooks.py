"""Webhooks in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiToken, User, Webhook, WebhookDelivery
from accounts.webhooks import delivery, services
from accounts.webhooks.sending import Outcome

URL = "/api/v1/webhooks/"
NEW = {"target_url": "https://hooks.example.org/facet", "events": ["photo.failed", "photo.done"], "name": "Archive"}
Api = Callable[[User | None], APIClient]
pytestmark = pytest.mark.django_db


@pytest.fixture
def made(api: Api, ann: User) -> dict[str, Any]:
    answer = api(ann).post(URL, NEW, format="json")
    assert answer.status_code == 201
    assert answer["Location"] == answer.data["url"]
    return dict(answer.data)


def test_a_new_one_comes_with_its_secret_and_no_other_answer_has_it(api: Api, ann: User, made: dict[str, Any]) -> None:
    webhook = Webhook.objects.get()
    assert delivery.secrets_of(webhook) == [made["secret"]]
    assert (made["target_url"], made["events"]) == (NEW["target_url"], ["photo.done", "photo.failed"])
    assert webhook.site == "http://testserver"
    one, many = api(ann).get(made["url"]).json(), api(ann).get(URL).json()
    assert many["results"] == [one]
    assert "secret" not in one
    assert one["is_on"] is True
    assert one["disabled_reason"] is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"target_url": "http://hooks.example.org/"}, "target_url"),
        ({"target_url": "https://u:p@hooks.example.org/"}, "target_url"),
        ({"target_url": None}, "target_url"),
        ({"events": []}, "events"),
        ({"events": ["ping"]}, "events"),
        ({"events": "photo.done"}, "events"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_what_is_wrong_is_a_problem_that_names_the_field(
    api: Api, ann: User, wrong: dict[str, Any], field: str
) -> None:
    answer = api(ann).post(URL, NEW | wrong, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {field}


def test_there_is_a_most(api: Api, ann: User) -> None:
    for _ in range(10):
        api(ann).post(URL, NEW, format="json")
    answer = api(ann).post(URL, NEW, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")


def test_what_is_named_is_changed(api: Api, ann: User, made: dict[str, Any]) -> None:
    changed = api(ann).patch(made["url"], {"name": "", "events": ["batch.done"]}, format="json").json()
    assert (changed["name"], changed["events"], changed["target_url"]) == ("", ["batch.done"], NEW["target_url"])
    off = api(ann).patch(made["url"], {"is_on": False}, format="json").json()
    assert (off["is_on"], off["disabled_reason"]) == (False, "owner")
    assert api(ann).patch(made["url"], {"is_on": True}, format="json").json()["disabled_at"] is None
    assert api(ann).patch(made["url"], {"target_url": "https://x:1/"}, format="json").status_code == 400


def test_a_ping_and_what_came_of_it(api: Api, ann: User, made: dict[str, Any]) -> None:
    asked = api(ann).post(f"{made['url']}ping/")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    delivery.deliver_due(lambda *_: Outcome("status", 500, "no", 7))
    (noted,) = api(ann).get(made["deliveries_url"]).json()["results"]
    assert (noted["state"], noted["status_code"], noted["trouble"], noted["attempts"]) == ("waiting", 500, "status", 1)
    assert noted["answer"] == "no"
    assert noted["next_attempt_at"] is not None


def test_deliveries_come_in_pages_by_cursor(api: Api, ann: User, made: dict[str, Any]) -> None:
    for _ in range(27):
        services.ping(Webhook.objects.get())
    first = api(ann).get(made["deliveries_url"]).json()
    second = api(ann).get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (25, 2, None)


def test_a_message_is_sent_again_under_its_id(api: Api, ann: User, made: dict[str, Any]) -> None:
    asked = api(ann).post(f"{made['url']}ping/").json()
    again = f"{made['deliveries_url']}{asked['id']}/replay/"
    assert api(ann).post(again).json()["code"] == "delivery_waits"
    delivery.deliver_due(lambda *_: Outcome("", 204))
    answer = api(ann).post(again)
    assert (answer.status_code, answer.json()["message_id"]) == (202, asked["message_id"])
    api(ann).patch(made["url"], {"is_on": False}, format="json")
    assert api(ann).post(f"{made['url']}ping/").json()["code"] == "webhook_off"


def test_a_new_secret_is_told_once(api: Api, ann: User, made: dict[str, Any]) -> None:
    told = api(ann).post(f"{made['url']}rotate/").json()
    assert told["secret"] != made["secret"]
    assert told["earlier_secret_until"] is not None
    assert delivery.secrets_of(Webhook.objects.get()) == [told["secret"], made["secret"]]


def test_deleting_takes_its_messages_along(api: Api, ann: User, made: dict[str, Any]) -> None:
    services.ping(Webhook.objects.get())
    assert api(ann).delete(made["url"]).status_code == 204
    assert not WebhookDelivery.objects.exists()


def test_messages_of_another_webhook_are_not_reached_through_ones_own(
    api: Api, ann: User, ben: User, made: dict[str, Any]
) -> None:
    asked = api(ann).post(f"{made['url']}ping/").json()
    bens = api(ben).post(URL, NEW, format="json").json()
    assert api(ben).post(f"{bens['deliveries_url']}{asked['id']}/replay/").status_code == 404
    assert api(ben).get(made["deliveries_url"]).status_code == 404


def test_it_takes_the_scope_account(ann: User, made: dict[str, Any]) -> None:
    _, token = ApiToken.objects.create(user=ann, name="x", scopes=["read", "upload"])
    program = APIClient(headers={"Authorization": f"Token {token}"})
    assert program.get(URL).json()["code"] == "scope_missing"
