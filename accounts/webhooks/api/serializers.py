"""What is sent and answered."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.webhooks.addresses import LONGEST, AddressError, target_of
from accounts.webhooks.events import CHOOSABLE, Event
from accounts.webhooks.models import Disabled, State, Trouble, Webhook, WebhookDelivery


class WebhookInput(serializers.Serializer[Any]):
    """A webhook as it should be."""

    target_url = serializers.CharField(
        source="url", max_length=LONGEST, help_text="Where messages are sent to by POST: https, port 443 or 8443."
    )
    events = serializers.MultipleChoiceField(choices=CHOOSABLE, allow_empty=False)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, help_text="For you.")

    def validate_target_url(self, url: str) -> str:
        """Raises ValidationError for what is never written to."""
        try:
            target_of(url)
        except AddressError as error:
            raise serializers.ValidationError(str(error)) from None
        return url

    def validate_events(self, events: set[str]) -> list[str]:
        """In the order of the documentation."""
        return [name for name in Event.values if name in events]


class WebhookChangeInput(WebhookInput):
    """What should be otherwise."""

    is_on = serializers.BooleanField(required=False, help_text="False: nothing is sent, and nothing noted, for it.")


class WebhookOutput(serializers.ModelSerializer[Webhook]):
    """Where you are told, and of what."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    deliveries_url = serializers.SerializerMethodField(help_text="What became of its messages.")
    target_url = serializers.CharField(source="url", help_text="Where messages are sent to.")
    events = serializers.ListField(child=serializers.ChoiceField(CHOOSABLE))
    disabled_reason = serializers.SerializerMethodField(
        help_text="Null while it is on. `owner`: you switched it off; `gone`: the receiver answered 410; `failing`: "
        "nothing arrived for days; `secret`: its secret cannot be read any more, so make a new one."
    )
    failing_since = serializers.DateTimeField(allow_null=True, help_text="Null unless the last message did not arrive.")
    earlier_secret_until = serializers.DateTimeField(
        source="earlier_until",
        allow_null=True,
        help_text="Until when the secret before signs too; null when there is none.",
    )

    class Meta:
        model = Webhook
        fields = (
            "id", "url", "deliveries_url", "target_url", "name", "events", "is_on", "disabled_reason", "disabled_at",
            "failing_since", "earlier_secret_until", "created_at",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, webhook: Webhook) -> str:
        """In the API."""
        return str(reverse("api:webhook", args=[webhook.uuid], request=self.context["request"]))

    @extend_schema_field(OpenApiTypes.URI)
    def get_deliveries_url(self, webhook: Webhook) -> str:
        """In the API."""
        return str(reverse("api:webhook-deliveries", args=[webhook.uuid], request=self.context["request"]))

    @extend_schema_field({"type": "string", "enum": Disabled.values, "nullable": True})
    def get_disabled_reason(self, webhook: Webhook) -> str | None:
        """For programs."""
        return webhook.disabled or None


class WebhookWithSecretOutput(WebhookOutput):
    """The only answers with the secret: it is not shown again."""

    secret = serializers.SerializerMethodField(
        help_text="`whsec_` and base64; with it you verify that a message is ours."
    )

    class Meta(WebhookOutput.Meta):
        fields = (*WebhookOutput.Meta.fields, "secret")  # type: ignore[assignment]

    def get_secret(self, webhook: Webhook) -> str:
        """From the context."""
        return str(self.context["secret"])


class DeliveryOutput(serializers.ModelSerializer[WebhookDelivery]):
    """A message, and what became of it."""

    id = serializers.UUIDField(source="uuid")
    message_id = serializers.CharField(help_text="The header `webhook-id`: the same at each attempt.")
    event = serializers.ChoiceField(Event.choices)
    state = serializers.ChoiceField(State.choices)
    next_attempt_at = serializers.SerializerMethodField(help_text="At the earliest; null unless it waits.")
    trouble = serializers.SerializerMethodField(help_text="Why the last attempt failed; null when it did not.")
    answer = serializers.CharField(help_text="The first 500 characters of the last one.")

    class Meta:
        model = WebhookDelivery
        fields = (
            "id", "message_id", "event", "state", "attempts", "created_at", "tried_at", "next_attempt_at", "ended_at",
            "status_code", "trouble", "answer", "took_ms",
        )  # fmt: skip

    @extend_schema_field({"type": "string", "format": "date-time", "nullable": True})
    def get_next_attempt_at(self, delivery: WebhookDelivery) -> Any:
        """When it is due."""
        return delivery.next_at if delivery.state == State.WAITING else None

    @extend_schema_field({"type": "string", "enum": Trouble.values, "nullable": True})
    def get_trouble(self, delivery: WebhookDelivery) -> str | None:
        """For programs."""
        return delivery.trouble or None
