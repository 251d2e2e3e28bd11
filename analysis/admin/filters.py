"""Ways to find the faces where a second look is worth most."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from analysis import queue, workers
from analysis.models import Analysis, Face, Review, Status

MOST_MODELS = 20


class CodeFilter(admin.SimpleListFilter):
    """Why it failed; the codes there are come from the index of failures and not from every row."""

    title = "reason"
    parameter_name = "failure_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        failed = Analysis.objects.filter(status=Status.FAILED).order_by("failure_code")
        codes = failed.values_list("failure_code", flat=True).distinct()
        return [(code, code.replace("_", " ")) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> QuerySet[Analysis]:
        """Narrowed analyses."""
        return queryset.filter(status=Status.FAILED, failure_code=self.value()) if self.value() else queryset


class VersionFilter(admin.SimpleListFilter):
    """What may be worth reading again."""

    title = "models"
    parameter_name = "read_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("current", "those that read now"), ("other", "others")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> QuerySet[Analysis]:
        """Narrowed analyses; while no worker is there, every result is of other models."""
        current = Q(pk=None)
        for engine, model in workers.versions():
            current |= Q(engine_version=engine, model_version=model)
        match self.value():
            case "current":
                return queryset.filter(current)
            case "other":
                return queryset.filter(~current).exclude(engine_version="")
            case _:
                return queryset


class ModelFilter(admin.SimpleListFilter):
    """Which weights said so."""

    title = "model"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The versions there are, each found by one step in the index: DISTINCT would go through every analysis."""
        found: list[str] = []
        versions = Analysis.objects.order_by("model_version").values_list("model_version", flat=True)
        while len(found) < MOST_MODELS and (
            following := versions.filter(model_version__gt=(found or [""])[-1]).first()
        ):
            found.append(following)
        return [(version, version) for version in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        return queryset.filter(analysis__model_version=self.value()) if self.value() else queryset


class ReviewerFilter(admin.SimpleListFilter):
    """Who decided: everybody who may sign in here, as reviews or people may be many."""

    title = "reviewer"
    parameter_name = "reviewer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [(str(person.pk), str(person)) for person in User.objects.filter(is_staff=True).order_by("email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """Narrowed reviews."""
        value = self.value()
        return queryset.filter(reviewer=int(value)) if value and value.isdecimal() else queryset


class ConfidenceFilter(admin.SimpleListFilter):
    """Where a second look is worth most."""

    title = "confidence"
    parameter_name = "confidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return list(queue.CONFIDENCE)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        value = self.value()
        return queue.by_confidence(queryset, value) if value in dict(queue.CONFIDENCE) else queryset


class ExpressionFilter(admin.ChoicesFieldListFilter):
    """Called as people see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The column's name is shorter."""
        super().__init__(*args, **kwargs)
        self.title = "expression shown"


class ReasonFilter(admin.SimpleListFilter):
    """What made a face hard to read."""

    title = "hard to read"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return list(queue.REASONS)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        value = self.value()
        return queue.by_reason(queryset, value) if value in dict(queue.REASONS) else queryset


class ReviewedFilter(admin.SimpleListFilter):
    """What is still to be done."""

    title = "review"
    parameter_name = "reviewed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [(str(value), str(label)) for value, label in queue.REVIEWED]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Face]) -> QuerySet[Face]:
        """Narrowed faces."""
        value = self.value()
        return queue.by_review(queryset, value) if value in dict(queue.REVIEWED) else queryset
