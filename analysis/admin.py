"""Review: analyses and faces for administrators and reviewers, in the stock Django admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import User
from analysis import services
from analysis.models import Analysis, Correction, Face, Photo, Review, Status, Verdict

LOW_CONFIDENCE = 0.6


class ReadOnlyAdmin(admin.ModelAdmin):
    """Results are read, not edited: a change of opinion is a review."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Results come from workers only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites what the engine said."""
        return False


def _picture(photo: Photo, alt: str) -> SafeString:
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" class="review-thumbnail"></a>',
        reverse("analysis:image", args=[photo.uuid]),
        reverse("analysis:thumbnail", args=[photo.uuid]),
        alt,
    )


class ConfidenceFilter(admin.SimpleListFilter):
    """Where a second look is worth most."""

    title = "confidence"
    parameter_name = "confidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("not_sure", "not sure about gender or expression"), ("low", f"expression under {LOW_CONFIDENCE:.0%}")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        if self.value() == "not_sure":
            return queryset.filter(gender="") | queryset.filter(emotion="")
        if self.value() == "low":
            return queryset.filter(emotion_confidence__lt=LOW_CONFIDENCE)
        return queryset


class ReviewedFilter(admin.SimpleListFilter):
    """What is still to be done."""

    title = "review"
    parameter_name = "reviewed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("open", "not reviewed"), ("contested", "owner says it is wrong"), *Verdict.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        match self.value():
            case None:
                return queryset
            case "open":
                return queryset.filter(review=None)
            case "contested":
                return queryset.filter(corrections__isnull=False).distinct()
            case verdict:
                return queryset.filter(review__verdict=verdict)


class ReviewInline(admin.StackedInline):
    """The decision about one face."""

    model = Review
    extra = 0
    fields = ("verdict", "age_years", "gender", "emotion", "note")


class CorrectionInline(admin.TabularInline):
    """What the owner says."""

    model = Correction
    extra = 0
    can_delete = False
    readonly_fields = fields = ("age_years", "gender", "emotion", "not_a_face", "note", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only owners correct."""
        return False


@admin.register(Face)
class FaceAdmin(ReadOnlyAdmin):
    """The review queue: filter, look, mark."""

    list_display = ("picture", "box", "age", "gender_shown", "emotion_shown", "verdict", "weights")
    list_display_links = ("box",)
    list_filter = (ReviewedFilter, ConfidenceFilter, "gender", "emotion", "analysis__model_version")
    list_select_related = ("analysis__photo", "review")
    list_per_page = 50
    show_full_result_count = False
    inlines = (CorrectionInline, ReviewInline)
    actions = ("mark_accepted", "mark_unusable")
    fields = readonly_fields = (
        "picture", "box", "age", "gender_shown", "emotion_shown", "quality", "probabilities", "weights",
    )  # fmt: skip

    class Media:
        css = {"all": ("css/review.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The page must open for its review; its own fields are read-only."""
        return request.user.has_perm("analysis.change_review")

    @admin.display(description="photo")
    def picture(self, face: Face) -> SafeString:
        """The thumbnail, linked to the photo."""
        return _picture(face.analysis.photo, f"photo with face {face.index + 1}")

    @admin.display(description="face")
    def box(self, face: Face) -> str:
        """Which face and where."""
        return f"face {face.index + 1} at {face.x:.0f}, {face.y:.0f}, {face.width:.0f} x {face.height:.0f} pixels"

    @admin.display(description="age", ordering="age_years")
    def age(self, face: Face) -> str:
        """Years and interval."""
        return f"{face.age_years:.0f} ({face.age_low:.0f} to {face.age_high:.0f})"

    @admin.display(description="gender", ordering="gender_confidence")
    def gender_shown(self, face: Face) -> str:
        """Label and confidence."""
        return f"{face.gender or 'not sure'} ({face.gender_confidence:.0%})"

    @admin.display(description="expression shown", ordering="emotion_confidence")
    def emotion_shown(self, face: Face) -> str:
        """Label and confidence."""
        return f"{face.emotion or 'not sure'} ({face.emotion_confidence:.0%})"

    @admin.display(description="review", ordering="review__verdict")
    def verdict(self, face: Face) -> str:
        """The decision so far."""
        review = getattr(face, "review", None)
        return review.get_verdict_display() if review else "open"

    @admin.display(description="model")
    def weights(self, face: Face) -> str:
        """Which weights said so."""
        return face.analysis.model_version

    @admin.action(description="Mark as accepted", permissions=["change"])
    def mark_accepted(self, request: HttpRequest, queryset: QuerySet[Face]) -> None:
        """For many at once."""
        self._mark(request, queryset, Verdict.ACCEPTED)

    @admin.action(description="Mark as unusable", permissions=["change"])
    def mark_unusable(self, request: HttpRequest, queryset: QuerySet[Face]) -> None:
        """For many at once."""
        self._mark(request, queryset, Verdict.UNUSABLE)

    def _mark(self, request: HttpRequest, queryset: QuerySet[Face], verdict: Verdict) -> None:
        for face in queryset:
            services.review_face(face=face, reviewer=_reviewer(request), verdict=verdict)
        messages.success(request, f"{len(queryset)} marked as {verdict.label}.")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The decision bears the name of who made it."""
        for review in formset.save(commit=False):
            services.review_face(
                face=review.face,
                reviewer=_reviewer(request),
                verdict=Verdict(review.verdict),
                age_years=review.age_years,
                gender=review.gender,
                emotion=review.emotion,
                note=review.note,
            )
        for review in formset.deleted_objects:
            review.delete()


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
        return _picture(analysis.photo, "photo")

    @admin.display(description="faces", ordering="faces_found")
    def face_count(self, analysis: Any) -> int:
        """How many were found."""
        return int(analysis.faces_found)

    @admin.action(description="Try failed ones again")
    def retry(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> None:
        """Queue them with fresh attempts."""
        count = sum(services.retry_analysis(analysis) for analysis in queryset.filter(status=Status.FAILED))
        messages.success(request, f"{count} queued again.")


@admin.register(Review)
class ReviewAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Decisions and how they changed."""

    list_display = ("face", "verdict", "reviewer", "reviewed_at")
    list_filter = ("verdict", "reviewer")
    list_select_related = ("face", "reviewer")
    readonly_fields = ("face", "reviewer", "reviewed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A review begins at its face."""
        return False


def _reviewer(request: HttpRequest) -> User:
    if not isinstance(request.user, User):  # pragma: no cover  the admin lets nobody else in
        raise TypeError("the admin was used without a signed-in person")
    return request.user
