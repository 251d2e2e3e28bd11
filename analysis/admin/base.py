"""What the review pages share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Results are read, not edited: a change of opinion is a review."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Results come from workers only."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without "delete": a face goes with its photo, and a slip among the review actions could not be undone."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites what the engine said."""
        return False


def reviewer(request: HttpRequest) -> User:
    """Who is signed in to the admin."""
    if not isinstance(request.user, User):  # pragma: no cover  the admin lets nobody else in
        raise TypeError("the admin was used without a signed-in person")
    return request.user
