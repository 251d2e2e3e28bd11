"""The catalogue in Django's admin, with how people received it: counts, never who said what."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from suggestions.models import CatalogueItem, FeedbackKind


@admin.register(CatalogueItem)
class CatalogueItemAdmin(admin.ModelAdmin):
    """Items can be added, changed and switched off; a later load of the files keeps such changes."""

    list_display = (
        "title",
        "by",
        "kind",
        "age_from",
        "age_to",
        "minimum_age",
        "standing",
        "active",
        "wanted",
        "unwanted",
    )
    list_filter = ("kind", "active", "minimum_age")
    list_editable = ("active",)
    search_fields = ("title", "by", "description", "slug")
    prepopulated_fields = {"slug": ("title",)}
    actions = ("switch_on", "switch_off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CatalogueItem]:
        """With the two counts, in one query."""
        items: QuerySet[CatalogueItem] = super().get_queryset(request)
        return items.annotate(
            liked_count=Count("feedback", filter=Q(feedback__kind=FeedbackKind.LIKED)),
            dismissed_count=Count("feedback", filter=Q(feedback__kind=FeedbackKind.NOT_FOR_ME)),
        )

    @admin.display(description="more like this", ordering="liked_count")
    def wanted(self, item: CatalogueItem) -> int:
        """How many people want more like it."""
        return int(getattr(item, "liked_count", 0))

    @admin.display(description="not for me", ordering="dismissed_count")
    def unwanted(self, item: CatalogueItem) -> int:
        """How many people dismissed it."""
        return int(getattr(item, "dismissed_count", 0))

    @admin.action(description="Suggest the selected items", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[CatalogueItem]) -> None:
        """Make items eligible."""
        CatalogueItem.objects.filter(pk__in=queryset.values("pk")).update(active=True)

    @admin.action(description="Do not suggest the selected items", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[CatalogueItem]) -> None:
        """Make items ineligible, without losing what people said about them."""
        CatalogueItem.objects.filter(pk__in=queryset.values("pk")).update(active=False)
