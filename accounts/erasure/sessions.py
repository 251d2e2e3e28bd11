"""All sessions of a person, in the table and in the cache: signed in, half signed in, or with their address in it."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Exists, OuterRef

from accounts.erasure.accounting import count
from accounts.models import User


def end_sessions(person: User) -> None:
    """Whoever uses one is signed out at once; the cache is asked first, as a session would live on in it."""
    keys = [*UserSession.objects.filter(user=person).values_list("session_key", flat=True), *_unlisted(person)]
    for key in keys:
        store_of(key).delete(key)
        cache.delete(f"seen:{key}")
    UserSession.objects.filter(user=person).delete()
    count("sessions", len(keys))


def store_of(key: str) -> Any:
    """The session with this key, in whichever way sessions are kept."""
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _unlisted(person: User) -> Iterator[str]:
    """Sessions that are on nobody's list, as those between password and second factor; they are few."""
    words = {person.email, str(person.uuid), *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    listed = UserSession.objects.filter(session_key=OuterRef("session_key"))
    for session in Session.objects.filter(~Exists(listed)).iterator(chunk_size=500):
        data = session.get_decoded()
        told = json.dumps(data, default=str, ensure_ascii=False).lower()
        if data.get(SESSION_KEY) == str(person.pk) or any(word.lower() in told for word in words):
            yield session.session_key
