"""Pictures go out with headers that keep them pictures, and by the proxy where there is one."""

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from analysis.cutting import cut

if TYPE_CHECKING:
    from analysis.models import Face

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def photo_response(stored: FieldFile, name: str) -> HttpResponseBase:
    """The JPEG in `stored`, shown under `name`; whether the person may see it was decided before.

    With FACET_MEDIA_ACCEL_PREFIX only the order to the proxy in front to send it, unless it lies in a bucket, which the
    proxy does not see. Raises Http404 when the file is gone.
    """
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX and isinstance(stored.storage, FileSystemStorage):
        response = HttpResponse(content_type="image/jpeg")
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX.rstrip('/')}/{stored.name}"
    else:
        try:
            response = FileResponse(stored.open("rb"), content_type="image/jpeg")
        except FileNotFoundError:
            raise Http404 from None
    return _inert(response, name)


def bytes_response(jpeg: bytes, name: str) -> HttpResponseBase:
    """The same for a picture that was made just now."""
    return _inert(HttpResponse(jpeg, content_type="image/jpeg"), name)


def face_response(face: "Face") -> HttpResponseBase:
    """A square around the face, as it was cut out when the photo was read, or cut out now. With its photo at hand.

    Raises Http404 when the file is gone.
    """
    name = f"face-{face.uuid}.jpg"
    if face.crop.name:
        return photo_response(face.crop, name)
    photo = face.analysis.photo
    try:
        with photo.image.open("rb") as stored:
            picture = stored.read()
    except FileNotFoundError:
        raise Http404 from None
    return bytes_response(cut(photo, picture, [face])[0], name)


def _inert(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'inline; filename="{name}"'
    for header, value in HEADERS.items():
        response[header] = value
    return response
