"""An earlier reading of a photo, which newer models have read since."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from analysis.models import Status
from analysis.views.access import own_photo_or_404, signed_in
from analysis.views.cards import reading_card
from analysis.views.polling import fresh


@require_safe
@signed_in
def reading(request: HttpRequest, uuid: UUID, reading: UUID) -> HttpResponse:
    """The faces as they were read then; the photo's own page when that is what it shows."""
    photo = own_photo_or_404(request, uuid)
    if photo.latest and photo.latest.uuid == reading:
        return redirect("analysis:photo", photo.uuid)
    found = next((each for each in photo.analyses.all() if each.uuid == reading and each.status == Status.DONE), None)
    if found is None:
        raise Http404
    context = {"card": reading_card(photo, found), "photo": photo, "analysis": found, "is_past": True}
    return fresh(render(request, "analysis/reading.html", context))
