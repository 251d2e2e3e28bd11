"""Which rows come first in the lists of photos and readings."""

from accounts.api.paging import Cursors


class NewestFirst(Cursors):
    """Of photos, which may be very many."""

    page_size_query_param = "page_size"
    max_page_size = 100
    ordering: tuple[str, ...] = ("-created_at", "-id")


class NewestReadingFirst(NewestFirst):
    """Of one photo, which rarely has more than a page."""

    page_size = 10
    max_page_size = 50
    ordering = ("-id",)


class NewestBatchFirst(NewestFirst):
    """Fewer on a page than photos: each may have thousands of them to count."""

    page_size = 10
    max_page_size = 50


class QueueOrder(NewestFirst):
    """Of faces to review: what was read last comes first."""

    max_page_size = 100
    ordering = ("-id",)
