"""`manage.py role EMAIL reviewer`: what somebody may do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note
from accounts.models import User
from accounts.roles import LastAdministratorError, Role, role_of, set_role


class Command(BaseCommand):
    """Gives a role, or says which one somebody has."""

    help = (
        "Make somebody a reviewer, who judges photos of others, an administrator, who may do everything, or a person "
        "again. Without a role: say which one it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what."""
        parser.add_argument("email", help="the address of an account")
        parser.add_argument("role", nargs="?", choices=Role.values, help="unless given, nothing changes")

    def handle(self, *, email: str, role: str | None, **_: Any) -> None:
        """Do it and say so."""
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"There is no account with the address {email}. Sign up with it first.")
        note(None, Place.COMMAND, [Seen(person.pk, Kind.ACCOUNT, person.uuid)])
        if role is None:
            self.stdout.write(f"{person.email}: {role_of(person)}")
            return
        try:
            set_role(person=person, role=Role(role), by="the command line")
        except LastAdministratorError:
            raise CommandError(
                f"{person.email} is the only administrator. Make somebody else one first, then run this again."
            ) from None
        self.stdout.write(f"{person.email} is now: {role}.")
