"""What several views ask and answer alike: known parameters, headers for caches, addresses."""

from typing import Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

IF_NONE_MATCH: Final = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you have.")
ETAG: Final = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 304], description="Of the answer: send it as If-None-Match."
)
NOT_MODIFIED: Final = OpenApiResponse(description="As you have it.")


def retry_after(*statuses: int, what: str) -> OpenApiParameter:
    """The header, for the schema."""
    return OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, response=list(statuses), description=what)


def private(response: Response) -> Response:
    """Personal, and to be asked for again each time: with the ETag what has not changed costs no body."""
    response["Cache-Control"] = "private, no-cache"
    return response


def batch_url(request: Request | None, uuid: UUID | str) -> str:
    """Where a batch is in the API."""
    return str(reverse("api:batch", args=[uuid], request=request))
