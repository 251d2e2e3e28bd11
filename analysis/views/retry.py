"""Read a photo again that could not be read."""

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
    """Queue the failed analysis again and show the photo, which is live until it is read."""
    photo = own_photo_or_404(request, uuid)
    if photo.latest is None or not services.retry_analysis(photo.latest):
        messages.info(request, "There is nothing to try again: this photo is being read or has been read.")
    return redirect("analysis:photo", photo.uuid)
