"""What goes in and out of the API, named by direction."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from analysis.api.quality import QualityOutput
from analysis.engine import EMOTIONS, accepted_words
from analysis.models import Analysis, Correction, Face, Photo, Status


class PhotoUploadInput(serializers.Serializer[Any]):
    """One or more photos as multipart form data, each in a field called `photos`."""

    photos = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=None),
        allow_empty=False,
        max_length=settings.UPLOAD_MAX_FILES,
        help_text=f"{accepted_words()}.",
        error_messages={"empty": "Send at least one file, in a field called photos."},
    )


class BoxOutput(serializers.Serializer[Any]):
    """Pixels of the upright photo."""

    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class AgeOutput(serializers.Serializer[Any]):
    """Years; the interval is made to hold the recorded age in nine cases of ten.

    `widening` says how many times wider it was made because the face is hard to read; 1 for a good face.
    """

    years = serializers.FloatField(source="age_years")
    low = serializers.FloatField(source="age_low")
    high = serializers.FloatField(source="age_high")
    widening = serializers.FloatField(source="age_widening")
    bucket = serializers.SerializerMethodField(help_text="The nearest of eight age groups: both ends, in years.")

    def get_bucket(self, face: Face) -> list[int]:
        """Both ends of the group."""
        return [int(end) for end in face.age_bucket.split("-")]


class GenderOutput(serializers.Serializer[Any]):
    """Gender as it appears; null means not sure."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not its caption
    confidence = serializers.FloatField(source="gender_confidence")

    @extend_schema_field({"type": "string", "enum": ["female", "male"], "nullable": True})
    def get_label(self, face: Face) -> str | None:
        """Null for not sure."""
        return face.gender or None


class EmotionOutput(serializers.Serializer[Any]):
    """The expression shown; null means not sure. The eight probabilities sum to 1."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not its caption
    probabilities = serializers.DictField(child=serializers.FloatField())

    @extend_schema_field({"type": "string", "enum": list(EMOTIONS), "nullable": True})
    def get_label(self, face: Face) -> str | None:
        """Null for not sure."""
        return face.emotion or None


class CorrectionOutput(serializers.ModelSerializer[Correction]):
    """What the owner said about a face; empty or null fields say nothing."""

    class Meta:
        model = Correction
        fields = ("age_years", "gender", "emotion", "not_a_face", "note", "created_at")


class FaceOutput(serializers.ModelSerializer[Face]):
    """One face, with what the owner and the reviewer said about it."""

    id = serializers.UUIDField(source="uuid")
    box = BoxOutput(source="*")
    landmarks = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        allow_null=True,
        help_text="Right eye, left eye, nose, right and left mouth corner as x, y in pixels, or null.",
    )
    quality = QualityOutput(source="*")
    age = AgeOutput(source="*")
    gender = GenderOutput(source="*")
    emotion = EmotionOutput(source="*")
    correction = serializers.SerializerMethodField()
    review = serializers.SerializerMethodField(help_text="accepted, corrected, unusable, or null before a review.")

    class Meta:
        model = Face
        fields = ("id", "box", "landmarks", "quality", "age", "gender", "emotion", "correction", "review")

    @extend_schema_field(CorrectionOutput(allow_null=True))
    def get_correction(self, face: Face) -> dict[str, Any] | None:
        """The newest correction, or null."""
        newest = max(face.corrections.all(), key=lambda correction: correction.pk, default=None)
        return dict(CorrectionOutput(newest).data) if newest else None

    @extend_schema_field({"type": "string", "enum": ["accepted", "corrected", "unusable"], "nullable": True})
    def get_review(self, face: Face) -> str | None:
        """The verdict."""
        review = getattr(face, "review", None)
        return review.verdict if review else None


class ProblemOutput(serializers.Serializer[Any]):
    """Why there is no result."""

    code = serializers.CharField()
    detail = serializers.CharField()


class AnalysisOutput(serializers.ModelSerializer[Analysis]):
    """One run of the engine: queued, running, done or failed."""

    id = serializers.UUIDField(source="uuid")
    status = serializers.ChoiceField(choices=Status.choices)
    error = serializers.SerializerMethodField(help_text="Why it failed, or null.")
    timings_ms = serializers.DictField(child=serializers.FloatField())
    faces = FaceOutput(many=True, help_text="Largest first; empty until done, and when the photo shows no face.")

    class Meta:
        model = Analysis
        fields = (
            "id",
            "status",
            "error",
            "attempts",
            "queued_at",
            "started_at",
            "finished_at",
            "engine_version",
            "model_version",
            "timings_ms",
            "faces",
        )

    @extend_schema_field(ProblemOutput(allow_null=True))
    def get_error(self, analysis: Analysis) -> dict[str, str] | None:
        """Code and sentence of a failure."""
        if not analysis.failure_code:
            return None
        return {"code": analysis.failure_code, "detail": analysis.failure_sentence}


class PhotoOutput(serializers.ModelSerializer[Photo]):
    """A photo and its newest analysis."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ("id", "url", "image_url", "name", "width", "height", "size", "created_at", "analysis")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, photo: Photo) -> str:
        """Where this photo is in the API."""
        return str(reverse("api:photo", args=[photo.uuid], request=self.context.get("request")))

    @extend_schema_field(OpenApiTypes.URI)
    def get_image_url(self, photo: Photo) -> str:
        """The picture."""
        return str(reverse("api:photo-image", args=[photo.uuid], request=self.context.get("request")))

    @extend_schema_field(AnalysisOutput)
    def get_analysis(self, photo: Photo) -> dict[str, Any]:
        """The newest analysis."""
        return dict(AnalysisOutput(photo.latest, context=self.context).data)


class RejectedOutput(serializers.Serializer[Any]):
    """A file that was not kept, and why."""

    name = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField(source="sentence")


class UploadOutput(serializers.Serializer[Any]):
    """What became of the files of one upload."""

    accepted = PhotoOutput(many=True)
    rejected = RejectedOutput(many=True)


class CorrectionInput(serializers.ModelSerializer[Correction]):
    """What is wrong about a face; at least one field."""

    class Meta:
        model = Correction
        fields = ("age_years", "gender", "emotion", "not_a_face", "note")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An empty correction says nothing."""
        if attrs.get("age_years") is None and not any(attrs.get(name) for name in attrs if name != "age_years"):
            raise serializers.ValidationError("Say what is wrong: an age, a gender, an expression, or not a face.")
        return attrs
