"""The first start."""

import re
from io import StringIO

from django.core.management import call_command
from django.test import Client

from accounts.models import User


def test_the_first_start_makes_one_administrator_who_can_sign_in(db: None) -> None:
    said = StringIO()
    call_command("initialise", stdout=said)
    password = re.search(r"Password:\s+(\S+)", said.getvalue())
    assert password is not None
    assert Client().login(email="admin@facet.local", password=password[1])

    again = StringIO()
    call_command("initialise", stdout=again)
    assert again.getvalue() == ""
    assert User.objects.filter(is_superuser=True).count() == 1
