"""Ways to find the faces where a second look is worth most."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analysis.engine import QUALITY_CODES
from analysis.models import Face, Verdict

LOW_CONFIDENCE = 0.6


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


class ReasonFilter(admin.SimpleListFilter):
    """What made a face hard to read."""

    title = "hard to read"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("none", "nothing"), *((code, code.replace("_", " ")) for code in QUALITY_CODES)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces; the list is compared as text, as SQLite cannot look into one."""
        if self.value() == "none":
            return queryset.filter(quality__reasons=[])
        if self.value() in QUALITY_CODES:
            return queryset.filter(quality__reasons__icontains=f'"{self.value()}"')
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
