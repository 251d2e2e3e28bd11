"""Suggestions and feedback for programs."""

from typing import cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Scopes
from accounts.models import User
from accounts.scopes import Scope
from analysis.models import Photo, Status
from suggestions import services
from suggestions.api.serializers import FeedbackInput, SuggestionsInput, SuggestionsOutput
from suggestions.models import CatalogueItem, FeedbackKind


class NotFinishedError(APIException):
    """The photo has no result to suggest from."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_finished"
    default_detail = "This photo is still being read. Ask again when its analysis is done."


NOTHING_TO_GO_BY = {
    Status.FAILED: "This photo could not be read, so there is nothing to go by. Retry its analysis or upload another.",
    Status.CANCELLED: "Reading this photo was stopped, so there is nothing to go by. Retry its analysis.",
}
NOT_FOUND = OpenApiResponse(description="There is nothing here, or it is not yours.")
CONFLICT = OpenApiResponse(description="The analysis is not finished (code `not_finished`).")
INVALID = OpenApiResponse(description="A value is missing or wrong (code `invalid`).")


class PhotoSuggestionsView(APIView):
    """The list for one photo of yours."""

    scopes: Scopes = {"GET": Scope.SUGGESTIONS}

    @extend_schema(
        operation_id="getPhotoSuggestions",
        summary="Suggestions for a finished photo",
        tags=["suggestions"],
        parameters=[SuggestionsInput],
        responses={200: SuggestionsOutput, 400: INVALID, 404: NOT_FOUND, 409: CONFLICT},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Suggest items for a finished photo, best first, each with the reasons for it."""
        query = SuggestionsInput(data=request.query_params)
        query.is_valid(raise_exception=True)
        photo = get_object_or_404(Photo.objects.owned_by(request.user), uuid=uuid)
        analysis = photo.latest
        if analysis is None:
            raise NotFinishedError
        try:
            shortlist = services.suggest_for(analysis, cast("User", request.user), query.validated_data["limit"])
        except services.NotFinishedError:
            raise NotFinishedError(NOTHING_TO_GO_BY.get(Status(analysis.status))) from None
        return Response(SuggestionsOutput(shortlist).data)


class FeedbackView(APIView):
    """What you say about one item."""

    scopes: Scopes = {"POST": Scope.SUGGESTIONS, "DELETE": Scope.SUGGESTIONS}

    @extend_schema(
        operation_id="sendSuggestionFeedback",
        summary="Dismiss an item, or ask for more like it",
        tags=["suggestions"],
        request=FeedbackInput,
        responses={204: None, 400: INVALID, 404: NOT_FOUND},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Dismiss an item for good, or ask for more like it. Saying something else replaces it."""
        item = get_object_or_404(CatalogueItem, slug=slug, active=True)
        said = FeedbackInput(data=request.data)
        said.is_valid(raise_exception=True)
        uuid = said.validated_data.get("photo")
        photo = get_object_or_404(Photo.objects.owned_by(request.user), uuid=uuid) if uuid else None
        services.give_feedback(
            person=cast("User", request.user),
            item=item,
            kind=FeedbackKind(said.validated_data["kind"]),
            analysis=photo.latest if photo else None,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="undoSuggestionFeedback",
        summary="Take back what you said about an item",
        tags=["suggestions"],
        request=None,
        responses={204: None, 404: NOT_FOUND},
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Take back what you said about an item. Nothing said before is no error."""
        item = get_object_or_404(CatalogueItem, slug=slug)
        services.undo(person=cast("User", request.user), item=item)
        return Response(status=status.HTTP_204_NO_CONTENT)
