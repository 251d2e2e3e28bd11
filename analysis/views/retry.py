"""Read photos after all that could not be read or were stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from analysis import services
from analysis.models import Batch
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


@require_POST
@signed_in
def retry_batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same for all of an upload; its page is live until they are read."""
    batch = get_object_or_404(Batch.objects.owned_by(request.user), uuid=uuid)
    queued, left = services.retry_batch(batch)
    if queued:
        more = f" {left:,} more {'is' if left == 1 else 'are'} left: press the button once more." if left else ""
        are = "1 photo is" if queued == 1 else f"{queued:,} photos are"
        messages.success(request, f"{are} tried again.{more}")
    else:
        messages.info(request, "There is nothing to try again: nothing failed or was stopped, or no picture was kept.")
    return redirect("analysis:uploaded", batch.uuid)
