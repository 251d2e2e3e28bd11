"""Photos in the API: upload, list, look, delete."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.accesslog.models import Place
from accounts.accesslog.noting import note
from accounts.api.limits import UPLOAD
from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes, may
from accounts.models import User
from accounts.receipts import address_of
from accounts.scopes import Scope
from analysis import seen, services
from analysis.api.answers import ETAG, IF_NONE_MATCH, NOT_MODIFIED, batch_url, private, retry_after
from analysis.api.filters import PhotoFilter
from analysis.api.paging import NewestFirst
from analysis.api.polls import PREFER, WAIT, Poll, applied
from analysis.api.refusals import PictureNotKeptError
from analysis.api.selection import FIELDS, PARAMETER, Selection
from analysis.api.sending import Sending, all_finished
from analysis.api.serializers import LaneInput, PhotoOutput, PhotoUploadInput, UploadOutput
from analysis.api.waits import ask_again_after_s, waits_of
from analysis.idempotency import Told
from analysis.media import photo_response
from analysis.models import UNFINISHED, Analysis, Photo
from analysis.models.photo import PhotoQuerySet

UPLOADING: Final = (
    "Each readable file becomes a photo with a waiting analysis; ask for `batch.url` until all are finished, or for "
    "the `url` of one. A file that you have sent before, byte for byte, is no new photo: the earlier one is answered "
    "under `linked`, and queued once more only if it had failed or was read by older models. Files that cannot be "
    "read are listed with the reason and stop none of the others.\n\n"
    "All of them belong to one batch: a new one, or one of yours that the form field `batch` names.\n\n"
    "With an Idempotency-Key the same upload can be sent again for 24 hours, whatever became of the first answer: it "
    "is done once, and answered with the status of the first time and the photos as they are now. The key stands for "
    "the files, their names and order, lane, batch and label.\n\n"
    "When too many photos wait, or you have sent as many as you may in a day, nothing is kept and Retry-After says in "
    "how many seconds to send them again."
)


def person_of(request: Request) -> User:
    """Who asks. Raises TypeError outside of views that need a sign-in."""
    if not isinstance(request.user, User):  # pragma: no cover  the permission class has refused already
        raise TypeError("an API view ran without a signed-in person")
    return request.user


class OwnPhotosView(generics.GenericAPIView[Photo]):
    """The base of every photo view: nobody sees another person's photos."""

    serializer_class = PhotoOutput
    lookup_field = "uuid"
    selection = Selection()
    """What is answered; only GETs narrow it."""

    def get_queryset(self) -> PhotoQuerySet:
        """Photos of the person who asks, with as much as is answered."""
        if getattr(self, "swagger_fake_view", False):
            return Photo.objects.none()
        mine = Photo.objects.owned_by(self.request.user)
        return mine.with_results(faces=self.selection.wants_any("analysis.faces", "pending.faces"))

    def context_for(self, photos: Iterable[Photo]) -> dict[str, Any]:
        """What the serializers need to show these: with their waits, found at once."""
        analyses = (analysis for photo in photos for analysis in photo.analyses.all())
        return {**self.get_serializer_context(), "waits": waits_of(analyses)}

    def answer(self, photo: Photo, status_code: int = status.HTTP_200_OK) -> Response:
        """One photo; while it is unfinished with Retry-After."""
        context = self.context_for([photo])
        after = ask_again_after_s(photo, context["waits"])
        headers = {} if after is None else {"Retry-After": str(after)}
        body = self.selection.cut(PhotoOutput(photo, context=context)).data
        return Response(body, status=status_code, headers=headers)


