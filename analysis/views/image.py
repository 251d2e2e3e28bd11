"""A photo's bytes: for its owner and for reviewers, and inert even if a browser were tricked into opening them."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from analysis.media import photo_response
from analysis.models import Photo
from analysis.views.access import signed_in


@require_safe
@signed_in
def image(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The whole picture."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return photo_response(photo.image, f"photo-{photo.uuid}.jpg")


@require_safe
@signed_in
def thumbnail(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of lists."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return photo_response(photo.thumbnail, f"thumbnail-{photo.uuid}.jpg")
