"""Query parameters of the photo list: those of the history page, with the status as the API writes it."""

import django_filters
from django.db.models import OuterRef, Subquery

from analysis.filters import PhotoFilter as HistoryFilter
from analysis.models import Analysis, Status
from analysis.models.photo import PhotoQuerySet


class PhotoFilter(HistoryFilter):
    """By the newest analysis of each photo."""

    state = None
    status = django_filters.ChoiceFilter(choices=Status.choices)

    def filter_queryset(self, queryset: PhotoQuerySet) -> PhotoQuerySet:
        """Narrow `queryset` by what was asked."""
        queryset = super().filter_queryset(queryset)
        status = self.form.cleaned_data.get("status")
        if not status:
            return queryset
        newest = Analysis.objects.filter(photo=OuterRef("pk")).order_by("-pk").values("status")[:1]
        return queryset.alias(newest_status=Subquery(newest)).filter(newest_status=status)
