"""`manage.py initialise`: database, broker folders and a first administrator."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.addresses import confirm_administrators
from accounts.models import User

ADMINISTRATOR = "admin@facet.local"


class Command(BaseCommand):
    """Safe to run again: what is there stays as it is."""

    help = "Migrate the database and, the first time, make an administrator and print the password once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        confirm_administrators()
        if User.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(ADMINISTRATOR, password)
        self.stdout.write(
            f"\n  Administrator: {ADMINISTRATOR}\n  Password:      {password}\n"
            "  It is shown this once. Change it at /account/password/change/, or set a new one with\n"
            f"  `.venv/bin/python manage.py changepassword {ADMINISTRATOR}`.\n"
        )
