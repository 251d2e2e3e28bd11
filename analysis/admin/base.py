"""What the review pages share."""

from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.http import HttpRequest

from accounts.accesslog.admin import NotedAdmin
from accounts.consent.purposes import Purpose
from accounts.consent.services import granted_by
from accounts.models import User
from analysis.paging import BoundedPaginator

KNOWN: Final = 20
"""Pages of a list that are counted at least."""


def is_shared(request: HttpRequest) -> ExpressionWrapper:
    """Of rows with an owner: whether who asks may see the pictures."""
    allowed = Q(owner=request.user.pk) | Q(granted_by("owner", Purpose.IMPROVEMENT))
    return ExpressionWrapper(allowed, output_field=BooleanField())


def viewer(request: HttpRequest) -> Value:
    """Who asks, at hand with every row: pictures in lists are theirs alone."""
    return Value(request.user.pk)


class BoundedAdmin(admin.ModelAdmin):
    """A list that may hold millions: it is not counted whole. Sort only by what an index is there for."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they would count every choice of every filter

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *args: Any
    ) -> BoundedPaginator:
        """For the list; its templates in templates/admin/analysis know `is_more`."""
        return BoundedPaginator(queryset, per_page, known=KNOWN, asked=request.GET.get(PAGE_VAR))


class ReadOnlyAdmin(NotedAdmin, BoundedAdmin):
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


def administers(request: HttpRequest) -> bool:
    """Jobs, hosts and failures are the administrators'; reviewers judge faces."""
    return bool(request.user.is_active and request.user.is_superuser)


def reviewer(request: HttpRequest) -> User:
    """Who is signed in to the admin."""
    if not isinstance(request.user, User):  # pragma: no cover  the admin lets nobody else in
        raise TypeError("the admin was used without a signed-in person")
    return request.user
