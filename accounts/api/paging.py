"""Paging that stays right while rows are added, for every list of the API."""

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
        """Raises ValidationError for a cursor that was not made here, which only the query may notice."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, DjangoValidationError, ValueError, OverflowError):
            raise ValidationError({"cursor": "This is no cursor of this list. Follow next, or leave it out."}) from None
