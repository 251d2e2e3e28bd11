"""People in the API."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User


class PersonOutput(serializers.ModelSerializer[User]):
    """The person who asks."""

    id = serializers.UUIDField(source="uuid")
    is_reviewer = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "email", "date_joined", "is_reviewer")

    def get_is_reviewer(self, person: User) -> bool:
        """Whether they may review other people's photos."""
        return person.has_perm("analysis.view_photo")


class MeView(APIView):
    """Who am I?"""

    @extend_schema(operation_id="getMe", summary="The person whose token or session this is", responses=PersonOutput)
    def get(self, request: Request) -> Response:
        """The current user."""
        return Response(PersonOutput(cast("User", request.user)).data)
