"""Faces in the API: the owner's "this is wrong", and what was cut out of a picture that is not kept."""

from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import note
from accounts.api.permissions import Scopes, may
from accounts.scopes import Scope
from analysis import seen, statements
from analysis.api.photos import person_of
from analysis.api.refusals import CropNotKeptError
from analysis.api.serializers import CorrectionInput, CorrectionOutput
from analysis.media import photo_response
from analysis.models import Face
from analysis.models.face import FaceQuerySet


class CorrectionListView(generics.GenericAPIView[Face]):
    """Corrections of one face."""

    scopes: Scopes = {"POST": Scope.UPLOAD, "DELETE": Scope.UPLOAD}
    serializer_class = CorrectionInput  # type: ignore[assignment]  # what goes in is no face
    lookup_field = "uuid"

    def get_queryset(self) -> FaceQuerySet:
        """Faces in photos of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return Face.objects.none()
        return Face.objects.owned_by(self.request.user)

    @extend_schema(
        operation_id="correctFace", summary="Say what is wrong about a face", responses={201: CorrectionOutput}
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """The newest correction is the one that counts."""
        face = self.get_object()
        entered = self.get_serializer(data=request.data)
        entered.is_valid(raise_exception=True)
        try:
            correction = statements.correct_face(face=face, author=person_of(request), **entered.validated_data)
        except statements.NotAgreedError as error:
            raise ValidationError({error.field: error.sentence}) from error
        return Response(CorrectionOutput(correction).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="withdrawCorrections", summary="Take back what you said", responses={204: None})
    def delete(self, request: Request, uuid: UUID) -> Response:
        """The face is shown as estimated again."""
        statements.withdraw_corrections(face=self.get_object(), author=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FaceCropView(APIView):
    """The face alone, where only that is kept of a photo."""

    scopes: Scopes = {"GET": (Scope.READ, Scope.REVIEW)}

    @extend_schema(
        operation_id="getFaceCrop",
        summary="A face that was cut out of its photo: JPEG without metadata",
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            410: OpenApiResponse(description="Problem not_kept: there is no picture of this face by itself."),
        },
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """The bytes."""
        faces, person = Face.objects.select_related("analysis__photo"), person_of(request)
        allowed = faces.viewable_by(person) if may(request, Scope.REVIEW) else faces.owned_by(person)
        face: Face = generics.get_object_or_404(allowed, uuid=uuid)
        if not face.crop.name:
            raise CropNotKeptError
        note(person, Place.API, [seen.of_face(face, Kind.FACE)])
        return photo_response(face.crop, f"face-{face.uuid}.jpg")
