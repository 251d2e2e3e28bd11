"""One poll for all unfinished photos of a page."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis import batches
from analysis.batches import BatchProgress
from analysis.forms import StatusesForm
from analysis.models import Batch, Photo
from analysis.views.access import signed_in
from analysis.views.cards import PhotoCard, bare_cards, photo_cards
from analysis.views.live import live_of
from analysis.views.polling import fresh, unchanged


@require_safe
@signed_in
def statuses(request: HttpRequest) -> HttpResponse:
    """New states of the photos named in `ids`, as fragments; photos of others are left out without a word."""
    form = StatusesForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest("The page asked for something odd. Reload it.", content_type="text/plain")
    wanted: list[UUID] = form.cleaned_data["ids"]
    cards = _cards(request, wanted)
    batch = _batch(request, form)
    live = live_of(cards, total=form.cleaned_data["of"] or len(wanted), batch=batch)
    is_same_set = len(cards) == len(wanted) and not any(card.progress.is_finished for card in cards)
    if live.poll and is_same_set and (answer := unchanged(request, live.poll.etag)):
        return answer
    context = {"cards": cards, "live": live, "batch": batch[0] if batch else None}
    context["again"] = batches.number_to_try_again(*batch) if batch else 0
    response = render(request, "analysis/parts/statuses.html", context)
    return fresh(response, live.poll.etag if live.poll else None)


def _batch(request: HttpRequest, form: StatusesForm) -> tuple[Batch, BatchProgress] | None:
    """How far the page's batch is; None when it has none, or when it was deleted."""
    uuid = form.cleaned_data["batch"]
    batch = Batch.objects.owned_by(request.user).filter(uuid=uuid).first() if uuid else None
    return (batch, batches.progress_of([batch])[batch.pk]) if batch else None


def _cards(request: HttpRequest, wanted: Sequence[UUID]) -> list[PhotoCard]:
    """Faces are fetched only when one of the photos has been read."""
    photos = Photo.objects.owned_by(request.user).filter(uuid__in=wanted)
    waiting = photos.prefetch_related("analyses")
    if any(photo.latest and photo.latest.is_finished for photo in waiting):
        return photo_cards(photos.with_results())
    return bare_cards(waiting)
