"""Pictures go out with headers that keep them pictures, and by the proxy where there is one."""

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, HttpResponseBase

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=300",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def photo_response(stored: FieldFile, name: str) -> HttpResponseBase:
    """The JPEG in `stored`, shown under `name`. Whether the person may see it was decided before."""
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX:
        response = HttpResponse(content_type="image/jpeg")
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX}{stored.name}"
    else:
        response = FileResponse(stored.open("rb"), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    for header, value in HEADERS.items():
        response[header] = value
    return response
