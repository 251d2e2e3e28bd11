"""Paging that stays right while rows are added, for every list of the API."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Cursors(CursorPagination):
    """Follow `next` until it is null."""

    page_size = 25
    ordering: tuple[str, ...] = ("-id",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """Raises ValidationError for a cursor that was not made here, which only the query may notice.

        A list without filters of its own knows no other parameter.
        """
        if getattr(view, "filterset_class", None) is None and not self.page_size_query_param:
            refuse_unknown(request, {self.cursor_query_param})
        try:
            self._check(queryset, request)
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, DjangoValidationError, ValueError, OverflowError):
            raise ValidationError({"cursor": "This is no cursor of this list. Follow next, or leave it out."}) from None

    def _check(self, queryset: Any, request: Request) -> None:
        """What one database does not take and another does, none gets: times that UTC has no year for.

        Raises ValidationError of Django's, ValueError, OverflowError.
        """
        cursor = self.decode_cursor(request)
        if cursor is None or cursor.position is None:
            return
        position = queryset.model._meta.get_field(self.ordering[0].lstrip("-")).to_python(cursor.position)
        if isinstance(position, datetime):
            position.astimezone(UTC)


def refuse_unknown(request: Request, known: set[str]) -> None:
    """A mistyped parameter would be dropped in silence, and something else answered than was asked for."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        names = ", ".join(sorted(known)) or "none"
        raise ValidationError(dict.fromkeys(unknown, f"There is no such parameter. Known are {names}."))
