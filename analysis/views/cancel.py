"""Stop what waits or is being read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from analysis import services
from analysis.views.access import own_photo_or_404, signed_in


@require_POST
@signed_in
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop the newest analysis of a photo; then the page `next`, where the button was, or the photo's."""
    photo = own_photo_or_404(request, uuid)
    if photo.newest and services.cancel_analysis(photo.newest):
        messages.success(request, f"Reading “{photo.name}” is stopped. You can have it read after all at any time.")
    else:
        messages.info(request, f"There was nothing to stop: “{photo.name}” is not waiting any more.")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("analysis:photo", photo.uuid)
