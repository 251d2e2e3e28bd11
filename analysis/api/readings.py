"""What can be done with the readings of a photo: look at all of them, try again, stop, read again."""

from uuid import UUID

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis import services
from analysis.api.answers import ETAG, IF_NONE_MATCH, NOT_MODIFIED, private
from analysis.api.paging import NewestReadingFirst
from analysis.api.photos import OwnPhotosView
from analysis.api.refusals import (
    NoResultError,
    NotFailedError,
    NotKeptError,
    NotOutdatedError,
    NotUnfinishedError,
    UnfinishedError,
)
from analysis.api.selection import FIELDS, PARAMETER, Selection
from analysis.api.serializers import AnalysisOutput, LaneInput, PhotoOutput
from analysis.api.waits import waits_of
from analysis.models import Analysis, Photo, Status
from analysis.models.analysis import AnalysisQuerySet


def _conflict(*codes: str) -> OpenApiResponse:
    return OpenApiResponse(description=f"Nothing was changed: problem {' or '.join(codes)}.")


@method_decorator(conditional_page, name="dispatch")
class AnalysisListView(generics.GenericAPIView[Analysis]):
    """The history of a photo."""

    scopes: Scopes = {"GET": Scope.READ}
    serializer_class = AnalysisOutput
    pagination_class = NewestReadingFirst
    selection = Selection()

    def get_queryset(self) -> AnalysisQuerySet:
        """Of a photo of the person who asks; 404 for others."""
        if getattr(self, "swagger_fake_view", False):
            return Analysis.objects.none()
        mine = Photo.objects.owned_by(self.request.user)
        photo: Photo = generics.get_object_or_404(mine, uuid=self.kwargs["uuid"])
        readings = Analysis.objects.filter(photo=photo)
        return readings.with_faces() if self.selection.wants("faces") else readings

    @extend_schema(
        operation_id="listAnalyses",
        summary="All readings of a photo, newest first",
        description="Each with its faces and the versions that read it, so that two can be compared.",
        parameters=[FIELDS, IF_NONE_MATCH, ETAG],
        responses={200: AnalysisOutput(many=True), 304: NOT_MODIFIED},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """What is under way comes first."""
        refuse_unknown(request, {PARAMETER, "cursor", NewestReadingFirst.page_size_query_param})
        self.selection = Selection.asked(request, AnalysisOutput)
        page = self.paginate_queryset(self.get_queryset()) or []
        context = {**self.get_serializer_context(), "waits": waits_of(page)}
        told = self.selection.cut(AnalysisOutput(page, many=True, context=context)).data
        return private(self.get_paginated_response(told))


class RetryView(OwnPhotosView):
    """Another try."""

    scopes: Scopes = {"POST": Scope.UPLOAD}

    @extend_schema(
        operation_id="retryPhoto",
        summary="Try a failed or stopped analysis again",
        request=None,
        responses={202: PhotoOutput, 409: _conflict("not_failed", "not_kept")},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Queue the newest analysis again."""
        photo = self.get_object()
        if photo.newest is None or not services.retry_analysis(photo.newest):
            raise self._reason(photo)
        return self.answer(self.get_object(), status.HTTP_202_ACCEPTED)

    def _reason(self, photo: Photo) -> Exception:
        could = photo.newest is not None and photo.newest.status in {Status.FAILED, Status.CANCELLED}
        return NotKeptError() if could and not photo.has_picture else NotFailedError()


class CancelView(OwnPhotosView):
    """No result wanted any more."""

    scopes: Scopes = {"POST": Scope.UPLOAD}

    @extend_schema(
        operation_id="cancelPhoto",
        summary="Stop what waits or is being read",
        description="The photo and an earlier result stay; a result that comes later is dropped.",
        request=None,
        responses={202: PhotoOutput, 409: _conflict("not_unfinished")},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Stop the newest analysis."""
        newest = self.get_object().newest
        if newest is None or not services.cancel_analysis(newest):
            raise NotUnfinishedError
        return self.answer(self.get_object(), status.HTTP_202_ACCEPTED)


class RereadView(OwnPhotosView):
    """A newer result."""

    scopes: Scopes = {"POST": Scope.UPLOAD}

    @extend_schema(
        operation_id="rereadPhoto",
        summary="Read a photo again by newer models",
        description=(
            "Only where the result is of other versions than those that read now. It stays, and is what `analysis` "
            "shows, until the new one is there; the new one is `pending` until then."
        ),
        parameters=[LaneInput],
        request=None,
        responses={202: PhotoOutput, 409: _conflict("not_outdated", "no_result", "unfinished", "not_kept")},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Put it into the line."""
        refuse_unknown(request, {"lane"})
        entered = LaneInput(data=request.query_params)
        entered.is_valid(raise_exception=True)
        photo = self.get_object()
        if services.reread_photo(photo, lane=entered.entered_lane) is None:
            raise self._reason(self.get_object())
        return self.answer(self.get_object(), status.HTTP_202_ACCEPTED)

    def _reason(self, photo: Photo) -> Exception:
        if photo.newest is not None and not photo.newest.is_finished:
            return UnfinishedError()
        if photo.latest is None or photo.latest.status != Status.DONE:
            return NoResultError()
        return NotOutdatedError() if photo.has_picture else NotKeptError()
