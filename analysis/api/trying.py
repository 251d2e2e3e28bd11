"""A photo read without being kept."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.consent import ConsentMissingError
from accounts.api.limits import TRY
from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.consent.services import NotAnsweredError
from accounts.scopes import Scope
from analysis import trying
from analysis.api.answers import retry_after
from analysis.api.memory import MemoryOnlyUploadHandler
from analysis.api.photos import person_of
from analysis.api.refusals import SwitchedOffError, TurnedAwayError, UnreadableError
from analysis.api.serializers import FaceOutput
from analysis.bounds import BusyError
from analysis.engine import accepted_words
from analysis.intake import Rejected


class TryInput(serializers.Serializer[Any]):
    """One photo as multipart form data."""

    photo = serializers.FileField(allow_empty_file=True, max_length=None, help_text=f"{accepted_words()}.")


class TriedFaceOutput(FaceOutput):
    """One face, as in analyses; there is nothing to correct or to review."""

    id = None  # type: ignore[assignment]
    correction = None  # type: ignore[assignment]
    review = None  # type: ignore[assignment]

    class Meta(FaceOutput.Meta):
        fields = tuple(  # type: ignore[assignment]  # fewer
            name for name in FaceOutput.Meta.fields if name not in {"id", "correction", "review"}
        )


class TriedOutput(serializers.Serializer[Any]):
    """What was read from a photo that is forgotten already."""

    width = serializers.IntegerField(help_text="Pixels of the upright photo, to which boxes and landmarks refer.")
    height = serializers.IntegerField()
    engine_version = serializers.CharField()
    model_version = serializers.CharField()
    timings_ms = serializers.DictField(child=serializers.FloatField())
    faces = TriedFaceOutput(many=True, help_text="Largest first; empty when the photo shows no face.")


class TryView(APIView):
    """Nothing of it is kept."""

    scopes: Scopes = {"POST": Scope.UPLOAD}
    limits = {"POST": TRY}
    parser_classes = (MultiPartParser,)

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Before anything is parsed: the photo goes to memory, and never to a temporary file."""
        self._files = MemoryOnlyUploadHandler(request)
        request.upload_handlers = [self._files]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        operation_id="tryPhoto",
        summary="Read one photo without keeping it",
        description=(
            "Nothing is written: no photo, no result, no file, not even for the time of the request, and nothing of it "
            "in logs. The photo is read while you wait, one at a time, at most 30 a minute of one person unless the "
            "installation says otherwise; for more, upload photos and delete them. What cannot be read is problem 400 "
            "with the code that an upload gives as the reason."
        ),
        parameters=[retry_after(429, 503, what="Seconds until trying again is worth it.")],
        request={"multipart/form-data": TryInput},
        responses={
            200: TriedOutput,
            403: OpenApiResponse(description="Problem consent_missing: the person has not said what may be done."),
            404: OpenApiResponse(description="Problem switched_off: this installation does not offer it."),
            503: OpenApiResponse(description="Problem busy: other photos are being tried."),
        },
    )
    def post(self, request: Request) -> Response:
        """The faces."""
        if not settings.TRY:
            raise SwitchedOffError
        refuse_unknown(request, set())
        entered = TryInput(data={"photo": request.FILES.get("photo")})
        entered.is_valid(raise_exception=True)
        if self._files.dropped:
            raise ValidationError({"photo": "Send one photo at a time."})
        try:
            tried = trying.read_unkept(person_of(request), entered.validated_data["photo"])
        except NotAnsweredError as reason:
            raise ConsentMissingError from reason
        except BusyError as reason:
            raise TurnedAwayError(reason) from reason
        if isinstance(tried, Rejected):
            raise UnreadableError(tried.code, tried.sentence)
        return Response(TriedOutput(tried).data, status=status.HTTP_200_OK, headers={"Cache-Control": "no-store"})
