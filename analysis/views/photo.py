"""One photo with its faces, live while it is read, also while it is read again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from analysis.models import Analysis
from analysis.views.access import is_htmx, own_photo_or_404, signed_in
from analysis.views.cards import photo_cards
from analysis.views.polling import Poll, etag_of, fresh, next_poll, unchanged
from analysis.views.rereading import rereading_of
from analysis.views.waiting import Progress, progress_of


@require_safe
@signed_in
def photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; for its own poll the state while it is read, and everything once that is over."""
    response = _unfinished(request, uuid) or _whole(request, uuid) if is_htmx(request) else _page(request, uuid)
    patch_vary_headers(response, ("HX-Request",))  # the address answers in two shapes
    return response


def _page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return fresh(render(request, "analysis/photo.html", _context(request, uuid)))


def _whole(request: HttpRequest, uuid: UUID) -> HttpResponse:
    context = _context(request, uuid) | {"announce": True}
    return fresh(
        reswap(retarget(render(request, "analysis/parts/photo_live.html", context), "#photo-live"), "outerHTML")
    )


def _unfinished(request: HttpRequest, uuid: UUID) -> HttpResponse | None:
    """The state, or 304 when the page shows it already: one query while it is read, five at most while it waits."""
    newest = Analysis.objects.filter(owner=request.user.pk, photo__uuid=uuid).order_by("-pk").first()
    if newest is None or newest.is_finished:
        return None
    progress = progress_of([newest])[0]
    poll = _poll(uuid, newest, progress)
    if answer := unchanged(request, poll.etag):
        return answer
    return fresh(render(request, "analysis/parts/reading_state.html", {"state": progress, "poll": poll}), poll.etag)


def _poll(uuid: UUID, analysis: Analysis | None, progress: Progress) -> Poll:
    seconds = next_poll([(analysis, progress)])
    return Poll(reverse("analysis:photo", args=[uuid]), seconds or 0.0, etag_of([progress], seconds))


def _context(request: HttpRequest, uuid: UUID) -> dict[str, object]:
    card = photo_cards([own_photo_or_404(request, uuid)])[0]
    again = rereading_of(card)
    analysis, state = (again.newest, again.state) if again.state else (card.analysis, card.progress)
    return {
        "card": card,
        "photo": card.photo,
        "analysis": card.analysis,
        "again": again,
        "state": state,
        "poll": None if state.is_finished else _poll(uuid, analysis, state),
        "was_sent_before": "before" in request.GET,
    }
