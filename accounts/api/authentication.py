"""Who a token belongs to, whether it still counts, and when it was used."""

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import date_format
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiToken, User

log = logging.getLogger(__name__)

NOTE_EVERY: Final = timedelta(minutes=10)
"""How exactly the last use is known; more often would be a write for every request."""

PAGE: Final = "on the page “API tokens” of your account"
UNKNOWN: Final = f"This token is not known: it was removed, or copied in part. Copy it again or make another {PAGE}."
INACTIVE: Final = "The account of this token is switched off. Ask your administrator."


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # knox has no types
    """The header `Authorization: Token ...`. The token is in `request.auth`, with its scopes.

    Unlike knox's it keeps what expired, so that both the program and the list of the owner can say so.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The person and the token. Raises AuthenticationFailed with the reason for people."""
        kept = self._find(token)
        if kept is None:
            raise AuthenticationFailed(UNKNOWN)
        if not kept.user.is_active:
            raise AuthenticationFailed(INACTIVE, "account_inactive")
        if kept.is_expired:
            day = date_format(timezone.localtime(kept.expiry), "j F Y")
            raise AuthenticationFailed(f"This token expired on {day}. Make another {PAGE}.", "token_expired")
        _note_use(kept)
        return kept.user, kept

    def _find(self, token: bytes) -> ApiToken | None:
        """By the digest of the whole of it: how long that takes tells nothing about any part of a token."""
        digest = hash_token(token.decode("utf-8", "replace"))
        found: ApiToken | None = ApiToken.objects.filter(digest=digest).select_related("user").first()
        return found


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is not None and now - token.last_used_at < NOTE_EVERY:
        return
    try:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    except DatabaseError as error:  # a full disk must not take what only reads away
        log.warning("the use of a token could not be noted (%s)", type(error).__name__)


def scopes_of(auth: Any) -> frozenset[str] | None:
    """The scopes of what DRF has in `request.auth`: of a token its own; None for a session, which has all."""
    if auth is None:
        return None
    return frozenset(auth.scopes) if isinstance(auth, ApiToken) else frozenset()
