"""What the person agrees to, in the API."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Scopes
from accounts.consent import services
from accounts.consent.models import Consent, Via
from accounts.consent.purposes import EXPLANATIONS, NOTICE_VERSION, Purpose, offered
from accounts.models import User
from accounts.scopes import Scope


class ConsentMissingError(APIException):
    """Nothing is taken in of who has not answered."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "consent_missing"
    default_detail = services.NO_ANSWER


class NoticeChangedError(APIException):
    """An answer is to the notice that was read."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "notice_changed"
    default_detail = "The notice is another one by now. Read it again, show it to the person, and send its version."


class PurposeOutput(serializers.Serializer[Any]):
    """One thing that can be agreed to."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    granted = serializers.BooleanField()
    title = serializers.CharField()
    explanation = serializers.CharField(help_text="What people read before they agree.")


class ConsentOutput(serializers.Serializer[Any]):
    """What the person says now. `answered`: to the notice of this version; until then nothing of theirs is taken in."""

    notice_version = serializers.IntegerField()
    answered = serializers.BooleanField()
    removing = serializers.BooleanField(help_text="Whether something that is not agreed to is still being removed.")
    purposes = PurposeOutput(many=True, help_text="Those that this installation offers.")


class GrantsField(serializers.DictField):
    """Purposes with yes or no."""

    child = serializers.BooleanField()

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for a purpose that is not offered here."""
        said = super().to_internal_value(data)
        known = {purpose.value for purpose in offered()}
        if unknown := sorted(set(said) - known):
            raise serializers.ValidationError(
                f"This installation does not offer {', '.join(unknown)[:80]}. Choose from {', '.join(sorted(known))}."
            )
        return {Purpose(name): yes for name, yes in said.items()}


class ConsentInput(serializers.Serializer[Any]):
    """What the person says; what is not named stays as it is, and is a no if nothing was said to it before."""

    notice_version = serializers.IntegerField(help_text="Of the notice that the person has read.")
    grants = GrantsField(help_text="By purpose, as in the answer: true or false.")


class ConsentView(APIView):
    """The person's answers."""

    scopes: Scopes = {"GET": Scope.ACCOUNT, "PUT": Scope.ACCOUNT}

    @extend_schema(operation_id="getConsent", summary="What you agree to", responses=ConsentOutput)
    def get(self, request: Request) -> Response:
        """As it holds now."""
        return self._answer(cast("User", request.user))

    @extend_schema(
        operation_id="setConsent",
        summary="Agree, or withdraw",
        description=(
            "Holds at once. What you say no to is not worked out any more, and what was worked out before is removed "
            "with everything that hangs on it, for good: within seconds, or minutes if it is very much. Say yes only "
            "in the name of a person who has read the notice."
        ),
        request=ConsentInput,
        responses={200: ConsentOutput, 409: OpenApiResponse(description="Problem notice_changed.")},
    )
    def put(self, request: Request) -> Response:
        """Write it down and act on it."""
        person = cast("User", request.user)
        entered = ConsentInput(data=request.data)
        entered.is_valid(raise_exception=True)
        if entered.validated_data["notice_version"] != NOTICE_VERSION:
            raise NoticeChangedError
        said = {**services.standing(person), **entered.validated_data["grants"]}
        services.decide(person, said, via=Via.API)
        return self._answer(person)

    def _answer(self, person: User) -> Response:
        told = {
            "notice_version": NOTICE_VERSION,
            "answered": services.has_answered(person),
            "removing": Consent.objects.filter(person=person, to_clear=True).exists(),
            "purposes": [
                {"purpose": purpose, "granted": yes, "title": purpose.label, "explanation": EXPLANATIONS[purpose]}
                for purpose, yes in services.standing(person).items()
            ],
        }
        return Response(ConsentOutput(told).data)