@method_decorator(conditional_page, name="dispatch")
class PhotoListView(OwnPhotosView):
    """The collection."""

    scopes: Scopes = {"GET": Scope.READ, "POST": Scope.UPLOAD}
    limits = {"POST": UPLOAD}
    parser_classes = (MultiPartParser, FormParser)
    filterset_class = PhotoFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> PhotoQuerySet:
        """For what holds nothing of an analysis, none is fetched."""
        if self.selection.wants_any("analysis", "pending"):
            return super().get_queryset()
        return Photo.objects.owned_by(self.request.user)

    @extend_schema(
        operation_id="listPhotos",
        summary="List your photos, newest first",
        filters=True,
        parameters=[FIELDS, IF_NONE_MATCH, ETAG],
        responses={200: PhotoOutput(many=True), 304: NOT_MODIFIED},
    )
    def get(self, request: Request) -> Response:
        """Photos with what was read from them."""
        refuse_unknown(request, {*PhotoFilter.base_filters, PARAMETER, "cursor", NewestFirst.page_size_query_param})
        self.selection = Selection.asked(request, PhotoOutput)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        timed = [f"{part}.{name}" for part in ("analysis", "pending") for name in ("ahead", "seconds_left")]
        context = self.context_for(page) if self.selection.wants_any(*timed) else self.context_for(())
        told = self.selection.cut(PhotoOutput(page, many=True, context=context)).data
        return private(self.get_paginated_response(told))

    @extend_schema(
        operation_id="uploadPhotos",
        summary="Upload photos",
        description=UPLOADING,
        parameters=[
            LaneInput,
            WAIT,
            PREFER,
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 255},
                OpenApiParameter.HEADER,
                description="Made up for each upload, such as a UUID: sent again under it, the upload is done once.",
            ),
            retry_after(202, what="Seconds until asking for the first photo is worth it."),
            retry_after(409, 429, 503, 507, what="Seconds until sending the same again is worth it."),
            applied(200, 202),
        ],
        request={"multipart/form-data": PhotoUploadInput},
        responses={
            200: OpenApiResponse(
                UploadOutput, "All of it is read: you had sent it before, or it was finished while you waited."
            ),
            202: OpenApiResponse(UploadOutput, "Something is new, or waits to be read."),
            400: OpenApiResponse(UploadOutput, "No file could be kept."),
            403: OpenApiResponse(description="Problem consent_missing: nobody said what may be done."),
            409: OpenApiResponse(description="Problem idempotency_in_progress: the same upload is under way."),
            422: OpenApiResponse(description="Problem idempotency_mismatch: the key was used for something else."),
            429: OpenApiResponse(description="Too many requests, or problem quota_reached: too many photos in a day."),
            503: OpenApiResponse(description="Problem queue_full: too many photos wait to be read."),
            507: OpenApiResponse(description="Problem storage_full: there is no room for photos."),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep what can be read; wait for it if asked to."""
        refuse_unknown(request, {"lane", "wait"})
        poll = Poll(request)
        sent = Sending(request, person_of(request))
        told, status_code = sent.done()
        if sent.new is not None and not poll.seconds:
            return poll.mark(self._told(told, status_code, sent.new, poll))
        photos = Photo.objects.owned_by(request.user).filter(uuid__in=[*told.accepted, *told.linked])
        if status_code == status.HTTP_202_ACCEPTED and poll.seconds:
            waited = Analysis.objects.filter(photo__in=list(photos.values_list("pk", flat=True)), status__in=UNFINISHED)
            poll.until(lambda: not waited.exists())
        return poll.mark(self._told(told, status_code, photos.with_results(), poll))

    def _told(self, told: Told, status_code: int, photos: Iterable[Photo], poll: Poll) -> Response:
        """Of those of the told photos that are there still."""
        known = {str(photo.uuid): photo for photo in photos}
        body = {
            "batch": {"id": told.batch, "url": batch_url(self.request, told.batch)},
            "accepted": [known[uuid] for uuid in told.accepted if uuid in known],
            "linked": [known[uuid] for uuid in told.linked if uuid in known],
            "rejected": told.rejected,
        }
        # what is new may have been read meanwhile, and is new all the same to who did not wait
        if status_code == status.HTTP_202_ACCEPTED and poll.seconds and all_finished(known.values()):
            status_code = status.HTTP_200_OK
        headers = {"Retry-After": "1"} if status_code == status.HTTP_202_ACCEPTED else {}
        context = self.context_for(known.values())
        return Response(UploadOutput(body, context=context).data, status=status_code, headers=headers)


@method_decorator(conditional_page, name="dispatch")
class PhotoView(OwnPhotosView):
    """One photo."""

    scopes: Scopes = {"GET": Scope.READ, "DELETE": Scope.UPLOAD}

    @extend_schema(
        operation_id="getPhoto",
        summary="A photo, its newest result and the faces found",
        description=(
            "While it waits or is being read, Retry-After says in how many seconds to ask again; or let the answer "
            "wait. Send the ETag of the last answer as If-None-Match: what has not changed comes as 304 without a body."
        ),
        parameters=[
            FIELDS,
            WAIT,
            PREFER,
            IF_NONE_MATCH,
            retry_after(200, what="Seconds until it is worth to ask again, 1 to 30; only while it is unfinished."),
            applied(200, 304),
            ETAG,
        ],
        responses={200: PhotoOutput, 304: NOT_MODIFIED},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """The photo."""
        refuse_unknown(request, {PARAMETER, "wait"})
        self.selection = Selection.asked(request, PhotoOutput)
        poll = Poll(request)
        if poll.seconds:
            mine = generics.get_object_or_404(Photo.objects.owned_by(request.user), uuid=uuid)
            waited = Analysis.objects.filter(photo=mine, status__in=UNFINISHED)
            poll.until(lambda: not waited.exists())
        return poll.mark(private(self.answer(self.get_object())))

    @extend_schema(
        operation_id="deletePhoto",
        summary="Delete a photo and everything read from it",
        parameters=[
            OpenApiParameter(
                "Facet-Receipt", str, OpenApiParameter.HEADER, response=[204],
                description="Where the receipt of the erasure is, as a page; with json/ behind it as JSON.",
            )
        ],
        responses={204: OpenApiResponse(description="It is gone.")},
    )  # fmt: skip
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Gone with its files."""
        receipt = services.delete_photo(self.get_object())
        address = request.build_absolute_uri(address_of(receipt))
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Facet-Receipt": address})


class PhotoImageView(APIView):
    """The picture itself: with `read` of one's own photos, with `review` of those that one may judge."""

    scopes: Scopes = {"GET": (Scope.READ, Scope.REVIEW)}

    @extend_schema(
        operation_id="getPhotoImage",
        summary="The picture as kept: upright JPEG without metadata",
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            410: OpenApiResponse(description="Problem not_kept: the picture was let go of once it was read."),
        },
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """The bytes."""
        photos, person = Photo.objects, person_of(request)
        allowed = photos.viewable_by(person) if may(request, Scope.REVIEW) else photos.owned_by(person)
        photo: Any = generics.get_object_or_404(allowed, uuid=uuid)
        if not photo.has_picture:
            raise PictureNotKeptError
        note(person, Place.API, [seen.of_photo(photo)])
        return photo_response(photo.image, f"photo-{photo.uuid}.jpg")
