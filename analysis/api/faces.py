"""Faces in the API: the owner's "this is wrong"."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from analysis import services
from analysis.api.photos import _owner
from analysis.api.serializers import CorrectionInput, CorrectionOutput
from analysis.models import Face
from analysis.models.face import FaceQuerySet


class CorrectionListView(generics.GenericAPIView[Face]):
    """Corrections of one face."""

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
        correction = services.correct_face(face=face, author=_owner(request), **entered.validated_data)
        return Response(CorrectionOutput(correction).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="withdrawCorrections", summary="Take back what you said", responses={204: None})
    def delete(self, request: Request, uuid: UUID) -> Response:
        """The face is shown as estimated again."""
        services.withdraw_corrections(face=self.get_object(), author=_owner(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
