"""What a reviewer decides about a face."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import note
from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis import seen
from analysis.api.photos import person_of
from analysis.api.refusals import ReviewedMeanwhileError
from analysis.api.review.faces import ReviewFacesView
from analysis.api.review.serializers import ReviewFaceOutput, VerdictInput
from analysis.judging import JudgedMeanwhileError, judge_face
from analysis.statements import NotAgreedError

RIGHTS = ("analysis.add_review", "analysis.change_review")
"""As the admin asks for: who may look need not be one who may decide."""


class VerdictView(ReviewFacesView):
    """One decision a face; deciding again changes it, and its history is kept."""

    scopes: Scopes = {"POST": Scope.REVIEW}
    serializer_class = VerdictInput  # type: ignore[assignment]  # what goes in is no face

    @extend_schema(
        operation_id="judgeFace",
        summary="Decide about a face",
        description="The same decision of yours once more changes nothing, so it is safe to send it again.",
        request=VerdictInput,
        responses={
            200: ReviewFaceOutput,
            409: OpenApiResponse(description="Problem reviewed_meanwhile: there is another decision than you saw."),
        },
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """The face as it is then."""
        refuse_unknown(request, set())
        person, face = person_of(request), self.get_object()
        if not person.has_perms(RIGHTS):
            raise PermissionDenied
        entered = VerdictInput(data=request.data)
        entered.is_valid(raise_exception=True)
        said = dict(entered.validated_data)
        note(person, Place.API, [seen.of_face(face, Kind.REVIEW)])
        try:
            judge_face(face=face, reviewer=person, seen=said.pop("reviewed_at"), **said)
        except NotAgreedError as error:
            raise ValidationError({error.field: error.sentence}) from error
        except JudgedMeanwhileError:
            raise ReviewedMeanwhileError from None
        note(person, Place.API, seen.of_face_whole(face))
        return Response(self.told(self.get_object()))
