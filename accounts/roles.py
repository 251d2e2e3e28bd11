"""Person, reviewer, administrator: what each is made of, and how somebody becomes one."""

import logging
from typing import Final

from django.contrib.auth.models import Group
from django.db import models, transaction

from accounts.models import User

log = logging.getLogger(__name__)

REVIEWERS: Final = "Reviewers"
"""The group that `analysis` makes and fills after every migration."""


class Role(models.TextChoices):
    """What somebody may do: use it, judge photos of others, do everything."""

    PERSON = "person", "person"
    REVIEWER = "reviewer", "reviewer"
    ADMINISTRATOR = "administrator", "administrator"


class LastAdministratorError(Exception):
    """Without an administrator nobody could look after the installation."""


def role_of(person: User) -> Role:
    """The role, from the rights that the person has."""
    if person.is_superuser:
        return Role.ADMINISTRATOR
    return Role.REVIEWER if person.is_staff else Role.PERSON


def is_last_administrator(person: User) -> bool:
    """Whether nobody else who can sign in administers."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return person.is_superuser and not others.exists()


@transaction.atomic
def set_role(*, person: User, role: Role, by: str) -> None:
    """Give the rights of `role` and take all others; `by` says who did it, for the log.

    Raises LastAdministratorError when nobody would be left to administer.
    """
    administrators = User.objects.select_for_update().filter(is_superuser=True).values_list("pk", flat=True)
    list(administrators)  # two administrators who take each other's role at the same time wait for one another
    before = role_of(person)
    if role != Role.ADMINISTRATOR and is_last_administrator(person):
        raise LastAdministratorError
    person.is_superuser = role == Role.ADMINISTRATOR
    person.is_staff = role != Role.PERSON
    person.save(update_fields=["is_superuser", "is_staff"])
    person.user_permissions.clear()
    person.groups.set(Group.objects.filter(name=REVIEWERS) if role == Role.REVIEWER else [])
    log.warning("Person %d is now %s, was %s; by %s.", person.pk, role, before, by)
