"""The owner says "this is wrong"."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.consent import services as consent
from accounts.consent.purposes import Purpose
from analysis import statements
from analysis.forms import CorrectionForm
from analysis.models import Face
from analysis.views.access import person, signed_in
from analysis.views.cards import FaceCard, face_card


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A form with what was said before, if anything, which can be changed or taken back; then back to the face."""
    faces = Face.objects.owned_by(request.user).select_related("analysis__photo", "review")
    face = get_object_or_404(faces.prefetch_related("corrections"), uuid=uuid)
    photo = face.analysis.photo
    card = face_card(photo, face)
    if "withdraw" in request.POST:
        _take_back(request, face)
        return _to_the_face(card)
    sent = request.method == "POST"
    attributes = consent.attributes_allowed(face.analysis.owner_id)
    form = CorrectionForm(
        request.POST if sent else None, instance=None if sent else card.correction, attributes=attributes
    )
    if sent and form.is_valid():
        statements.correct_face(face=face, author=person(request), **form.cleaned_data)
        messages.success(request, "Thank you. What you said is kept with this face.")
        return _to_the_face(card)
    return render(
        request,
        "analysis/correct.html",
        {"form": form, "card": card, "photo": photo, "is_shared": consent.allows(person(request), Purpose.IMPROVEMENT)},
    )


def _take_back(request: HttpRequest, face: Face) -> None:
    if statements.withdraw_corrections(face=face, author=person(request)):
        messages.success(request, "What you said about this face is removed.")
    else:
        messages.info(request, "There was nothing to take back: you have said nothing about this face.")


def _to_the_face(card: FaceCard) -> HttpResponse:
    photo = card.face.analysis.photo
    return redirect(f"{reverse('analysis:photo', args=[photo.uuid])}#face-{card.number}")
