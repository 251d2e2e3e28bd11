"""What is kept about a session, so that its owner can recognise and end it; what a program may still ask."""

from collections.abc import Callable
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.api import limits

SEEN_EVERY_S: Final = 600


class SeenMiddleware:
    """Notes, every ten minutes at most, when and from where a session was used last.

    allauth's own would write a row for every request, and pages that wait for a result ask every second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note it: after a sign-out there is nothing to note."""
        response = self._get_response(request)
        key = request.session.session_key
        # who asked for no page of a person is not looked up for this; the API may have found the session not enough
        known = request.user if hasattr(request, "_cached_user") else None
        if key and known is not None and known.is_authenticated and cache.add(f"seen:{key}", 1, SEEN_EVERY_S):
            try:
                _note(request, key)
            except (DatabaseError, PermissionDenied):
                cache.delete(f"seen:{key}")  # a full disk, or a client without an address, must not take the page away
        return response


class RateLimitMiddleware:
    """Tells with every answer of the API how much more may be asked, also with those that turn somebody away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing about addresses that count nothing."""
        response = self._get_response(request)
        limits.tell(request, response)
        return response


def _note(request: HttpRequest, key: str) -> None:
    """One question where the session is known, two where it is not; two requests at once do no harm."""
    adapter = get_adapter()
    longest = UserSession._meta.get_field("user_agent").max_length
    seen = {
        "user": request.user,
        "ip": adapter.get_client_ip(request),
        "user_agent": adapter.get_http_user_agent(request)[:longest],
        "last_seen_at": now(),
    }
    if not UserSession.objects.filter(session_key=key).update(**seen):
        UserSession.objects.bulk_create([UserSession(session_key=key, **seen)], ignore_conflicts=True)
