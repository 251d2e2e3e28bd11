"""The queue and the faces in it."""

from typing import Any
from uuid import UUID

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import note
from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis import seen
from analysis.api.answers import ETAG, IF_NONE_MATCH, NOT_MODIFIED, private
from analysis.api.paging import QueueOrder
from analysis.api.photos import person_of
from analysis.api.review.filters import QueueFilter
from analysis.api.review.serializers import ReviewFaceOutput
from analysis.api.selection import FIELDS, PARAMETER, Selection
from analysis.models import Face
from analysis.models.face import FaceQuerySet


class ReviewFacesView(generics.GenericAPIView[Face]):
    """The base of every view of the queue: faces that who asks may see, and nothing to who is no reviewer."""

    scopes: Scopes = {"GET": Scope.REVIEW}
    serializer_class = ReviewFaceOutput
    lookup_field = "uuid"
    selection = Selection()

    def get_queryset(self) -> FaceQuerySet:
        """With as much as is answered."""
        if getattr(self, "swagger_fake_view", False):
            return Face.objects.none()
        faces = Face.objects.viewable_by(self.request.user).select_related("analysis__photo", "review")
        return faces.prefetch_related("corrections") if self.selection.wants("correction") else faces

    def told(self, face: Face) -> Any:
        """All that was asked for of one face."""
        return self.selection.cut(ReviewFaceOutput(face, context=self.get_serializer_context())).data


@method_decorator(conditional_page, name="dispatch")
class ReviewFaceListView(ReviewFacesView):
    """The queue."""

    filterset_class = QueueFilter
    pagination_class = QueueOrder

    @extend_schema(
        operation_id="listReviewFaces",
        summary="Faces to review, newest first",
        description="For reviewers. Whose they are is not told; their owners are told that a reviewer saw them.",
        filters=True,
        parameters=[FIELDS, IF_NONE_MATCH, ETAG],
        responses={200: ReviewFaceOutput(many=True), 304: NOT_MODIFIED},
    )
    def get(self, request: Request) -> Response:
        """A page of it."""
        refuse_unknown(request, {*QueueFilter.base_filters, PARAMETER, "cursor", QueueOrder.page_size_query_param})
        self.selection = Selection.asked(request, ReviewFaceOutput)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        corrected = [face for face in page if self.selection.wants("correction") and face.corrections.all()]
        listed = [seen.of_face(face, Kind.LISTED) for face in page]
        note(person_of(request), Place.API, [*listed, *(seen.of_face(face, Kind.CORRECTION) for face in corrected)])
        faces = ReviewFaceOutput(page, many=True, context=self.get_serializer_context())
        return private(self.get_paginated_response(self.selection.cut(faces).data))


@method_decorator(conditional_page, name="dispatch")
class ReviewFaceView(ReviewFacesView):
    """One face."""

    @extend_schema(
        operation_id="getReviewFace",
        summary="A face with what was read, what its owner says and what was decided",
        parameters=[FIELDS, IF_NONE_MATCH, ETAG],
        responses={200: ReviewFaceOutput, 304: NOT_MODIFIED},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """The face."""
        refuse_unknown(request, {PARAMETER})
        self.selection = Selection.asked(request, ReviewFaceOutput)
        face = self.get_object()
        note(person_of(request), Place.API, seen.of_face_whole(face))
        return private(Response(self.told(face)))
