"""The one shape of API errors: RFC 9457 problem details, with a code for programs and a sentence for people."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from accounts.api import limits

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
DOOR = {status.HTTP_401_UNAUTHORIZED, status.HTTP_403_FORBIDDEN}
WRONG_TOKEN = exceptions.AuthenticationFailed.default_code


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


class UnavailableError(exceptions.APIException):
    """The database is away, as while it is restarted. An upload may be sent again: the same bytes are kept once."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = "Facet's database cannot be reached right now. Try the same again in a minute."
    wait = 30
    """Seconds, for Retry-After."""


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what DRF raises, and a database that is away, into problem details; anything else stays a server error."""
    if isinstance(error, OperationalError | InterfaceError):
        log.exception("the database is away: %s", type(error).__name__)
        error = UnavailableError()
    if isinstance(error, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        error = TooManyFilesError(f"Send at most {most} photos in one request, the rest in the next.")
    error = _counted(error, context)
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


def _counted(error: Exception, context: dict[str, Any]) -> Exception:
    """Who is turned away at the door is counted like everybody: `error`, or that there were too many."""
    if not isinstance(error, exceptions.APIException) or error.status_code not in DOOR:
        return error
    try:
        limits.take(context["request"], context["view"], wrong_token=error.get_codes() == WRONG_TOKEN)
    except limits.TooManyRequestsError as more:
        return more
    return error


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


@csrf_exempt  # it changes nothing, and a wrong address with POST would be answered with a page about forgery
def api_not_found(request: HttpRequest, path: str = "") -> JsonResponse:  # noqa: ARG001
    """For addresses under /api/ that do not exist: a problem and not an HTML page."""
    slash = "" if path.endswith("/") else f"addresses end with a slash: try /api/{path}/, or "
    sentence = f"There is no such address in this API; {slash}see /api/docs/."
    body = problem(status_code=404, code="not_found", detail=sentence)
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)
