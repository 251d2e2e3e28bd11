"""Django admin's log has named people and their addresses by what they are called; from now on by kind and number."""

from typing import Any

from django.db import migrations
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

NAMED = {
    "user": ("accounts", "user"),
    "email address": ("account", "emailaddress"),
    "email confirmation": ("account", "emailconfirmation"),
    "authenticator": ("mfa", "authenticator"),
    "user session": ("usersessions", "usersession"),
    "social account": ("socialaccount", "socialaccount"),
    "auth token": ("accounts", "apitoken"),
}


def take_names_out(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """A few hundred entries at the most: administrators write them by hand."""
    entries = apps.get_model("admin", "LogEntry").objects
    for words, (app, model) in NAMED.items():
        named = entries.filter(content_type__app_label=app, content_type__model=model)
        named.update(object_repr=Concat(Value(f"{words} "), Cast("object_id", TextField())))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_erasure"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(take_names_out, migrations.RunPython.noop, elidable=True)]
