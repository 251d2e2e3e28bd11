"""Who looked at whose data, for administrators: read only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen
from accounts.models import AccessEntry, User
from accounts.roles import Role
from analysis.admin.base import ReadOnlyAdmin, administers


class RoleFilter(admin.SimpleListFilter):
    """Of who looked, when they did."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those of staff."""
        return [(str(role.value), str(role.label)) for role in (Role.REVIEWER, Role.ADMINISTRATOR)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        """Narrowed lines."""
        return queryset.filter(role=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    """Who looked: everybody who may sign in here."""

    title = "who"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [(str(person.pk), str(person)) for person in User.objects.filter(is_staff=True).order_by("email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        """Narrowed lines."""
        value = self.value()
        return queryset.filter(actor=int(value)) if value and value.isdecimal() else queryset


@admin.register(AccessEntry)
class AccessAdmin(ReadOnlyAdmin):
    """Lines of the access log. Whose data it was is told by number, so that reading the log is no access itself."""

    list_display = ("at", "who", "role", "whose", "kind", "many", "place")
    list_filter = (RoleFilter, "kind", "place", ActorFilter, "at")
    list_select_related = ("actor",)
    search_fields = ("=person__email",)
    search_help_text = "The whole e-mail address of whose data it was."
    sortable_by = ()
    actions = None
    fields = readonly_fields = list_display

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Called as it is called for people."""
        return super().changelist_view(request, {"title": "Who looked at whose data", **(extra_context or {})})

    def sights(self, thing: AccessEntry, kind: Kind) -> Iterable[Seen]:
        """Nothing by which whose it is could be known here."""
        return ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the system at a glance."""
        return administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody takes a line out; old ones go by themselves."""
        return False

    @admin.display(description="who")
    def who(self, entry: AccessEntry) -> str:
        """As far as it is known still."""
        gone = "somebody at the command line" if entry.place == Place.COMMAND else "somebody who left"
        return str(entry.actor) if entry.actor else gone

    @admin.display(description="photos")
    def many(self, entry: AccessEntry) -> int | str:
        """How many there were in the list."""
        return len(entry.photos) or "-"

    @admin.display(description="whose")
    def whose(self, entry: AccessEntry) -> str:
        """As in the addresses of the pages about people, and as the log says it."""
        return f"person {entry.person_id}"
