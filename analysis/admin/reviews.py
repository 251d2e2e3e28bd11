"""Decisions and how they changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from accounts.accesslog.admin import NotedAdmin
from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from analysis import seen, statements
from analysis.admin.base import BoundedAdmin, reviewer
from analysis.admin.deciding import DecisionForm, reviewing
from analysis.admin.filters import ReviewerFilter
from analysis.models import Face, Review, Verdict


@admin.register(Review)
class ReviewAdmin(NotedAdmin, BoundedAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    """Decisions and how they changed."""

    list_display = ("face", "verdict", "reviewer", "reviewed_at")
    list_filter = ("verdict", ReviewerFilter)
    list_select_related = ("face__analysis__photo", "reviewer")
    readonly_fields = ("face", "reviewer", "reviewed_at")
    form = DecisionForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **named: Any) -> Any:
        """Whose decision it would be."""
        made = super().get_form(request, obj, change, **named)
        reviewing(made, reviewer(request))
        return made

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Of faces that who asks may see."""
        found: QuerySet[Review] = super().get_queryset(request)
        return found.filter(face__in=Face.objects.viewable_by(request.user))

    def sights(self, thing: Review, kind: Kind) -> Iterable[Seen]:
        """What was decided about a face tells of the face."""
        yield seen.of_face(thing.face, kind)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A review begins at its face."""
        return False

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        """Whoever changes a decision decides: it bears their name and the time, so that others notice."""
        self.note(request, [obj], Kind.REVIEW)
        statements.review_face(
            face=obj.face,
            reviewer=reviewer(request),
            verdict=Verdict(obj.verdict),
            age_years=obj.age_years,
            gender=obj.gender,
            emotion=obj.emotion,
            note=obj.note,
        )

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        """Both pages of the history, which simple-history finds in ways of its own."""
        self.note(request, [context.get("object") or context["original"]])
        context["title"] = "How the decision changed"
        answer: HttpResponse = super().render_history_view(request, template, context, **kwargs)
        return answer
