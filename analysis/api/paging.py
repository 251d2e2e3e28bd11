"""Paging that stays right while photos are added."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Follow `next` until it is null."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = ("-created_at", "-id")
