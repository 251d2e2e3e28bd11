"""Pages of lists that may hold millions: counting is bounded, so that the first page costs the same in any list."""

from functools import cached_property
from typing import Any, Final

from django.core.paginator import Paginator

AHEAD: Final = 10
"""Pages beyond the one that is asked for that are always counted: whoever goes on never meets an end too early."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic for the type checker only
    """Counts `known` pages at least and AHEAD beyond `asked`, the page's number as it came; `is_more`: there are more.

    Numbers of pages are those that were counted, so a far page costs what is before it, as everywhere.
    """

    def __init__(self, object_list: Any, per_page: int, *, known: int, asked: str | None) -> None:
        """`object_list` is an ordered query set."""
        super().__init__(object_list, per_page)
        self._objects = object_list
        self._most = max(known, _number(asked) + AHEAD) * per_page

    @cached_property
    def _counted(self) -> int:
        # without the order, which may be by a column that has no index; the slice would keep it
        return int(self._objects.order_by()[: self._most + 1].count())

    @cached_property
    def count(self) -> int:
        """How many there are, as far as they were counted."""
        return min(self._counted, self._most)

    @property
    def is_more(self) -> bool:
        """Whether there are more than `count`."""
        return self._counted > self._most


def _number(asked: str | None) -> int:
    """The page's number, 1 for what is none; as long as nobody can have leafed to."""
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
