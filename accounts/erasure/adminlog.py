"""Django admin's log of what administrators did. It keeps names of things, which for people are e-mail addresses."""

import json
from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry, LogEntryManager
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from accounts import personal
from accounts.erasure.accounting import count
from accounts.models import User


def log_without_names(
    manager: LogEntryManager,
    user_id: int,
    queryset: Iterable[Model],
    action_flag: int,
    change_message: str | list[Any] = "",
    *,
    single_object: bool = False,
) -> Any:
    """In the place of Django's: things that tell of people are noted by kind and number, as "person 17"."""
    said = json.dumps(change_message) if isinstance(change_message, list) else change_message
    entries = [
        LogEntry(
            user_id=user_id,
            content_type_id=ContentType.objects.get_for_model(thing, for_concrete_model=False).pk,
            object_id=str(thing.pk),
            object_repr=_named(thing)[:200],
            action_flag=action_flag,
            change_message=said,
        )
        for thing in queryset
    ]
    kept = manager.bulk_create(entries)
    return kept[0] if single_object and len(kept) == 1 else kept


def keep_names_out() -> None:
    """From now on; when the apps are ready."""
    # a manager of our own would be a change of Django's model, for which it would want a migration
    setattr(LogEntryManager, "log_actions", log_without_names)  # noqa: B010


def _named(thing: Model) -> str:
    meta = thing._meta
    return f"{meta.verbose_name} {thing.pk}" if meta.label_lower in personal.models() else str(thing)


def forget(person: User) -> None:
    """What others did to this person stays noted, by number; the log of what they did as administrator goes with them.

    Addresses are looked for in every entry: administrators do little by hand, so there are few.
    """
    addresses = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    named = Q()
    for address in addresses:
        named |= Q(object_repr__icontains=address) | Q(change_message__icontains=address)
    count("names in the admin's log", LogEntry.objects.filter(named).update(object_repr="erased", change_message=""))
