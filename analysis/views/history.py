"""All photos of a person, newest first, by page and by filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.filters import WORDS, PhotoFilter
from analysis.models import Photo
from analysis.views.access import signed_in
from analysis.views.cards import photo_cards
from analysis.views.live import live_of

PER_PAGE: Final = 24


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
    page = Paginator((chosen.qs if is_valid else photos).with_results(), PER_PAGE).get_page(request.GET.get("page"))
    cards = photo_cards(page.object_list)
    context = {
        "cards": cards,
        "live": live_of(cards),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "form": chosen.form,
        "chips": list(_chips(chosen, request.GET)) if is_valid else [],
        "query": _without(request.GET, "page"),
    }
    return render(request, "analysis/history.html", context)


def _chips(chosen: PhotoFilter, query: QueryDict) -> Iterable[Chip]:
    for name, words in WORDS.items():
        value = chosen.form.cleaned_data.get(name)
        if value not in ("", None):
            yield Chip(words(value), _without(query, name, "page"))


def _without(query: QueryDict, *names: str) -> str:
    """The query without these keys and without empty ones."""
    rest = query.copy()
    for name in [*names, *(key for key, value in query.items() if not value)]:
        rest.pop(name, None)
    return rest.urlencode()
