"""The one shape of API errors: RFC 9457 problem details, with a code for programs and a sentence for people."""

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

CONTENT_TYPE = "application/problem+json"


def problem(*, status_code: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The body of an error: `code` is stable, `detail` a sentence, `errors` one entry for each wrong field."""
    return {
        "type": f"urn:facet:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status_code,
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }


class TooManyFilesError(exceptions.APIException):
    """Django ends reading such a request with an HTML page; an API answers with a problem."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "too_many_files"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what DRF raises into problem details; anything else stays a server error."""
    if isinstance(error, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        error = TooManyFilesError(f"Send at most {most} photos in one request, the rest in the next.")
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        fields = list(_flatten(error.get_full_details()))
        detail = fields[0]["message"] if len(fields) == 1 else "Some values are missing or wrong; see errors."
        body = problem(status_code=response.status_code, code="invalid", detail=detail, errors=fields)
    elif isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        code = codes if isinstance(codes, str) else "error"
        body = problem(status_code=response.status_code, code=code, detail=str(error.detail))
    else:  # Http404 and PermissionDenied of Django
        code = "not_found" if response.status_code == status.HTTP_404_NOT_FOUND else "permission_denied"
        body = problem(status_code=response.status_code, code=code, detail=_SENTENCES[code])
    response.data = body
    response.content_type = CONTENT_TYPE
    return response


_SENTENCES = {
    "not_found": "There is nothing here, or it is not yours.",
    "permission_denied": "You may not do this.",
}


def _flatten(details: Any, field: str = "") -> Any:
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": field or "non_field_errors", "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for key, value in details.items():
            yield from _flatten(value, f"{field}.{key}" if field else str(key))
    elif isinstance(details, list):
        for value in details:
            yield from _flatten(value, field)


def api_not_found(request: HttpRequest, path: str = "") -> JsonResponse:  # noqa: ARG001
    """For addresses under /api/ that do not exist: a problem and not an HTML page."""
    slash = "" if path.endswith("/") else f"addresses end with a slash: try /api/{path}/, or "
    sentence = f"There is no such address in this API; {slash}see /api/docs/."
    body = problem(status_code=404, code="not_found", detail=sentence)
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)
