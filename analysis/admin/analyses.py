"""Jobs: what waits, what failed and why."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from analysis import seen, services
from analysis.admin import pictures
from analysis.admin.base import ReadOnlyAdmin, administers, is_shared, viewer
from analysis.admin.filters import CodeFilter, VersionFilter
from analysis.models import UNFINISHED, Analysis, Face, Lane, Photo, Status

SHOWN: Final = ("picture_link", "status", "sentence", "face_count", "queued_at", "finished_at", "versions")
OPERATING: Final = (
    "uuid", "photo", "lane", "turn", "attempts", "last_error", "failure_code", "started_at", "due_at", "lease_until",
    "request_id", "timings_ms", "earlier",
)  # fmt: skip

AT_ONCE: Final = 500
"""How many one click changes: the answer should come within seconds."""


@admin.register(Analysis)
class AnalysisAdmin(ReadOnlyAdmin):
    """Jobs: what waits, what failed and why. Reviewers look; administrators try again, stop and have read again."""

    list_display = ("picture", "name", "status", "why", "lane_name", "attempts", "face_count", "queued_at", "took")
    list_display_links = ("name",)
    list_filter = ("status", "lane", CodeFilter, VersionFilter, "finished_at")
    fieldsets = ((None, {"fields": SHOWN}), ("For operators", {"fields": OPERATING, "classes": ("collapse",)}))
    readonly_fields = (*SHOWN, *OPERATING)
    list_select_related = ("photo",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("retry", "stop", "reread")

    class Media:
        css = {"all": ("css/review.css",)}

    def sights(self, thing: Analysis, kind: Kind) -> Iterable[Seen]:
        """What was read, or why it was not."""
        yield seen.of_analysis(thing, kind)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        """What a reviewer may see, and every job for administrators, who have to mend it.

        With the number of faces: of the rows of a page only, as a join would group millions.
        """
        faces = Face.objects.filter(analysis=OuterRef("pk")).order_by().values("analysis")
        count = Coalesce(Subquery(faces.annotate(count=Count("pk")).values("count")), 0)
        found: QuerySet[Analysis] = super().get_queryset(request)
        found = found.annotate(faces_found=count, is_shared=is_shared(request), viewer=viewer(request))
        return found if administers(request) else found.filter(photo__in=Photo.objects.viewable_by(request.user))

    @admin.display(description="photo")
    def picture(self, analysis: Any) -> SafeString:
        """The thumbnail, linked to the photo."""
        return pictures.thumbnail(analysis.photo, is_shared=analysis.is_shared, viewer=analysis.viewer)

    @admin.display(description="photo")
    def picture_link(self, analysis: Any) -> SafeString | str:
        """On the page of one: no picture, which would be a look of its own, but the way to it."""
        if not analysis.is_shared:
            return pictures.NOT_SHARED
        if not analysis.photo.has_picture:
            return pictures.NOT_KEPT
        address = reverse("analysis:image", args=[analysis.photo.uuid])
        return format_html('<a href="{}">Open the picture</a>', address)

    @admin.display(description="what people are told")
    def sentence(self, analysis: Analysis) -> str:
        """Where it failed."""
        return analysis.failure_sentence or "-"

    @admin.display(description="read by")
    def versions(self, analysis: Analysis) -> str:
        """Engine and model."""
        return f"{analysis.engine_version}, {analysis.model_version}" if analysis.engine_version else "-"

    @admin.display(description="analysis")
    def name(self, analysis: Analysis) -> SafeString:
        """The beginning of its uuid; the page of an analysis has the whole."""
        return format_html('<span title="{}">{}</span>', analysis.uuid, str(analysis.uuid)[:8])

    @admin.display(description="lane", ordering="lane")
    def lane_name(self, analysis: Analysis) -> str:
        """In one word."""
        return Lane(analysis.lane).name.lower()

    @admin.display(description="why")
    def why(self, analysis: Analysis) -> str:
        """Why it failed, or why its last attempt did; the page of an analysis has the sentence that people see."""
        return ": ".join(part for part in (analysis.failure_code.replace("_", " "), analysis.last_error) if part) or "-"

    @admin.display(description="took")
    def took(self, analysis: Analysis) -> str:
        """From upload to outcome."""
        return "-" if analysis.seconds is None else f"{analysis.seconds:,.1f} s"

    @admin.display(description="faces")
    def face_count(self, analysis: Any) -> int:
        """How many were found."""
        return int(analysis.faces_found)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return administers(request)

    @admin.action(description="Try again (failed, stopped)", permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> None:
        """With fresh attempts."""
        found = queryset.filter(status__in=(Status.FAILED, Status.CANCELLED))
        self._all(request, found, "queued again", lambda many: services.retry_analyses(many, lane=Lane.INTERACTIVE))

    @admin.action(description="Stop (waiting, being read)", permissions=["operate"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> None:
        """Photos and earlier results stay."""
        chosen = queryset.filter(status__in=UNFINISHED)
        self._all(request, chosen, "stopped", lambda many: sum(services.cancel_analysis(one) for one in many))

    @admin.action(description="Read again by newer models (done)", permissions=["operate"])
    def reread(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> None:
        """After everything else that waits."""

        def again(many: Sequence[Analysis]) -> int:
            return sum(services.reread_photo(analysis.photo) is not None for analysis in many)

        self._all(request, queryset.filter(status=Status.DONE), "to be read again", again)

    def _all(
        self, request: HttpRequest, chosen: QuerySet[Analysis], done: str, change: Callable[[Sequence[Analysis]], int]
    ) -> None:
        """Change the first AT_ONCE of what was chosen and fits, and say how many that were; what does not fit stays."""
        found = list(chosen[: AT_ONCE + 1])
        self.note(request, found[:AT_ONCE], Kind.WORK)
        count = change(found[:AT_ONCE])
        more = f" These were the first {AT_ONCE:,}: choose the others again." if len(found) > AT_ONCE else ""
        level = messages.SUCCESS if count else messages.WARNING
        messages.add_message(request, level, f"{count:,} {done}.{more}" if count else f"None of these can be {done}.")
