"""The catalogue in the administration."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from suggestions import services
from suggestions.models import CatalogueItem

LIST = "admin:suggestions_catalogueitem_changelist"


def test_the_list_shows_how_items_were_received_without_saying_by_whom(ann: User, rob_client: Client) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    page = rob_client.get(reverse(LIST), {"q": "september"}).content.decode()
    assert '<td class="field-unwanted">1</td>' in page
    assert ann.email not in page


@pytest.mark.parametrize("query", [{"kind": "film"}, {"minimum_age": "18"}, {"active__exact": "1"}, {"o": "9"}])
def test_filters_and_orders_work(rob_client: Client, query: dict[str, str]) -> None:
    assert rob_client.get(reverse(LIST), query).status_code == 200


@pytest.mark.parametrize(("action", "active"), [("switch_off", False), ("switch_on", True)])
def test_items_can_be_switched_off_and_on(rob_client: Client, action: str, active: bool) -> None:
    item = CatalogueItem.objects.get(slug="september")
    CatalogueItem.objects.filter(pk=item.pk).update(active=not active)
    rob_client.post(reverse(LIST), {"action": action, "_selected_action": [item.pk]})
    assert CatalogueItem.objects.get(pk=item.pk).active is active


def test_an_item_with_a_word_that_is_no_expression_is_refused(rob_client: Client) -> None:
    item = CatalogueItem.objects.get(slug="september")
    entered = {
        "slug": item.slug, "kind": item.kind, "title": item.title, "description": item.description, "age_from": 8,
        "age_to": 80, "minimum_age": 0, "standing": 0.5, "emotions": '{"joy": 1}',
    }  # fmt: skip
    address = reverse("admin:suggestions_catalogueitem_change", args=(item.pk,))
    assert "These are no expressions: joy" in rob_client.post(address, entered).content.decode()


def test_an_item_for_adults_cannot_be_meant_for_children(rob_client: Client) -> None:
    item = CatalogueItem.objects.get(slug="september")
    entered = {
        "slug": item.slug, "kind": item.kind, "title": item.title, "description": item.description, "age_from": 8,
        "age_to": 80, "minimum_age": 18, "standing": 0.5, "emotions": '{"happiness": 1}',
    }  # fmt: skip
    address = reverse("admin:suggestions_catalogueitem_change", args=(item.pk,))
    assert "What has a minimum age cannot suit people below it." in rob_client.post(address, entered).content.decode()


def test_somebody_who_is_no_administrator_is_sent_away(ann_client: Client, ada_client: Client) -> None:
    assert ann_client.get(reverse(LIST)).status_code == 302
    assert ada_client.get(reverse(LIST)).status_code == 403
