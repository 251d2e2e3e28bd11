"""Read a photo again with newer models, keeping the result there is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from analysis import services
from analysis.models import Lane
from analysis.views.access import own_photo_or_404, signed_in


@require_POST
@signed_in
def reread(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Queue it, as somebody waits for it, and show the photo, which is live until it is read."""
    photo = own_photo_or_404(request, uuid)
    if services.reread_photo(photo, lane=Lane.INTERACTIVE) is None:
        why = "no newer models are there, or it is under way" if photo.has_picture else "its picture was not kept"
        messages.info(request, f"There is nothing to read again: {why}.")
    return redirect("analysis:photo", photo.uuid)
