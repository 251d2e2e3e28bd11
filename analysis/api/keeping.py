"""What stays of photos, in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis import keeping
from analysis.api.photos import person_of
from analysis.models import Keep
from analysis.models.keeping import LONGEST_DAYS


class KeepingOutput(serializers.Serializer[Any]):
    """What stays of the photos that are sent from now on, and what this installation allows."""

    keep = serializers.ChoiceField(choices=Keep.choices, help_text="Of a photo once it was read.")
    days = serializers.IntegerField(allow_null=True, help_text="After which everything goes; null: until deleted.")
    allowed = serializers.ListField(child=serializers.ChoiceField(choices=Keep.choices))
    most_days = serializers.IntegerField(allow_null=True, help_text="Null: no bound.")


class KeepingInput(serializers.Serializer[Any]):
    """The choice. `earlier` also holds the photos that were sent already to it, which cannot be undone."""

    keep = serializers.ChoiceField(choices=Keep.choices)
    days = serializers.IntegerField(allow_null=True, min_value=1, max_value=LONGEST_DAYS)
    earlier = serializers.BooleanField(default=False)

    def validate_keep(self, keep: str) -> Keep:
        """Within the bounds of the installation."""
        if keep not in keeping.allowed():
            raise serializers.ValidationError(f"Here you may choose {' or '.join(keeping.allowed())}.")
        return Keep(keep)

    def validate_days(self, days: int | None) -> int | None:
        """Within the bounds of the installation."""
        most = keeping.most().days
        if most is not None and (days is None or days > most):
            raise serializers.ValidationError(f"Here everything goes after {most} days at the latest.")
        return days


class KeepingView(APIView):
    """The person's choice."""

    scopes: Scopes = {"GET": Scope.ACCOUNT, "PUT": Scope.ACCOUNT}

    @extend_schema(operation_id="getKeeping", summary="What stays of your photos", responses=KeepingOutput)
    def get(self, request: Request) -> Response:
        """As it holds for the next upload."""
        return self._answer(request)

    @extend_schema(
        operation_id="setKeeping",
        summary="Choose what stays of your photos",
        description=(
            "Holds for what you send from now on. With `earlier` also for what you have sent: pictures and photos "
            "that are not to stay are removed within minutes, for good."
        ),
        request=KeepingInput,
        responses=KeepingOutput,
    )
    def put(self, request: Request) -> Response:
        """Choose."""
        entered = KeepingInput(data=request.data)
        entered.is_valid(raise_exception=True)
        said = entered.validated_data
        keeping.choose(person_of(request), keeping.Decision(said["keep"], said["days"]))
        if said["earlier"]:
            keeping.apply_to_earlier(person_of(request))
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        now, most = keeping.decided(person_of(request)), keeping.most()
        told = {"keep": now.keep, "days": now.days, "allowed": keeping.allowed(), "most_days": most.days}
        return Response(KeepingOutput(told).data)
