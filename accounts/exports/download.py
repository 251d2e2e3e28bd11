"""An archive goes out: by the proxy where there is one, never into a cache."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from accounts.exports.models import DataExport


def archive_response(export: DataExport) -> HttpResponseBase:
    """The file; whether the person may have it was decided before. Raises Http404 when it is gone."""
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX and isinstance(export.file.storage, FileSystemStorage):
        response = HttpResponse(content_type="application/zip")
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX.rstrip('/')}/{export.file.name}"
    else:
        try:
            response = FileResponse(export.file.open("rb"), content_type="application/zip")
        except FileNotFoundError:
            raise Http404 from None
    response["Content-Disposition"] = f'attachment; filename="facet-data-{export.created_at:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
