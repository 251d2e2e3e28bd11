"""What a token opens. The API is closed by default: a view that does not say which scope it needs answers nobody."""

import logging
from collections.abc import Mapping
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.authentication import PAGE, scopes_of
from accounts.scopes import REVIEWERS_RIGHT, Scope

log = logging.getLogger(__name__)

Scopes = Mapping[str, str | tuple[str, ...]]
"""Of a view: method to scope, or to several of which one is enough. HEAD is GET."""


class ScopeMissingError(APIException):
    """The token is right, and not made for this."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "scope_missing"

    def __init__(self, wanted: tuple[str, ...]) -> None:
        """`wanted`: the scopes of which one would have been enough."""
        named = " or ".join(f"“{name}”" for name in wanted)
        super().__init__(
            f"This token may not do this: it lacks the scope {named}. "
            f"A token keeps the scopes it was made with, so make another {PAGE}."
        )
        self.auth_header = f'Token error="insufficient_scope", scope="{" ".join(wanted)}"'
        """What DRF sends as WWW-Authenticate; the words are of RFC 6750, section 3.1."""


class NotReviewerError(APIException):
    """The scope alone opens nothing."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "not_a_reviewer"
    default_detail = "Only reviewers may do this. An administrator can make you one."


class UndeclaredError(APIException):
    """A mistake of ours: nobody may come in through it."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "not_open"
    default_detail = "This address is not open yet. Tell the administrator: its scopes are not declared."


class Scoped(BasePermission):
    """For whom the view's `scopes` names one that the token has. A session has all.

    The scope `review` counts only for reviewers. Methods that a view does not have are let through, to be answered
    with 405, and so is OPTIONS, which tells what the view is and nothing of anybody's.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """False for who is not signed in. Raises ScopeMissingError, NotReviewerError."""
        if not request.user or not request.user.is_authenticated:
            return False
        declared: Scopes | None = getattr(view, "scopes", None)
        if declared is None:
            raise self._undeclared(view, request.method)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return True
        wanted = wanted_by(declared, method)
        if not wanted:
            raise self._undeclared(view, method)
        held = scopes_of(request.auth)
        usable = set(wanted) if held is None else held & set(wanted)
        if not usable:
            raise ScopeMissingError(wanted)
        if usable == {Scope.REVIEW} and not request.user.has_perm(REVIEWERS_RIGHT):
            raise NotReviewerError
        return True

    def _undeclared(self, view: Any, method: str | None) -> UndeclaredError:
        log.error("%s.%s declares no scope and is closed", type(view).__name__, method)
        return UndeclaredError()


def wanted_by(declared: Scopes, method: str) -> tuple[str, ...]:
    """The scopes of which one is enough for `method`; empty when it names none."""
    found = declared.get(method, ())
    return (found,) if isinstance(found, str) else tuple(found)


def may(request: Request, scope: Scope) -> bool:
    """Whether the request has `scope`; for `review` the person must be a reviewer too."""
    held = scopes_of(request.auth)
    right = scope != Scope.REVIEW or request.user.has_perm(REVIEWERS_RIGHT)
    return right and (held is None or scope in held)
