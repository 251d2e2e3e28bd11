"""Decisions and how they changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from analysis.admin.base import BoundedAdmin
from analysis.admin.filters import ReviewerFilter
from analysis.models import Face, Review


@admin.register(Review)
class ReviewAdmin(BoundedAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    """Decisions and how they changed."""

    list_display = ("face", "verdict", "reviewer", "reviewed_at")
    list_filter = ("verdict", ReviewerFilter)
    list_select_related = ("face", "reviewer")
    readonly_fields = ("face", "reviewer", "reviewed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Of faces that who asks may see."""
        found: QuerySet[Review] = super().get_queryset(request)
        return found.filter(face__in=Face.objects.viewable_by(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A review begins at its face."""
        return False
