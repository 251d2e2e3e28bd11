"""Batches in the API: how far the photos of an upload are."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.paging import refuse_unknown
from accounts.api.permissions import Scopes
from accounts.scopes import Scope
from analysis import batches, services
from analysis.api.answers import ETAG, IF_NONE_MATCH, NOT_MODIFIED, batch_url, private, retry_after
from analysis.api.paging import NewestBatchFirst
from analysis.api.polls import PREFER, WAIT, Poll, applied
from analysis.api.refusals import NoneFailedError
from analysis.api.selection import FIELDS, PARAMETER, Selection
from analysis.api.serializers import RejectedOutput
from analysis.api.waits import within_bounds
from analysis.batches import BatchProgress
from analysis.models import Batch, BatchRejection, Status
from analysis.models.batch import BatchQuerySet

NAMED: Final = 100
"""Rejected files that an answer names, the first ones."""


class BatchCountsOutput(serializers.Serializer[Any]):
    """Photos by the state of the newest analysis of each, and files that were not kept."""

    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    rejected = serializers.IntegerField()


class BatchOutput(serializers.ModelSerializer[Batch]):
    """Photos that were sent together, and how far they are. Photos that were deleted do not count."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    photos_url = serializers.SerializerMethodField(help_text="Its photos, newest first, in pages.")
    label = serializers.CharField(help_text="What you called it, or empty.")  # type: ignore[assignment]
    total = serializers.SerializerMethodField(help_text="Photos.")
    finished = serializers.SerializerMethodField(help_text="Those for which nothing more happens by itself.")
    progress = serializers.SerializerMethodField(help_text="From 0 to 1; 1 when all are finished.")
    seconds_left = serializers.SerializerMethodField(
        help_text="Until the last one is read, by how fast photos are read now; null when all are finished, and while "
        "nobody knows."
    )
    counts = serializers.SerializerMethodField()
    rejected = serializers.SerializerMethodField(
        help_text=f"The first {NAMED} files that were not kept; `counts.rejected` says how many there are."
    )

    class Meta:
        model = Batch
        fields = (
            "id", "url", "photos_url", "label", "created_at", "total", "finished", "progress", "seconds_left", "counts",
            "rejected",
        )  # fmt: skip

    def _progress(self, batch: Batch) -> BatchProgress:
        """From the context: found for the whole answer at once."""
        found: dict[int, BatchProgress] = self.context["progress"]
        return found[batch.pk]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, batch: Batch) -> str:
        """Where this batch is in the API."""
        return batch_url(self.context["request"], batch.uuid)

    @extend_schema_field(OpenApiTypes.URI)
    def get_photos_url(self, batch: Batch) -> str:
        """The list, narrowed to it."""
        return f"{reverse('api:photos', request=self.context['request'])}?batch={batch.uuid}"

    def get_total(self, batch: Batch) -> int:
        """Photos."""
        return self._progress(batch).total

    def get_finished(self, batch: Batch) -> int:
        """Of these."""
        return self._progress(batch).finished

    @extend_schema_field({"type": "number", "format": "double", "minimum": 0, "maximum": 1})
    def get_progress(self, batch: Batch) -> float:
        """The share."""
        return round(self._progress(batch).share, 4)

    def get_seconds_left(self, batch: Batch) -> int | None:
        """Whole seconds."""
        return self._progress(batch).seconds_left

    @extend_schema_field(BatchCountsOutput)
    def get_counts(self, batch: Batch) -> dict[str, int]:
        """By state."""
        progress = self._progress(batch)
        return {**{status.value: progress.counts[status] for status in Status}, "rejected": progress.rejected}

    @extend_schema_field(RejectedOutput(many=True))
    def get_rejected(self, batch: Batch) -> list[dict[str, Any]]:
        """Prefetched: the first ones."""
        named: list[BatchRejection] = getattr(batch, "named")  # noqa: B009  no attribute of the model
        return [dict(RejectedOutput(one).data) for one in named]


class BatchRetryOutput(serializers.Serializer[Any]):
    """What was put into the line again."""

    queued = serializers.IntegerField(help_text="Photos that wait to be read now.")
    left = serializers.IntegerField(help_text="Photos for which to ask once more; 0 when that were all.")


COUNTED: Final = ("total", "finished", "progress", "seconds_left", "counts")


