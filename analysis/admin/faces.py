"""The review queue: filter, look, mark."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from analysis import seen, statements
from analysis.admin import pictures
from analysis.admin.analyses import AT_ONCE
from analysis.admin.base import ReadOnlyAdmin, reviewer, viewer
from analysis.admin.deciding import SAID, DecisionForm, MarkingForm, listed_at, reviewing
from analysis.admin.filters import ConfidenceFilter, ExpressionFilter, ModelFilter, ReasonFilter, ReviewedFilter
from analysis.judging import judge_unless_since
from analysis.models import Correction, Face, Review, Verdict
from analysis.models.face import FaceQuerySet
from analysis.reasons import reasons_of

NOT_ESTIMATED: Final = "-"
"""Its owner does not agree to it."""


class ReviewInline(admin.StackedInline):
    """The decision about one face."""

    model = Review
    form = DecisionForm
    extra = 1
    can_delete = False
    fields = (*SAID, "seen")
    verbose_name = verbose_name_plural = "Your decision"

    def get_formset(self, request: HttpRequest, obj: Any = None, **named: Any) -> Any:
        """Whose decision it would be; a note may be a sentence or two."""
        made = super().get_formset(request, obj, widgets={"note": forms.Textarea(attrs={"rows": 2})}, **named)
        reviewing(made.form, reviewer(request))
        return made


class CorrectionInline(admin.TabularInline):
    """What the owner says."""

    model = Correction
    extra = 0
    can_delete = False
    readonly_fields = fields = ("age_years", "gender", "emotion", "not_a_face", "note", "created_at")
    verbose_name_plural = "What the owner says"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only owners correct."""
        return False


@admin.register(Face)
class FaceAdmin(ReadOnlyAdmin):
    """The review queue: filter, look, mark."""

    list_display = ("small", "box", "age", "gender_shown", "emotion_shown", "reasons", "verdict", "weights")
    list_display_links = ("box",)
    list_filter = (ReviewedFilter, ConfidenceFilter, ReasonFilter, "gender", ("emotion", ExpressionFilter), ModelFilter)
    list_select_related = ("analysis__photo", "review")
    inlines = (CorrectionInline, ReviewInline)
    actions = ("mark_accepted", "mark_unusable")
    action_form = MarkingForm
    fields = readonly_fields = (
        "photo", "alone", "age", "gender_shown", "emotion_shown", "bars", "reasons", "measures", "weights",
    )  # fmt: skip

    class Media:
        css = {"all": ("css/review.css",)}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Called by what it is for; what is chosen in it bears the time from before it was read."""
        began = timezone.now()
        response = super().changelist_view(request, {"title": "Faces to look at", **(extra_context or {})})
        form = (getattr(response, "context_data", None) or {}).get("action_form")
        if isinstance(form, MarkingForm):
            form.made_for(began)
        return response

    def get_queryset(self, request: HttpRequest) -> FaceQuerySet:
        """What who asks may see."""
        found: Any = super().get_queryset(request)
        narrowed: FaceQuerySet = found.viewable_by(request.user).annotate(viewer=viewer(request))
        return narrowed

    def sights(self, thing: Face, kind: Kind) -> Iterable[Seen]:
        """Its page shows what its owner says about it too."""
        return seen.of_face_whole(thing) if kind == Kind.RESULT else (seen.of_face(thing, kind),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The page must open for its review; its own fields are read-only."""
        return request.user.has_perm("analysis.change_review")

    @admin.display(description="photo")
    def photo(self, face: Face) -> SafeString:
        """The whole photo with the face marked."""
        return pictures.photo_with_box(face)

    @admin.display(description="face")
    def small(self, face: Any) -> SafeString:
        """The face itself, in the list."""
        return pictures.face_in_list(face, viewer=face.viewer)

    @admin.display(description="face")
    def alone(self, face: Face) -> SafeString:
        """The face itself, on its page."""
        return pictures.face_alone(face)

    @admin.display(description="which")
    def box(self, face: Face) -> str:
        """Which face of its photo."""
        return f"face {face.index + 1}, {face.width:.0f} pixels"

    @admin.display(description="all expressions")
    def bars(self, face: Face) -> SafeString:
        """The eight probabilities."""
        return pictures.expression_bars(face)

    @admin.display(description="age")
    def age(self, face: Face) -> str:
        """Years and interval."""
        if face.age_years is None:
            return NOT_ESTIMATED
        return f"{face.age_years:.0f} ({face.age_low:.0f} to {face.age_high:.0f})"

    @admin.display(description="gender")
    def gender_shown(self, face: Face) -> str:
        """Label and confidence."""
        if face.gender_confidence is None:
            return NOT_ESTIMATED
        return f"{face.gender or 'not sure'} ({face.gender_confidence:.0%})"

    @admin.display(description="expression shown", ordering="emotion_confidence")
    def emotion_shown(self, face: Face) -> str:
        """Label and confidence."""
        if face.emotion_confidence is None:
            return NOT_ESTIMATED
        return f"{face.emotion or 'not sure'} ({face.emotion_confidence:.0%})"

    @admin.display(description="hard to read")
    def reasons(self, face: Face) -> str:
        """Why, in a few words; the list shows the codes and the page of a face the measures."""
        return ", ".join(reason.code.replace("_", " ") for reason in reasons_of(face)) or "-"

    @admin.display(description="measured")
    def measures(self, face: Face) -> str:
        """What the reasons go by."""
        told = {name: value for name, value in face.quality.items() if isinstance(value, int | float)}
        return ", ".join(f"{name} {value:g}" for name, value in told.items()) or "-"

    @admin.display(description="review")
    def verdict(self, face: Face) -> str:
        """The decision so far."""
        review = getattr(face, "review", None)
        return review.get_verdict_display() if review else "not reviewed"

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
        found = list(queryset[: AT_ONCE + 1])
        chosen, more = found[:AT_ONCE], len(found) > AT_ONCE
        self.note(request, chosen, Kind.REVIEW)
        who, since = reviewer(request), listed_at(request.POST)
        marked = sum(judge_unless_since(face=face, reviewer=who, since=since, verdict=verdict) for face in chosen)
        # what the list's own filter leaves out by now was decided meanwhile, or deleted
        across = request.POST.get("select_across", "0") != "0"
        ticked = 0 if across else len(set(request.POST.getlist(ACTION_CHECKBOX_NAME)))
        left = max(len(chosen), ticked) - marked
        rest = f" These were the first {AT_ONCE:,}: choose the others again." if more else ""
        if marked:
            messages.success(request, f"{marked:,} marked as {verdict.label}.{'' if left else rest}")
        if left:
            one = left == 1
            messages.warning(
                request,
                f"{left:,} left as {'it was' if one else 'they were'}: somebody else has decided about "
                f"{'it' if one else 'them'}, or {'it was' if one else 'they were'} deleted, since you loaded the list. "
                f"To replace a decision, look at it and mark the face again.{rest}",
            )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The decision bears the name of who made it."""
        for review in formset.save(commit=False):
            self.note(request, [review.face], Kind.REVIEW)
            statements.review_face(
                face=review.face,
                reviewer=reviewer(request),
                verdict=Verdict(review.verdict),
                age_years=review.age_years,
                gender=review.gender,
                emotion=review.emotion,
                note=review.note,
            )
        for review in formset.deleted_objects:
            review.delete()
