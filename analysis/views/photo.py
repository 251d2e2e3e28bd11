"""One photo with its faces, live until it is read."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from analysis.models import Photo
from analysis.views.access import is_htmx, own_photo_or_404, signed_in
from analysis.views.cards import PhotoCard, photo_cards
from analysis.views.waiting import next_poll, seen_mark


@require_safe
@signed_in
def photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page, or the part of it that its poll asks for."""
    card = photo_cards([own_photo_or_404(request, uuid)])[0]
    response = (
        _part(request, card) if is_htmx(request) else render(request, "analysis/photo.html", _context(request, card))
    )
    response["Cache-Control"] = "no-store"  # the address answers in two shapes, and a photo can be deleted
    patch_vary_headers(response, ("HX-Request",))
    return response


def _part(request: HttpRequest, card: PhotoCard) -> HttpResponse:
    """For the page's own poll: everything when it is finished, else the state, or nothing when that is unchanged."""
    context = _context(request, card)
    if card.progress.is_finished:
        response = render(request, "analysis/parts/photo_live.html", context | {"announce": True})
        return reswap(retarget(response, "#photo-live"), "outerHTML")
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "analysis/parts/reading.html", context)


def _context(request: HttpRequest, card: PhotoCard) -> dict[str, object]:
    seconds = next_poll([card.analysis])
    return {
        "card": card,
        "photo": card.photo,
        "analysis": card.analysis,
        "seconds": seconds,
        "mark": seen_mark([card.progress], seconds),
        "same": _same_bytes(request, card.photo),
    }


def _same_bytes(request: HttpRequest, photo: Photo) -> Photo | None:
    """An earlier upload of the very same file, shown as a hint and never refused."""
    earlier = Photo.objects.owned_by(request.user).filter(sha256=photo.sha256, pk__lt=photo.pk)
    return earlier.order_by("pk").first()