class OwnBatchesView(generics.GenericAPIView[Batch]):
    """The base of both views: nobody sees another person's batches."""

    serializer_class = BatchOutput
    lookup_field = "uuid"

    def get_queryset(self) -> BatchQuerySet:
        """Batches of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return Batch.objects.none()
        return Batch.objects.owned_by(self.request.user)

    def rejections(self, selection: Selection) -> tuple[Any, ...]:
        """What to prefetch."""
        if not selection.wants("rejected"):
            return ()
        return (Prefetch("rejections", queryset=BatchRejection.objects.order_by("id")[:NAMED], to_attr="named"),)


@method_decorator(conditional_page, name="dispatch")
class BatchListView(OwnBatchesView):
    """The collection."""

    scopes: Scopes = {"GET": Scope.READ}
    pagination_class = NewestBatchFirst
    filter_backends = ()

    @extend_schema(
        operation_id="listBatches",
        summary="List your batches, newest first",
        parameters=[FIELDS, IF_NONE_MATCH, ETAG],
        responses={200: BatchOutput(many=True), 304: NOT_MODIFIED},
    )
    def get(self, request: Request) -> Response:
        """Each with how far it is."""
        refuse_unknown(request, {PARAMETER, "cursor", NewestBatchFirst.page_size_query_param})
        selection = Selection.asked(request, BatchOutput)
        page = self.paginate_queryset(self.get_queryset().prefetch_related(*self.rejections(selection))) or []
        progress = {}
        if selection.wants_any(*COUNTED):
            progress = batches.progress_of(page, timed=selection.wants("seconds_left"))
        context = {**self.get_serializer_context(), "progress": progress}
        told = selection.cut(BatchOutput(page, many=True, context=context)).data
        return private(self.get_paginated_response(told))


@method_decorator(conditional_page, name="dispatch")
class BatchView(OwnBatchesView):
    """One batch."""

    scopes: Scopes = {"GET": Scope.READ, "DELETE": Scope.UPLOAD}

    @extend_schema(
        operation_id="getBatch",
        summary="How far a batch is",
        description="While something waits or is being read, Retry-After says in how many seconds to ask again.",
        parameters=[
            FIELDS,
            WAIT,
            PREFER,
            IF_NONE_MATCH,
            retry_after(200, what="Seconds until it is worth to ask again, 1 to 30; only while it is unfinished."),
            applied(200, 304),
            ETAG,
        ],
        responses={200: BatchOutput, 304: NOT_MODIFIED},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Its state."""
        refuse_unknown(request, {PARAMETER, "wait"})
        selection = Selection.asked(request, BatchOutput)
        poll = Poll(request)
        if poll.seconds:
            waited: Any = self.get_object()
            poll.until(lambda: not batches.is_unfinished(waited))
        batch = generics.get_object_or_404(self.get_queryset().prefetch_related(*self.rejections(selection)), uuid=uuid)
        progress = batches.progress_of([batch])
        context = {**self.get_serializer_context(), "progress": progress}
        state = progress[batch.pk]
        headers = {} if state.is_finished else {"Retry-After": str(within_bounds(state.seconds_left))}
        body = selection.cut(BatchOutput(batch, context=context)).data
        return poll.mark(private(Response(body, headers=headers)))

    @extend_schema(
        operation_id="deleteBatch",
        summary="Forget a batch, and with `photos=true` delete the photos that came with it",
        description="Photos that you had sent before it stay in any case.",
        parameters=[OpenApiParameter("photos", bool, description="`true`: its photos too, and all read from them.")],
        responses={204: None},
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        """The batch itself, or all of it."""
        refuse_unknown(request, {"photos"})
        try:
            photos = serializers.BooleanField().run_validation(request.query_params.get("photos", "false"))
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"photos": error.detail}) from None
        found: Any = self.get_object()
        batches.delete(found, photos=photos)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchRetryView(OwnBatchesView):
    """Another try for all that came to nothing."""

    scopes: Scopes = {"POST": Scope.UPLOAD}

    @extend_schema(
        operation_id="retryBatch",
        summary="Try again what of a batch failed or was stopped",
        description=f"At most {batches.AT_ONCE} photos at a time. Each waits in the lane in which it was sent.",
        request=None,
        responses={
            202: BatchRetryOutput,
            409: OpenApiResponse(description="Nothing was changed: problem not_failed."),
        },
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Counted."""
        refuse_unknown(request, set())
        queued, left = services.retry_batch(self.get_object())
        if not queued:
            raise NoneFailedError
        return Response(BatchRetryOutput({"queued": queued, "left": left}).data, status=status.HTTP_202_ACCEPTED)
