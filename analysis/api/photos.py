"""Photos in the API: upload, list, look, delete."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from analysis import services
from analysis.api.filters import PhotoFilter
from analysis.api.paging import NewestFirst
from analysis.api.serializers import PhotoOutput, PhotoUploadInput, UploadOutput
from analysis.media import photo_response
from analysis.models import Photo
from analysis.models.photo import PhotoQuerySet


def _owner(request: Request) -> User:
    if not isinstance(request.user, User):  # pragma: no cover  the permission class has refused already
        raise TypeError("an API view ran without a signed-in person")
    return request.user


def _refuse_unknown(request: Request, known: set[str]) -> None:
    """A mistyped filter would be dropped in silence and answer with photos that were not asked for."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise ValidationError(dict.fromkeys(unknown, f"There is no such parameter. Known are {names}."))


class OwnPhotosView(generics.GenericAPIView[Photo]):
    """The base of every photo view: nobody sees another person's photos."""

    serializer_class = PhotoOutput
    lookup_field = "uuid"

    def get_queryset(self) -> PhotoQuerySet:
        """Photos of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return Photo.objects.none()
        return Photo.objects.owned_by(self.request.user).with_results()


class PhotoListView(OwnPhotosView):
    """The collection."""

    parser_classes = (MultiPartParser, FormParser)
    filterset_class = PhotoFilter
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="listPhotos",
        summary="List your photos, newest first",
        filters=True,
        responses=PhotoOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Photos with their newest analysis."""
        _refuse_unknown(request, {*PhotoFilter.base_filters, "cursor", NewestFirst.page_size_query_param})
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="uploadPhotos",
        summary="Upload photos",
        description=(
            "Each readable file becomes a photo with a waiting analysis; ask for `url` until its `status` is done or "
            "failed. Files that cannot be read are listed with the reason and stop none of the others. 400 when none "
            "could be kept."
        ),
        request={"multipart/form-data": PhotoUploadInput},
        responses={202: UploadOutput, 400: OpenApiResponse(UploadOutput, "No file could be kept.")},
    )
    def post(self, request: Request) -> Response:
        """Keep what can be read."""
        entered = PhotoUploadInput(data={"photos": request.FILES.getlist("photos")})
        entered.is_valid(raise_exception=True)
        outcome = services.upload_photos(owner=_owner(request), uploads=entered.validated_data["photos"])
        body = UploadOutput(outcome, context=self.get_serializer_context()).data
        if not outcome.accepted:
            return Response(body, status=status.HTTP_400_BAD_REQUEST)
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Retry-After": "1"})


class PhotoView(OwnPhotosView):
    """One photo."""

    @extend_schema(operation_id="getPhoto", summary="A photo, its newest analysis and the faces found")
    def get(self, request: Request, uuid: UUID) -> Response:
        """The photo."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(operation_id="deletePhoto", summary="Delete a photo and everything read from it")
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Gone with its files."""
        services.delete_photo(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class PhotoImageView(APIView):
    """The picture itself."""

    @extend_schema(
        operation_id="getPhotoImage",
        summary="The picture as kept: upright JPEG without metadata",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """The bytes."""
        photo: Any = generics.get_object_or_404(Photo.objects.viewable_by(_owner(request)), uuid=uuid)
        return photo_response(photo.image, f"photo-{photo.uuid}.jpg")


class NotFailedError(APIException):
    """Only what failed can be tried again."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_failed"
    default_detail = "This photo's analysis has not failed, so there is nothing to try again."


class RetryView(OwnPhotosView):
    """Another try."""

    @extend_schema(
        operation_id="retryPhoto",
        summary="Try a failed analysis again",
        request=None,
        responses={202: PhotoOutput, 409: OpenApiResponse(description="Problem not_failed: nothing to try again.")},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Queue the newest analysis again."""
        photo = self.get_object()
        if photo.latest is None or not services.retry_analysis(photo.latest):
            raise NotFailedError
        return Response(self.get_serializer(self.get_object()).data, status=status.HTTP_202_ACCEPTED)
