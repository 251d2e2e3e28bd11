"""A photo's bytes: for its owner and for reviewers, and inert even if a browser were tricked into opening them."""

from uuid import UUID

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from analysis.models import Photo
from analysis.views.access import signed_in


@require_safe
@signed_in
def image(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The whole picture."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return _picture(photo.image, f"photo-{photo.uuid}.jpg")


@require_safe
@signed_in
def thumbnail(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of lists."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return _picture(photo.thumbnail, f"thumbnail-{photo.uuid}.jpg")


def _picture(stored: FieldFile, name: str) -> HttpResponseBase:
    """The bytes, or with FACET_MEDIA_ACCEL_PREFIX the order to the proxy in front to send them."""
    prefix: str = getattr(settings, "MEDIA_ACCEL_PREFIX", "")
    response: HttpResponseBase
    if prefix:
        response = HttpResponse(content_type="image/jpeg")
        response["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{stored.name}"
    else:
        try:
            response = FileResponse(stored.open("rb"), content_type="image/jpeg")
        except FileNotFoundError:
            raise Http404 from None
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
