"""Query parameters of the photo list: those of the history page, with the status as the API writes it."""

import django_filters
from django.db.models import OuterRef, Subquery

from analysis.filters import PhotoFilter as HistoryFilter
from analysis.models import Analysis, BatchPhoto, Status
from analysis.models.photo import PhotoQuerySet


class PhotoFilter(HistoryFilter):
    """By the newest analysis of each photo."""

    state = None
    status = django_filters.ChoiceFilter(choices=Status.choices)
    batch = django_filters.UUIDFilter(label="Of this batch")

    def filter_queryset(self, queryset: PhotoQuerySet) -> PhotoQuerySet:
        """Narrow `queryset` by what was asked."""
        queryset = super().filter_queryset(queryset)
        if batch := self.form.cleaned_data.get("batch"):
            queryset = queryset.filter(pk__in=BatchPhoto.objects.filter(batch__uuid=batch).values("photo"))
        status = self.form.cleaned_data.get("status")
        if not status:
            return queryset
        newest = Analysis.objects.filter(photo=OuterRef("pk")).best_first().values("status")[:1]
        return queryset.alias(newest_status=Subquery(newest)).filter(newest_status=status)
