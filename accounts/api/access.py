"""Who looked at my data, in the API."""

from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.accesslog.models import AccessEntry, Kind, Place
from accounts.api.paging import Cursors
from accounts.api.permissions import Scopes
from accounts.models import User
from accounts.roles import Role
from accounts.scopes import Scope


class LatestFirst(Cursors):
    """The newest look first; no two are at the same place."""

    page_size = 100
    ordering: tuple[str, ...] = ("-at", "-id")


class AccessOutput(serializers.ModelSerializer[AccessEntry]):
    """Somebody of the staff saw or did something. The same within an hour is told once, with its first time."""

    role = serializers.ChoiceField(
        [(role.value, role.label) for role in (Role.REVIEWER, Role.ADMINISTRATOR)],
        help_text="Of who looked, at that time. Names are not told.",
    )
    kind = serializers.ChoiceField(Kind.choices, help_text="What was seen or done.")
    place = serializers.ChoiceField(Place.choices, help_text="From where.")
    about = serializers.UUIDField(
        source="thing", help_text="A photo, an analysis, a face, or your account; of a list, a uuid of its own."
    )
    photo = serializers.UUIDField(
        allow_null=True,
        help_text="The photo that it belongs to, which may be deleted; null for your account and a list of several.",
    )
    photos = serializers.ListField(
        child=serializers.UUIDField(), help_text="With `listed`: the photos of yours that were in the list."
    )

    class Meta:
        model = AccessEntry
        fields = ("at", "role", "kind", "place", "about", "photo", "photos")


class AccessListView(generics.GenericAPIView[AccessEntry]):
    """The log, of whose data it is about."""

    scopes: Scopes = {"GET": Scope.ACCOUNT}
    serializer_class = AccessOutput
    pagination_class = LatestFirst

    def get_queryset(self) -> QuerySet[AccessEntry]:
        """Of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return AccessEntry.objects.none()
        return AccessEntry.objects.filter(person=cast("User", self.request.user))

    @extend_schema(
        operation_id="listAccesses",
        summary="Who looked at your photos and your account, newest first",
        responses=AccessOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """What the staff saw or did. The same within an hour is told once, and a list that they saw is told as one."""
        page = self.paginate_queryset(self.get_queryset()) or []
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        answer["Cache-Control"] = "private, no-store"
        return answer
