"""The admin's first page and what its pages have in common."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from facet.admin_site import GROUPS

PEOPLE = reverse("admin:accounts_user_changelist")


def test_every_table_has_its_place_on_the_first_page() -> None:
    placed = [label for group in GROUPS.values() for label in group]
    assert sorted(placed) == sorted(model._meta.label for model in admin.site._registry)


def test_administrators_find_everything_by_what_they_want_to_do(rob_client: Client) -> None:
    answer = rob_client.get(reverse("admin:index"))
    groups = {group["name"]: [model["name"] for model in group["models"]] for group in answer.context["app_list"]}
    assert list(groups) == list(GROUPS)
    assert groups["People"] == ["People", "Who looked at whose data"]
    page = answer.content.decode()
    for model in admin.site._registry:
        assert f'href="{reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")}"' in page


def test_reviewers_find_what_is_theirs_and_nothing_else(ada_client: Client) -> None:
    answer = ada_client.get(reverse("admin:index"))
    assert [group["name"] for group in answer.context["app_list"]] == ["Review"]
    assert "Given up" not in answer.content.decode()


def test_strangers_are_sent_away(ann_client: Client, client: Client) -> None:
    for one in (ann_client, client):
        assert one.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(("role", "found"), [("person", "ann"), ("reviewer", "ada"), ("administrator", "rob")])
def test_people_are_found_by_their_role(
    rob_client: Client, ann: User, ada: User, rob: User, role: str, found: str
) -> None:
    people = rob_client.get(PEOPLE, {"role": role}).context["cl"].result_list
    assert [person.email for person in people] == [f"{found}@example.org"]


def test_a_list_is_called_by_what_it_holds_and_an_empty_one_says_so(rob_client: Client) -> None:
    page = rob_client.get(PEOPLE, {"role": "reviewer"}).content.decode()
    assert "<h1>People</h1>" in page
    assert "Nothing is found by these filters." in page
    assert "There is nothing here yet." in rob_client.get(reverse("admin:analysis_review_changelist")).content.decode()


def test_a_filter_says_what_is_chosen_without_being_opened(rob_client: Client) -> None:
    page = rob_client.get(PEOPLE, {"role": "reviewer"}).content.decode()
    assert "<summary>Role <strong>reviewer</strong></summary>" in page
    assert "<summary>Active</summary>" in page
    assert "<details data-filter-title" in page
    assert "open>" not in page.split("changelist-filter-header")[1].split("</nav>")[0]


def test_dates_are_written_as_on_the_other_pages(rob_client: Client, ann: User) -> None:
    User.objects.filter(pk=ann.pk).update(date_joined="2026-03-09T16:05:00Z")
    page = rob_client.get(reverse("admin:accounts_user_change", args=[ann.pk])).content.decode()
    assert "9 March 2026, 16:05" in page
