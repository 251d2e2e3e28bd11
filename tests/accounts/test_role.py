"""Person, reviewer, administrator: by command and in the admin."""

import logging
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import LastAdministratorError, Role, role_of, set_role

BEFORE_AFTER = [
    ("reviewer", True, False, True),
    ("administrator", True, True, True),
    ("person", False, False, False),
]


@pytest.mark.parametrize(("role", "is_staff", "is_superuser", "sees_photos"), BEFORE_AFTER)
def test_the_command_gives_a_role_and_its_rights(
    ben: User, capsys: Any, role: str, is_staff: bool, is_superuser: bool, sees_photos: bool
) -> None:
    call_command("role", "BEN@example.org", role)
    person = User.objects.get(pk=ben.pk)
    assert (person.is_staff, person.is_superuser) == (is_staff, is_superuser)
    assert person.has_perm("analysis.view_photo") == sees_photos
    assert f"ben@example.org is now: {role}." in capsys.readouterr().out
    call_command("role", "ben@example.org")
    assert f"ben@example.org: {role}" in capsys.readouterr().out


def test_a_person_again_keeps_no_right(ada: User) -> None:
    assert ada.has_perm("analysis.view_photo")
    call_command("role", ada.email, "person")
    assert not User.objects.get(pk=ada.pk).get_all_permissions()


def test_an_unknown_address_is_refused_with_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match=r"There is no account with the address eve@example\.org"):
        call_command("role", "eve@example.org", "reviewer")


def test_an_unknown_role_is_refused(ben: User) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("role", ben.email, "king")


def test_the_last_administrator_stays_one(rob: User) -> None:
    User.objects.create_superuser("gone@example.org", "x", is_active=False)
    with pytest.raises(CommandError, match="the only administrator"):
        call_command("role", rob.email, "person")
    with pytest.raises(LastAdministratorError):
        set_role(person=rob, role=Role.REVIEWER, by="a test")
    assert role_of(User.objects.get(pk=rob.pk)) == Role.ADMINISTRATOR


def test_a_change_is_in_the_log_without_an_address(ben: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "accounts"):
        set_role(person=ben, role=Role.REVIEWER, by="person 7")
    assert caplog.messages == [f"Person {ben.pk} is now reviewer, was person; by person 7."]


def fields(person: User, **changes: Any) -> dict[str, Any]:
    return {"email": person.email, "role": role_of(person), "is_active": "on"} | changes


def test_administrators_give_roles_in_the_admin(rob_client: Client, ben: User) -> None:
    page = reverse("admin:accounts_user_change", args=[ben.pk])
    assert 'value="person" selected' in rob_client.get(page).content.decode()
    assert rob_client.post(page, fields(ben, role="reviewer")).status_code == 302
    person = User.objects.get(pk=ben.pk)
    assert role_of(person) == Role.REVIEWER
    assert person.has_perm("analysis.change_review")


@pytest.mark.parametrize("changes", [{"role": "person"}, {"is_active": ""}])
def test_the_last_administrator_cannot_be_taken_away_in_the_admin(
    rob_client: Client, rob: User, changes: dict[str, str]
) -> None:
    page = reverse("admin:accounts_user_change", args=[rob.pk])
    assert "This is the only administrator." in rob_client.post(page, fields(rob, **changes)).content.decode()
    person = User.objects.get(pk=rob.pk)
    assert (person.is_superuser, person.is_active) == (True, True)


def test_saving_a_person_without_a_new_role_leaves_their_own_rights(rob_client: Client, ada: User) -> None:
    kept = [right.pk for right in ada.user_permissions.all()]
    page = reverse("admin:accounts_user_change", args=[ada.pk])
    assert rob_client.post(page, fields(ada, user_permissions=kept)).status_code == 302
    assert User.objects.get(pk=ada.pk).has_perm("analysis.view_photo")


def test_reviewers_cannot_give_themselves_rights(ada: User, ada_client: Client) -> None:
    from django.contrib.auth.models import Permission

    ada.user_permissions.add(*Permission.objects.filter(content_type__app_label="accounts"))
    page = reverse("admin:accounts_user_change", args=[ada.pk])
    assert ada_client.post(page, fields(ada, role="administrator")).status_code == 403
    assert not User.objects.get(pk=ada.pk).is_superuser
