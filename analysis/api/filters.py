"""Query parameters of the photo list."""

import django_filters

from analysis.engine import EMOTIONS
from analysis.models import Photo, Status


class PhotoFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Photos that have an analysis, or a face, as asked for."""

    status = django_filters.ChoiceFilter(field_name="analyses__status", choices=Status.choices, distinct=True)
    emotion = django_filters.ChoiceFilter(
        field_name="analyses__faces__emotion", choices=[(name, name) for name in EMOTIONS], distinct=True
    )
    gender = django_filters.ChoiceFilter(
        field_name="analyses__faces__gender", choices=[("female", "female"), ("male", "male")], distinct=True
    )
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Photo
        fields: tuple[str, ...] = ()
