"""One poll for all unfinished photos of a page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.forms import StatusesForm
from analysis.models import Photo
from analysis.views.access import signed_in
from analysis.views.cards import photo_cards
from analysis.views.live import live_of


@require_safe
@signed_in
def statuses(request: HttpRequest) -> HttpResponse:
    """New states of the photos named in `ids`, as fragments; photos of others are left out without a word."""
    form = StatusesForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest("The page asked for something odd. Reload it.", content_type="text/plain")
    wanted: list[UUID] = form.cleaned_data["ids"]
    photos = Photo.objects.owned_by(request.user).with_results().filter(uuid__in=wanted)
    cards = photo_cards(photos)
    live = live_of(cards, total=form.cleaned_data["of"] or len(wanted))
    if live.seconds and form.cleaned_data["seen"] == live.mark:
        response = HttpResponse(status=204)  # htmx leaves the page as it is
    else:
        response = render(request, "analysis/parts/statuses.html", {"cards": cards, "live": live})
    response["Cache-Control"] = "no-store"
    return response
