"""What was given up: looked at, mended, then tried again with one click."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from analysis import seen, services
from analysis.admin import pictures
from analysis.admin.analyses import AT_ONCE, OPERATING
from analysis.admin.base import ReadOnlyAdmin, administers, is_shared, viewer
from analysis.models import DeadLetter, Lane, Status
from analysis.runs import LOST_CODE

LIST: Final = "admin:analysis_deadletter_changelist"


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    """Analyses that failed every attempt, for administrators only. Whose they are is not shown."""

    list_display = ("picture", "again", "last_error", "when", "in_the_log")
    list_display_links = ("last_error",)
    list_filter = ("last_error",)
    list_select_related = ("photo",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    sortable_by = ()
    actions = None
    fields = readonly_fields = ("status", "failure_sentence", *OPERATING)

    class Media:
        css = {"all": ("css/review.css",)}

    def sights(self, thing: DeadLetter, kind: Kind) -> Iterable[Seen]:
        """As of every analysis."""
        yield seen.of_analysis(thing, kind)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the system at a glance."""
        return administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes with its photo, or when it is tried again."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadLetter]:
        """What the index of failures holds under the code."""
        found: QuerySet[DeadLetter] = super().get_queryset(request)
        return found.filter(status=Status.FAILED, failure_code=LOST_CODE).annotate(
            is_shared=is_shared(request), viewer=viewer(request)
        )

    def get_urls(self) -> list[URLPattern]:
        """With the two buttons."""
        buttons = [
            path("again/", self.admin_site.admin_view(self.all_again), name="analysis_deadletter_all_again"),
            path("<int:pk>/again/", self.admin_site.admin_view(self.one_again), name="analysis_deadletter_again"),
        ]
        return [*buttons, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With how many one click tries again."""
        context = {"title": "Given up", "at_once": AT_ONCE, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="photo")
    def picture(self, letter: Any) -> SafeString:
        """The thumbnail, linked to the photo."""
        return pictures.thumbnail(letter.photo, is_shared=letter.is_shared, viewer=letter.viewer)

    @admin.display(description="")
    def again(self, letter: DeadLetter) -> SafeString:
        """Within the form of the list, whose token it sends along."""
        address = reverse("admin:analysis_deadletter_again", args=[letter.pk])
        return format_html('<button type="submit" class="button" formaction="{}">Try again</button>', address)

    @admin.display(description="given up")
    def when(self, letter: DeadLetter) -> str:
        """How long ago, and after how much."""
        ago = naturaltime(letter.finished_at) if letter.finished_at else "-"
        return f"{ago}, after {letter.attempts} attempts"

    @admin.display(description="in the log as")
    def in_the_log(self, letter: DeadLetter) -> SafeString:
        """What to look for there: its mark, and the request that brought it."""
        request = format_html("<br>request {}", letter.request_id) if letter.request_id else ""
        return format_html("{}{}", letter.mark, request)

    @method_decorator(require_POST)
    def one_again(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        """Somebody looks at this one, so it goes first."""
        self._refuse_others(request)
        letter: Any = get_object_or_404(DeadLetter.objects.select_related("photo"), pk=pk)
        self.note(request, [letter], Kind.WORK)
        if services.retry_analysis(letter):
            messages.success(request, f"Analysis {letter.uuid} is queued again.")
        else:
            messages.info(request, f"Analysis {letter.uuid} is under way already, or its photo is.")
        return redirect(LIST)

    @method_decorator(require_POST)
    def all_again(self, request: HttpRequest) -> HttpResponseRedirect:
        """The newest ones, of one kind of error if the list was narrowed to it, in the lane for many."""
        self._refuse_others(request)
        found = self.get_queryset(request)
        if "last_error" in request.POST:
            found = found.filter(last_error=request.POST["last_error"])
        tried = list(found.select_related("photo").order_by("-pk")[:AT_ONCE])
        self.note(request, tried, Kind.WORK)
        count = services.retry_analyses(tried, lane=Lane.BATCH)
        messages.success(request, f"{count:,} queued again, {found.count():,} left.")
        return redirect(LIST)

    def _refuse_others(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
