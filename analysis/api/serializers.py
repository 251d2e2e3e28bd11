"""What goes in and out of the API, named by direction."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from analysis.api.quality import QualityOutput
from analysis.api.said import ENTERED, TOLD, SaidInput, SaidOutput
from analysis.api.waits import Wait
from analysis.batches import MOST_FILES
from analysis.engine import EMOTIONS, accepted_words
from analysis.models import Analysis, Correction, Face, Keep, Lane, Photo, Status

LANES = {lane.name.lower(): lane for lane in Lane}
DEFAULT_LANE = Lane.INTERACTIVE.name.lower()


class LaneInput(serializers.Serializer[Any]):
    """Which part of the line photos wait in."""

    lane = serializers.ChoiceField(
        choices=[name for name, lane in LANES.items() if lane != Lane.RERUN],
        default=DEFAULT_LANE,
        help_text="`interactive` when somebody waits for the result; `batch` for many at once, read after those.",
    )

    @property
    def entered_lane(self) -> Lane:
        """What was chosen; only after `is_valid`."""
        return LANES[self.validated_data["lane"]]


class PhotoUploadInput(LaneInput):
    """One or more photos as multipart form data, each in a field called `photos`."""

    batch = serializers.UUIDField(
        required=False, help_text=f"One of your batches, which the photos join: up to {MOST_FILES:,} files."
    )
    label = serializers.CharField(  # type: ignore[assignment]  # a field, not its caption
        required=False, max_length=80, help_text="What to call the new batch; not together with `batch`."
    )

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


class EstimateOutput(serializers.Serializer[Any]):
    """An attribute of a face: null when it was not estimated, because the owner does not agree to it."""

    attribute: str

    def to_representation(self, face: Face) -> Any:
        """Null, or what was estimated."""
        return super().to_representation(face) if self.attribute in face.attributes else None


class AgeOutput(EstimateOutput):
    """Years; the interval is made to hold the recorded age in nine cases of ten.

    `widening` says how many times wider it was made because the face is hard to read; 1 for a good face.
    """

    attribute = "age"
    years = serializers.FloatField(source="age_years")
    low = serializers.FloatField(source="age_low")
    high = serializers.FloatField(source="age_high")
    widening = serializers.FloatField(source="age_widening")
    bucket = serializers.SerializerMethodField(help_text="The nearest of eight age groups: both ends, in years.")

    def get_bucket(self, face: Face) -> list[int]:
        """Both ends of the group."""
        return [int(end) for end in face.age_bucket.split("-")]


class GenderOutput(EstimateOutput):
    """Gender as it appears; a label that is null means not sure."""

    attribute = "gender"
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not its caption
    confidence = serializers.FloatField(source="gender_confidence")

    @extend_schema_field({"type": "string", "enum": ["female", "male"], "nullable": True})
    def get_label(self, face: Face) -> str | None:
        """Null for not sure."""
        return face.gender or None


class EmotionOutput(EstimateOutput):
    """The expression shown; a label that is null means not sure. The eight probabilities sum to 1."""

    attribute = "emotion"
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not its caption
    probabilities = serializers.DictField(child=serializers.FloatField())

    @extend_schema_field({"type": "string", "enum": list(EMOTIONS), "nullable": True})
    def get_label(self, face: Face) -> str | None:
        """Null for not sure."""
        return face.emotion or None


class CorrectionOutput(SaidOutput[Correction]):
    """What the owner said about a face; what is null was not said."""

    class Meta:
        model = Correction
        extra_kwargs = TOLD
        fields = ("age_years", "gender", "emotion", "not_a_face", "note", "created_at")


class FaceOutput(serializers.ModelSerializer[Face]):
    """One face, with what the owner and the reviewer said about it; null for what the owner does not agree to."""

    id = serializers.UUIDField(source="uuid")
    box = BoxOutput(source="*")
    landmarks = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        allow_null=True,
        help_text="Right eye, left eye, nose, right and left mouth corner as x, y in pixels, or null.",
    )
    quality = QualityOutput(source="*")
    age = AgeOutput(source="*", allow_null=True)
    gender = GenderOutput(source="*", allow_null=True)
    emotion = EmotionOutput(source="*", allow_null=True)
    crop_url = serializers.SerializerMethodField(
        help_text="The face alone, where only that is kept of the photo; else null."
    )
    correction = serializers.SerializerMethodField()
    review = serializers.SerializerMethodField(help_text="accepted, corrected, unusable, or null before a review.")

    class Meta:
        model = Face
        fields = ("id", "box", "landmarks", "quality", "age", "gender", "emotion", "crop_url", "correction", "review")

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_crop_url(self, face: Face) -> str | None:
        """Null unless it was cut out."""
        if not face.crop.name:
            return None
        return str(reverse("api:face-crop", args=[face.uuid], request=self.context.get("request")))

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
    """One run of the engine: queued, running, done, failed or cancelled."""

    id = serializers.UUIDField(source="uuid")
    status = serializers.ChoiceField(choices=Status.choices)
    lane = serializers.SerializerMethodField()
    ahead = serializers.SerializerMethodField(help_text="How many photos are read before; null unless queued.")
    seconds_left = serializers.SerializerMethodField(
        help_text="Until it is read, by how fast photos are read now; null unless queued, and while nobody knows."
    )
    error = serializers.SerializerMethodField(help_text="Why it failed, or null.")
    timings_ms = serializers.DictField(child=serializers.FloatField())
    faces = FaceOutput(many=True, help_text="Largest first; empty until done, and when the photo shows no face.")

    class Meta:
        model = Analysis
        fields = (
            "id",
            "status",
            "lane",
            "ahead",
            "seconds_left",
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

    @extend_schema_field({"type": "string", "enum": list(LANES)})
    def get_lane(self, analysis: Analysis) -> str:
        """Which part of the line."""
        return Lane(analysis.lane).name.lower()

    def get_ahead(self, analysis: Analysis) -> int | None:
        """From the context: found for the whole answer at once."""
        wait = self._wait(analysis)
        return wait.ahead if wait else None

    def get_seconds_left(self, analysis: Analysis) -> int | None:
        """From the context: found for the whole answer at once."""
        wait = self._wait(analysis)
        return wait.seconds_left if wait else None

    def _wait(self, analysis: Analysis) -> Wait | None:
        waits: dict[int, Wait] = self.context["waits"]
        return waits.get(analysis.pk)

    @extend_schema_field(ProblemOutput(allow_null=True))
    def get_error(self, analysis: Analysis) -> dict[str, str] | None:
        """Code and sentence of a failure."""
        if not analysis.failure_code:
            return None
        return {"code": analysis.failure_code, "detail": analysis.failure_sentence}


class PhotoOutput(serializers.ModelSerializer[Photo]):
    """A photo and its newest result; before the first one, the analysis that was asked for last."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField(help_text="Null when the picture is not kept.")
    keep = serializers.ChoiceField(choices=Keep.choices, help_text="What stays once it was read.")
    erase_at = serializers.DateTimeField(help_text="When everything goes; null: when you delete it.", allow_null=True)
    analysis = AnalysisOutput(source="latest", help_text="The newest result; without one, the newest analysis.")
    pending = AnalysisOutput(
        allow_null=True,
        help_text="A later analysis that is under way, has failed or was stopped while `analysis` stays; else null.",
    )

    class Meta:
        model = Photo
        fields = (
            "id", "url", "image_url", "name", "width", "height", "size", "created_at", "keep", "erase_at", "analysis",
            "pending",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, photo: Photo) -> str:
        """Where this photo is in the API."""
        return str(reverse("api:photo", args=[photo.uuid], request=self.context.get("request")))

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_image_url(self, photo: Photo) -> str | None:
        """The picture, while there is one."""
        if not photo.has_picture:
            return None
        return str(reverse("api:photo-image", args=[photo.uuid], request=self.context.get("request")))


class RejectedOutput(serializers.Serializer[Any]):
    """A file that was not kept, and why."""

    name = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField(source="sentence")


class BatchLinkOutput(serializers.Serializer[Any]):
    """Where a batch is."""

    id = serializers.UUIDField()
    url = serializers.URLField()


class UploadOutput(serializers.Serializer[Any]):
    """What became of the files of one upload."""

    batch = BatchLinkOutput(help_text="All of them belong to it; ask there how far they are.")
    accepted = PhotoOutput(many=True, help_text="New photos.")
    linked = PhotoOutput(
        many=True, help_text="Photos you had sent before, byte for byte: with their result, or queued once more."
    )
    rejected = RejectedOutput(many=True)


class CorrectionInput(SaidInput[Correction]):
    """What is wrong about a face; at least one field. Null, like the empty string, says nothing."""

    class Meta:
        model = Correction
        extra_kwargs = ENTERED
        fields = ("age_years", "gender", "emotion", "not_a_face", "note")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An empty correction says nothing."""
        if attrs.get("age_years") is None and not any(attrs.get(name) for name in attrs if name != "age_years"):
            raise serializers.ValidationError("Say what is wrong: an age, a gender, an expression, or not a face.")
        return attrs
