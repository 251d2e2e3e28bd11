"""What this app and the apps behind it hold about a person; see `accounts.personal`."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import transaction

from accounts.consent import clearing
from accounts.consent.models import Consent, ConsentEntry
from accounts.consent.purposes import ATTRIBUTES
from accounts.erasure import adminlog, caches, sessions
from accounts.erasure.files import remove_after_commit
from accounts.exports.models import DataExport
from accounts.models import AccessEntry, ApiToken, User
from accounts.personal import Holding, register
from accounts.roles import role_of
from accounts.webhooks.models import Webhook


def register_all() -> None:
    """Everything of sign-in, programs, sessions and archives."""
    register(Holding("accesses by me", ("accounts.accessentry",), _accesses_by_me))
    register(Holding("accesses to my data", ("accounts.accessentry",), _accesses_to_mine))
    register(Holding("account", ("accounts.user", "accounts.user_groups", "accounts.user_user_permissions"), _account))
    register(Holding("addresses", ("account.emailaddress", "account.emailconfirmation"), _addresses))
    # counters are forgotten before sessions end: a cache that is away stops an erasure while the person is signed in
    register(Holding("attempts", (), erase=caches.forget))
    register(Holding("consent", ("accounts.consententry", "accounts.consent"), _consent))
    register(Holding("exports", ("accounts.dataexport", "accounts.filetoremove"), _exports, erase=_remove_exports))
    register(Holding("log of administration", ("admin.logentry",), _administration, erase=adminlog.forget))
    register(Holding("second factors", ("mfa.authenticator",), _second_factors))
    register(Holding("sessions", ("usersessions.usersession",), _sessions, erase=sessions.end_sessions))
    register(Holding("single sign-on", ("socialaccount.socialaccount", "socialaccount.socialtoken"), _single_sign_on))
    register(Holding("tokens", ("accounts.apitoken",), _tokens))
    register(Holding("webhooks", ("accounts.webhook", "accounts.webhookdelivery"), _webhooks))


def register_clearing() -> None:
    """Archives hold every estimate there was when they were made."""
    clearing.register(ATTRIBUTES, _clear_exports)


def _account(person: User) -> dict[str, Any]:
    return {
        "id": person.uuid,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "role": role_of(person).value,
        "joined_at": person.date_joined,
        "last_sign_in_at": person.last_login,
    }


def _accesses_to_mine(person: User) -> Iterator[Any]:
    """When, and in which role, somebody looked at what; not who that was."""
    lines = AccessEntry.objects.filter(person=person).order_by("pk")
    yield from lines.values("at", "role", "kind", "place", "thing", "photo", "photos").iterator(chunk_size=500)


def _accesses_by_me(person: User) -> Iterator[Any]:
    """What they looked at as staff; not whose that was."""
    lines = AccessEntry.objects.filter(actor=person).order_by("pk")
    yield from lines.values("at", "role", "kind", "place").iterator(chunk_size=500)


def _addresses(person: User) -> list[dict[str, Any]]:
    return list(EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary"))


def _second_factors(person: User) -> list[dict[str, Any]]:
    """Without what makes the codes."""
    kept = Authenticator.objects.filter(user=person).order_by("pk")
    return list(kept.values("type", "created_at", "last_used_at"))


def _sessions(person: User) -> list[dict[str, Any]]:
    kept = UserSession.objects.filter(user=person).order_by("pk")
    return list(kept.values("created_at", "last_seen_at", "ip", "user_agent"))


def _single_sign_on(person: User) -> list[dict[str, Any]]:
    kept = SocialAccount.objects.filter(user=person).order_by("pk")
    return list(kept.values("provider", "uid", "date_joined", "last_login", "extra_data"))


def _tokens(person: User) -> list[Any]:
    """The beginning of each, by which its owner can tell it; the rest is not kept anyway."""
    kept = ApiToken.objects.filter(user=person).order_by("created")
    return list(kept.values("name", "token_key", "scopes", "created", "expiry", "last_used_at"))


def _consent(person: User) -> dict[str, Any]:
    """What holds now, and everything they said."""
    said = ConsentEntry.objects.filter(person=person).order_by("pk")
    return {
        "now": dict(Consent.objects.filter(person=person).values_list("purpose", "granted")),
        "said": list(said.values("at", "purpose", "granted", "notice_version", "via")),
    }


def _webhooks(person: User) -> list[Any]:
    """Without secrets. What was told is the photos' and batches' own, in the archive beside this."""
    kept = Webhook.objects.filter(person=person).order_by("pk")
    return list(kept.values("uuid", "name", "url", "events", "created_at", "disabled", "disabled_at"))


def _exports(person: User) -> list[Any]:
    kept = DataExport.objects.filter(person=person).order_by("pk")
    return list(kept.values("state", "size", "created_at", "finished_at", "expires_at"))


def _remove_exports(person: User) -> None:
    with transaction.atomic():
        kept = DataExport.objects.filter(person=person)
        remove_after_commit(kept.values_list("file", flat=True))
        kept.delete()


def _clear_exports(person: User) -> Iterator[None]:
    _remove_exports(person)
    yield


def _administration(person: User) -> Iterator[dict[str, Any]]:
    """What they did as an administrator."""
    entries = LogEntry.objects.filter(user=person).order_by("pk").select_related("content_type")
    for entry in entries.iterator(chunk_size=500):
        kind = str(entry.content_type) if entry.content_type else ""
        yield {"at": entry.action_time, "did": entry.get_action_flag_display(), "to": kind}
