"""Read a photo after all that could not be read or was stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from analysis import services
from analysis.views.access import own_photo_or_404, signed_in


@require_POST
@signed_in
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Queue the newest analysis again and show the photo, which is live until it is read."""
    photo = own_photo_or_404(request, uuid)
    if photo.newest is None or not services.retry_analysis(photo.newest):
        why = "this photo is being read or has been read" if photo.has_picture else "its picture was not kept"
        messages.info(request, f"There is nothing to try again: {why}.")
    return redirect("analysis:photo", photo.uuid)
