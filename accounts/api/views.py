"""People in the API."""

from typing import cast

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Scopes, may
from accounts.models import User
from accounts.scopes import REVIEWERS_RIGHT, Scope


class PersonOutput(serializers.ModelSerializer[User]):
    """The person who asks."""

    id = serializers.UUIDField(source="uuid")
    is_reviewer = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "email", "date_joined", "is_reviewer", "scopes")

    def get_is_reviewer(self, person: User) -> bool:
        """Whether they may review other people's photos."""
        return person.has_perm(REVIEWERS_RIGHT)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Scope.choices)))
    def get_scopes(self, person: User) -> list[str]:
        """What the token opens, or in a browser what the person may do; `review` only while they review."""
        return [scope.value for scope in Scope if may(self.context["request"], scope)]


class MeView(APIView):
    """Who am I?"""

    scopes: Scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="getMe", summary="The person whose token or session this is", responses=PersonOutput)
    def get(self, request: Request) -> Response:
        """The current user."""
        return Response(PersonOutput(cast("User", request.user), context={"request": request}).data)
