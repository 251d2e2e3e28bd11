"""The face alone, for reviewers."""

from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import note
from analysis import seen
from analysis.api.photos import person_of
from analysis.api.refusals import FaceNotKeptError
from analysis.api.review.faces import ReviewFacesView
from analysis.media import face_response


class ReviewFaceImageView(ReviewFacesView):
    """A square around the face, as it was cut out when the photo was read, or cut out now."""

    @extend_schema(
        operation_id="getReviewFaceImage",
        summary="The face alone: JPEG without metadata, at most 512 pixels wide",
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            410: OpenApiResponse(description="Problem not_kept: neither the face nor its photo is kept."),
        },
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """The bytes, to be kept by nobody."""
        face = self.get_object()
        if not (face.crop.name or face.analysis.photo.has_picture):
            raise FaceNotKeptError
        note(person_of(request), Place.API, [seen.of_face(face, Kind.FACE)])
        response = face_response(face)
        response["Cache-Control"] = "private, no-store"
        return response
