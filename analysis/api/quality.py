"""How much there is to see of a face, as the API tells it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from analysis.engine import QUALITY_CODES
from analysis.models import Face
from analysis.reasons import Reason, reasons_of


def _measure(name: str, help_text: str) -> serializers.FloatField:
    return serializers.FloatField(
        source=f"quality.{name}", read_only=True, allow_null=True, default=None, help_text=help_text
    )


class ReasonOutput(serializers.Serializer[Any]):
    """What makes a face hard to read: a code for programs, and a sentence that says what to do about it."""

    code = serializers.SerializerMethodField()
    detail = serializers.CharField(source="sentence")

    @extend_schema_field({"type": "string", "enum": list(QUALITY_CODES)})
    def get_code(self, reason: Reason) -> str:
        """The engine's code."""
        return reason.code


class QualityOutput(serializers.Serializer[Any]):
    """How much there is to see of a face. What was not measured when it was read is null."""

    size = _measure("size", "Shorter side of the box in pixels of the photo.")
    sharpness = _measure("sharpness", "Fine detail as a share of coarse detail; a blurred face has less.")
    brightness = _measure("brightness", "Mean grey level, 0 to 1.")
    highlights = _measure("highlights", "Share of the face that is burnt out to white, 0 to 1.")
    cut = _measure("cut", "Share of the box that lies outside the photo, 0 to 1.")
    turn = _measure(
        "turn",
        "How far the nose is from the middle between the eyes, in distances between the eyes, -1 to 1; 0 looks "
        "straight ahead. Null where the detector finds no landmarks.",
    )
    roll = _measure("roll", "Angle of the line between the eyes in degrees, clockwise; null without landmarks.")
    detector = _measure("detector", "The detector's own score; comparable only between faces of the same detector.")
    reasons = serializers.SerializerMethodField(help_text="Why the face is hard to read; empty for a good face.")

    @extend_schema_field(ReasonOutput(many=True))
    def get_reasons(self, face: Face) -> list[dict[str, Any]]:
        """In words."""
        return [dict(ReasonOutput(reason).data) for reason in reasons_of(face)]
