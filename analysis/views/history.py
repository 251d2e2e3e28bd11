"""All photos of a person, newest first, by page and by filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analysis.filters import SEARCHED, WORDS, PhotoFilter
from analysis.models import Photo
from analysis.paging import BoundedPaginator
from analysis.views.access import person, signed_in
from analysis.views.cards import photo_cards
from analysis.views.live import live_of
from analysis.views.reread_all import notice_of

PER_PAGE: Final = 24
KNOWN: Final = 100
"""Pages that are counted, an index being enough for that."""

KNOWN_FILTERED: Final = 10
"""The same where each photo has to be looked at."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the query that takes it off."""

    text: str
    query: str


@require_safe
@signed_in
def history(request: HttpRequest) -> HttpResponse:
    """The grid. A page number that does not exist shows the nearest; a filter that makes no sense says so."""
    photos = Photo.objects.owned_by(request.user)
    chosen = PhotoFilter(request.GET, queryset=photos)
    is_valid = chosen.form.is_valid()
    older = chosen.first_not_searched() if is_valid else None
    found = chosen.searched() if is_valid else photos
    chips = list(_chips(chosen, request.GET)) if is_valid else []
    number = request.GET.get("page")
    paginator = BoundedPaginator(found.with_results(), PER_PAGE, known=KNOWN_FILTERED if chips else KNOWN, asked=number)
    page = paginator.get_page(number)
    cards = photo_cards(page.object_list)
    context = {
        "cards": cards,
        "live": live_of(cards),
        # where somebody begins to look, and nowhere else: it costs two small queries
        "again": notice_of(person(request)) if cards and page.number == 1 and not chips else None,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "form": chosen.form,
        "chips": chips,
        "query": _without(request.GET, "page"),
        "until": chosen.form.cleaned_data.get("until") if is_valid else None,
        "searched": SEARCHED,
        "older": older,
        "older_query": _until(request.GET, older) if older else "",
    }
    return render(request, "analysis/history.html", context)


def _chips(chosen: PhotoFilter, query: QueryDict) -> Iterable[Chip]:
    for name, words in WORDS.items():
        value = chosen.form.cleaned_data.get(name)
        if value not in ("", None):
            yield Chip(words(value), _without(query, name, "page"))


def _until(query: QueryDict, moment: datetime) -> str:
    """The query for photos of that day and before."""
    rest = query.copy()
    rest["until"] = timezone.localdate(moment).isoformat()
    return _without(rest, "page")


def _without(query: QueryDict, *names: str) -> str:
    """The query without these keys and without empty ones."""
    rest = query.copy()
    for name in [*names, *(key for key, value in query.items() if not value)]:
        rest.pop(name, None)
    return rest.urlencode()
