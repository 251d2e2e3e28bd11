"""All photos of the person read again in one go."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis.api.photos import person_of
from analysis.renewal import services
from analysis.renewal.services import WHILE_ASKED_S, Outlook

STATES: Final = ("idle", "counting", "under_way")


class RereadingOutput(serializers.Serializer[Any]):
    """How many photos could be read again, and how far that is once it was asked for."""

    state = serializers.ChoiceField(
        choices=STATES, help_text="counting: there may be more than `found`. under_way: asked for, and not all is read."
    )
    found = serializers.IntegerField(help_text="Photos that could be read again; 0 while that is under way.")
    queued = serializers.IntegerField(help_text="Photos put into the line since it was asked for.")
    waiting = serializers.IntegerField(help_text="Those that still wait, or are being read.")
    not_kept = serializers.IntegerField(help_text="Photos left out since their pictures were not kept.")


class RereadingView(APIView):
    """Of the person's photos together."""

    scopes: Scopes = {"GET": Scope.READ, "POST": Scope.UPLOAD, "DELETE": Scope.UPLOAD}

    @extend_schema(
        operation_id="getRereading",
        summary="How many photos could be read again, and how far that is",
        responses=RereadingOutput,
    )
    def get(self, request: Request) -> Response:
        """Counted anew if photos are few; of many, the count of the last day."""
        return _answer(services.outlook(person_of(request), within_s=WHILE_ASKED_S))

    @extend_schema(
        operation_id="rereadPhotos",
        summary="Read all photos again that lack something by now",
        description=(
            "Those that were read by older models, or before the person agreed to something. They wait behind "
            "everything else; results stay until the new ones are there. Of very many the first are queued at once "
            "and others as the line has room: `queued` grows while the state is `under_way`. Asked once more "
            "meanwhile, nothing changes. Deleted photos are left out, and so are those whose pictures were not kept."
        ),
        request=None,
        responses={
            200: OpenApiResponse(RereadingOutput, "No photo is there to be read again."),
            202: OpenApiResponse(RereadingOutput, "They are queued, or will be."),
        },
    )
    def post(self, request: Request) -> Response:
        """Ask for it."""
        refuse_unknown(request, set())
        started = services.start(person_of(request))
        is_some = started.is_going or started.queued
        return _answer(started, status.HTTP_202_ACCEPTED if is_some else status.HTTP_200_OK)

    @extend_schema(
        operation_id="stopRereading",
        summary="Stop reading photos again",
        description=(
            "No more are queued, and those that wait keep the results they have. What is being read at this moment is "
            "read to its end."
        ),
        request=None,
        responses={204: OpenApiResponse(description="Nothing of the person's waits to be read again.")},
    )
    def delete(self, request: Request) -> Response:
        """Also when nothing waits."""
        services.stop(person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(outlook: Outlook, status_code: int = status.HTTP_200_OK) -> Response:
    state = "under_way" if outlook.is_going else "counting" if outlook.is_counting else "idle"
    told = {"state": state, **{name: getattr(outlook, name) for name in ("found", "queued", "waiting", "not_kept")}}
    return Response(RereadingOutput(told).data, status=status_code)
