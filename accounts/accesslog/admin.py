"""What pages of the admin must be made of where their rows are other people's."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note


class NotedAdmin(admin.ModelAdmin):
    """Notes every object that one of its pages shows, before the page is sent.

    A subclass says in `sights` what is seen of an object, and notes what its own buttons do. A test fails for tables of
    people that are registered without this.
    """

    shown_as: Kind = Kind.RESULT
    """What looking at the page of one object is."""

    def sights(self, thing: Any, kind: Kind) -> Iterable[Seen]:
        """What is seen with `thing`; nothing of what belongs to nobody."""
        raise NotImplementedError

    def note(self, request: HttpRequest, things: Iterable[Model], kind: Kind | None = None) -> None:
        """That who asks sees these, or does with them what `kind` says."""
        said = kind or self.shown_as
        note(request.user, Place.ADMIN, [seen for thing in things for seen in self.sights(thing, said)])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list: its rows."""
        response = super().changelist_view(request, extra_context)
        shown = (getattr(response, "context_data", None) or {}).get("cl")
        if shown is not None:
            self.note(request, shown.result_list, Kind.LISTED)
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What the pages about one object begin with; they refuse afterwards who may not see it."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_or_change_permission(request, found):
            self.note(request, [found])
        return found

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The question before, also about many: names all that would go."""
        things = list(objs)
        self.note(request, things, Kind.LISTED)
        return super().get_deleted_objects(things, request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """What is deleted is noted first, as then it is known whose it is."""
        self.note(request, [obj], Kind.DELETED)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for many."""
        self.note(request, queryset, Kind.DELETED)
        super().delete_queryset(request, queryset)
