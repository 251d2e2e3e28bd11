"""Jobs: what waits, what failed and why."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from analysis import services
from analysis.admin import pictures
from analysis.admin.base import ReadOnlyAdmin
from analysis.models import Analysis, Status


@admin.register(Analysis)
class AnalysisAdmin(ReadOnlyAdmin):
    """Jobs: what waits, what failed and why; failed ones can be tried again."""

    list_display = ("picture", "uuid", "status", "face_count", "attempts", "failure_sentence", "queued_at", "seconds")
    list_display_links = ("uuid",)
    list_filter = ("status", "failure_code", "model_version", "queued_at")
    list_select_related = ("photo",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("retry",)

    class Media:
        css = {"all": ("css/review.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        """With the number of faces."""
        found: QuerySet[Analysis] = super().get_queryset(request).annotate(faces_found=Count("faces"))
        return found

    @admin.display(description="photo")
    def picture(self, analysis: Analysis) -> SafeString:
        """The thumbnail, linked to the photo."""
        return pictures.thumbnail(analysis.photo)

    @admin.display(description="faces", ordering="faces_found")
    def face_count(self, analysis: Any) -> int:
        """How many were found."""
        return int(analysis.faces_found)

    @admin.action(description="Try failed ones again")
    def retry(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> None:
        """Queue them with fresh attempts."""
        count = sum(services.retry_analysis(analysis) for analysis in queryset.filter(status=Status.FAILED))
        messages.success(request, f"{count} queued again.")
