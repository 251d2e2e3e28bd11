"""Who wants to be told makes, tries and looks after webhooks."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.paging import Cursors
from accounts.api.permissions import Scopes
from accounts.models import User
from accounts.scopes import Scope
from accounts.webhooks import services
from accounts.webhooks.api.serializers import (
    DeliveryOutput,
    WebhookChangeInput,
    WebhookInput,
    WebhookOutput,
    WebhookWithSecretOutput,
)
from accounts.webhooks.models import Webhook, WebhookDelivery


class TooManyWebhooksError(APIException):
    """One of them has to go first."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "too_many_webhooks"


class WebhookOffError(APIException):
    """Nothing is sent."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "webhook_off"


class DeliveryWaitsError(APIException):
    """It is sent anyway."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "delivery_waits"


class OwnWebhooksView(generics.GenericAPIView[Webhook]):
    """The base of every view of webhooks: nobody sees another person's."""

    serializer_class = WebhookOutput
    pagination_class = Cursors
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Webhook]:
        """Of the person who asks."""
        if getattr(self, "swagger_fake_view", False):
            return Webhook.objects.none()
        return Webhook.objects.filter(person=cast("User", self.request.user))

    def own(self) -> Webhook:
        """The one that is asked for. Raises Http404."""
        return self.get_object()

    def with_secret(self, webhook: Webhook, secret: str) -> Any:
        """What is told once."""
        context = {**self.get_serializer_context(), "secret": secret}
        return WebhookWithSecretOutput(webhook, context=context).data


class WebhookListView(OwnWebhooksView):
    """The collection."""

    scopes: Scopes = {"GET": Scope.ACCOUNT, "POST": Scope.ACCOUNT}

    @extend_schema(operation_id="listWebhooks", summary="List your webhooks", responses=WebhookOutput(many=True))
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="createWebhook",
        summary="Have a program told what becomes of photos",
        description="The answer holds the secret, which is not shown again. See docs/webhooks.md.",
        request=WebhookInput,
        responses={201: WebhookWithSecretOutput, 409: OpenApiResponse(description="Problem too_many_webhooks.")},
    )
    def post(self, request: Request) -> Response:
        """With a secret of its own."""
        said = WebhookInput(data=request.data)
        said.is_valid(raise_exception=True)
        site = request.build_absolute_uri("/").rstrip("/")
        try:
            made, secret = services.create(person=cast("User", request.user), site=site, **said.validated_data)
        except services.TooManyError as error:
            raise TooManyWebhooksError(str(error)) from None
        told = self.with_secret(made, secret)
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class WebhookView(OwnWebhooksView):
    """One of them."""

    scopes: Scopes = {"GET": Scope.ACCOUNT, "PATCH": Scope.ACCOUNT, "DELETE": Scope.ACCOUNT}

    @extend_schema(operation_id="getWebhook", summary="A webhook", responses=WebhookOutput)
    def get(self, request: Request, uuid: UUID) -> Response:
        """As it is."""
        return Response(self.get_serializer(self.own()).data)

    @extend_schema(
        operation_id="changeWebhook",
        summary="Change a webhook, or switch it on or off",
        request=WebhookChangeInput(partial=True),
        responses=WebhookOutput,
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """What is named."""
        webhook = self.own()
        said = WebhookChangeInput(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        is_on = fields.pop("is_on", None)
        if fields:
            services.change(webhook, **fields)
        if is_on is not None and is_on != webhook.is_on:
            (services.switch_on if is_on else services.switch_off)(webhook)
        return Response(self.get_serializer(webhook).data)

    @extend_schema(operation_id="deleteWebhook", summary="Delete a webhook and its messages", responses={204: None})
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Nothing more is sent."""
        self.own().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class PingView(OwnWebhooksView):
    """Whether messages arrive."""

    scopes: Scopes = {"POST": Scope.ACCOUNT}

    @extend_schema(
        operation_id="pingWebhook",
        summary="Send a ping",
        description="It comes to this webhook whatever its events. Look for its state among the deliveries.",
        request=None,
        responses={202: DeliveryOutput, 409: OpenApiResponse(description="Problem webhook_off.")},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """On its way."""
        try:
            made = services.ping(self.own())
        except services.SwitchedOffError as error:
            raise WebhookOffError(str(error)) from None
        return Response(DeliveryOutput(made).data, status=status.HTTP_202_ACCEPTED)


class RotateView(OwnWebhooksView):
    """Another secret."""

    scopes: Scopes = {"POST": Scope.ACCOUNT}

    @extend_schema(
        operation_id="rotateWebhookSecret",
        summary="Make a new secret",
        description="For 24 hours messages are signed with the new and the old one, so none is lost meanwhile.",
        request=None,
        responses=WebhookWithSecretOutput,
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Told once."""
        webhook = self.own()
        return Response(self.with_secret(webhook, services.rotate(webhook)))


class DeliveryListView(OwnWebhooksView):
    """What became of its messages."""

    scopes: Scopes = {"GET": Scope.ACCOUNT}

    @extend_schema(
        operation_id="listWebhookDeliveries",
        summary=f"Messages of the last {WebhookDelivery.KEPT_DAYS} days",
        responses=DeliveryOutput(many=True),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Newest first."""
        found: Any = self.own().deliveries.all()
        page: Any = self.paginate_queryset(found) or []
        return self.get_paginated_response(DeliveryOutput(page, many=True).data)


class ReplayView(OwnWebhooksView):
    """Once more."""

    scopes: Scopes = {"POST": Scope.ACCOUNT}

    @extend_schema(
        operation_id="replayWebhookDelivery",
        summary="Send a message again",
        description="The same bytes under the same `webhook-id`, so a receiver that had it can tell.",
        request=None,
        responses={
            202: DeliveryOutput,
            409: OpenApiResponse(description="Problem webhook_off or delivery_waits."),
        },
    )
    def post(self, request: Request, uuid: UUID, delivery: UUID) -> Response:
        """On its way."""
        found = generics.get_object_or_404(self.own().deliveries.select_related("webhook"), uuid=delivery)
        try:
            services.replay(found)
        except services.SwitchedOffError as error:
            raise WebhookOffError(str(error)) from None
        except services.UnderWayError as error:
            raise DeliveryWaitsError(str(error)) from None
        return Response(DeliveryOutput(found).data, status=status.HTTP_202_ACCEPTED)
