"""Download my data, in the API."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.paging import Cursors
from accounts.api.permissions import Scopes
from accounts.exports import services
from accounts.exports.download import archive_response
from accounts.exports.models import DataExport, State
from accounts.models import User
from accounts.scopes import Scope


class NotReadyError(APIException):
    """It is being made, or making it failed."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_ready"
    default_detail = (
        "This archive is not ready. Ask for its url until its state is ready; if it failed, ask for a new one."
    )


class ExpiredError(APIException):
    """Archives are kept for some days only."""

    status_code = status.HTTP_410_GONE
    default_code = "expired"
    default_detail = "This archive's time is over and its file is deleted. Ask for a new one."


class ExportOutput(serializers.ModelSerializer[DataExport]):
    """An archive on its way."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    download_url = serializers.SerializerMethodField(help_text="Null unless it is ready.")

    class Meta:
        model = DataExport
        fields = (
            "id", "url", "state", "files_done", "files_total", "size", "created_at", "finished_at", "expires_at",
            "download_url",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, export: DataExport) -> str:
        """Where it is in the API."""
        return str(reverse("api:export", args=[export.uuid], request=self.context.get("request")))

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_download_url(self, export: DataExport) -> str | None:
        """Where its file is."""
        if export.state != State.READY:
            return None
        return str(reverse("api:export-download", args=[export.uuid], request=self.context.get("request")))


class OwnExportsView(generics.GenericAPIView[DataExport]):
    """The base of every view of archives: nobody sees another person's."""

    serializer_class = ExportOutput
    pagination_class = Cursors
    lookup_field = "uuid"
    scopes: Scopes = {"GET": Scope.ACCOUNT, "POST": Scope.ACCOUNT}

    def get_queryset(self) -> QuerySet[DataExport]:
        """Of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return DataExport.objects.none()
        return DataExport.objects.filter(person=cast("User", self.request.user))


class ExportListView(OwnExportsView):
    """The collection."""

    @extend_schema(operation_id="listExports", summary="Archives of your data", responses=ExportOutput(many=True))
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="askForExport",
        summary="Ask for an archive of your data",
        description="One at a time: while one is under way, that one is answered. Ask for its `url` until it is ready.",
        request=None,
        responses={202: ExportOutput},
    )
    def post(self, request: Request) -> Response:
        """Have it made."""
        export, _ = services.ask_for(cast("User", request.user))
        told = self.get_serializer(export).data
        return Response(told, status=status.HTTP_202_ACCEPTED, headers={"Location": told["url"], "Retry-After": "5"})


class ExportView(OwnExportsView):
    """One archive."""

    @extend_schema(operation_id="getExport", summary="How far an archive is", responses=ExportOutput)
    def get(self, request: Request, uuid: UUID) -> Response:
        """While it is under way with Retry-After."""
        export: Any = self.get_object()
        headers = {"Retry-After": "5"} if export.is_under_way else {}
        return Response(self.get_serializer(export).data, headers=headers)


class ExportDownloadView(OwnExportsView):
    """The file."""

    @extend_schema(
        operation_id="downloadExport",
        summary="The archive: one ZIP with data.json and the pictures",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            409: OpenApiResponse(description="Problem not_ready."),
            410: OpenApiResponse(description="Problem expired."),
        },
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """The bytes."""
        export: Any = self.get_object()
        if export.state == State.EXPIRED:
            raise ExpiredError
        if export.state != State.READY:
            raise NotReadyError
        return archive_response(export)
