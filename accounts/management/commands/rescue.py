"""`manage.py rescue EMAIL`: lets a locked-out administrator, or anybody, back in."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timesince import timeuntil
from django.utils.timezone import now

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note
from accounts.models import User
from accounts.rescue import rescue


class Command(BaseCommand):
    """Needs no mail, no password and no second factor: who may run it owns the installation anyway."""

    help = (
        "Let somebody in who lost the password or the second factor: prints a link that sets a new password, once. The "
        "old password, the second factors and all sessions of this account stop working, and a lock-out ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what stands before the path."""
        parser.add_argument("email", help="the address of an account")
        parser.add_argument("--url", default=_guess(), help="where people open Facet; %(default)s unless told")

    def handle(self, *, email: str, url: str, **_: Any) -> None:
        """Do it and print the link."""
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"There is no account with the address {email}. Nothing was changed.")
        note(None, Place.COMMAND, [Seen(person.pk, Kind.RESCUED, person.uuid)])
        path = rescue(person=person, by="the command line")
        start = now()
        until = timeuntil(start + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT), start)
        self.stdout.write(
            f"\n  {url.rstrip('/')}{path}\n\n"
            f"Opened within {until}, it sets a new password for {person.email}, once.\n"
            "The old password, second factors and sessions of this account no longer work.\n"
        )


def _guess() -> str:
    """As configured; else where `make run` listened last."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    try:
        return (settings.VAR_DIR / "address").read_text(encoding="utf-8").strip()
    except OSError:
        return "http://localhost:8000"
