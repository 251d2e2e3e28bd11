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
from analysis.views.waiting import next_poll


@require_safe
@signed_in
def photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; for its own poll the state line or, once there is more to show, everything below the heading."""
    card = photo_cards([own_photo_or_404(request, uuid)])[0]
    if not is_htmx(request):
        response = render(request, "analysis/photo.html", _context(request, card))
    elif card.progress.is_finished:
        response = render(request, "analysis/parts/photo_live.html", _context(request, card) | {"announce": True})
        response = reswap(retarget(response, "#photo-live"), "outerHTML")
    else:
        response = render(request, "analysis/parts/reading.html", _context(request, card))
    response["Cache-Control"] = "no-store"  # the address answers in two shapes, and a photo can be deleted
    patch_vary_headers(response, ("HX-Request",))
    return response


def _context(request: HttpRequest, card: PhotoCard) -> dict[str, object]:
    return {
        "card": card,
        "photo": card.photo,
        "analysis": card.analysis,
        "seconds": next_poll([card.analysis]),
        "same": _same_bytes(request, card.photo),
    }


def _same_bytes(request: HttpRequest, photo: Photo) -> Photo | None:
    """An earlier upload of the very same file, shown as a hint and never refused."""
    earlier = Photo.objects.owned_by(request.user).filter(sha256=photo.sha256, pk__lt=photo.pk)
    return earlier.order_by("pk").first()
