"""What reviewers are shown of a face, and what they say about it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from analysis.api.said import ENTERED, TOLD, SaidInput, SaidOutput
from analysis.api.serializers import FaceOutput
from analysis.models import Face, Photo, Review, Verdict

SAID = ("verdict", "age_years", "gender", "emotion", "note")


class DecisionOutput(SaidOutput[Review]):
    """The decision there is; what is null was not said."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    is_mine = serializers.SerializerMethodField(help_text="Whether you made it.")

    class Meta:
        model = Review
        extra_kwargs = TOLD
        fields = (*SAID, "reviewed_at", "is_mine")

    def get_is_mine(self, review: Review) -> bool:
        """Names of others are not told."""
        return bool(review.reviewer_id == self.context["request"].user.pk)


class ReviewPhotoOutput(serializers.Serializer[Photo]):
    """The photo of a face: not whose it is, and not what it is called."""

    id = serializers.UUIDField(source="uuid")
    width = serializers.IntegerField(help_text="Pixels, upright; boxes are in these.")
    height = serializers.IntegerField()
    image_url = serializers.SerializerMethodField(help_text="Null when the picture is not kept.")

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_image_url(self, photo: Photo) -> str | None:
        """The whole picture, with the same token."""
        if not photo.has_picture:
            return None
        return str(reverse("api:photo-image", args=[photo.uuid], request=self.context["request"]))


class ReviewFaceOutput(FaceOutput):
    """A face in the queue: what was read, what its owner says, what was decided."""

    url = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField(
        help_text="The face alone; null when neither it nor its photo is kept."
    )
    photo = ReviewPhotoOutput(source="analysis.photo")
    model_version = serializers.CharField(source="analysis.model_version", help_text="Which weights said so.")
    review = serializers.SerializerMethodField(help_text="The decision so far, or null.")

    class Meta:
        model = Face
        fields = (
            "id", "url", "image_url", "photo", "box", "landmarks", "quality", "age", "gender", "emotion",
            "model_version", "correction", "review",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, face: Face) -> str:
        """Where it is in the queue."""
        return str(reverse("api:review-face", args=[face.uuid], request=self.context["request"]))

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_image_url(self, face: Face) -> str | None:
        """With the same token."""
        if not (face.crop.name or face.analysis.photo.has_picture):
            return None
        return str(reverse("api:review-face-image", args=[face.uuid], request=self.context["request"]))

    @extend_schema_field(DecisionOutput(allow_null=True))
    def get_review(self, face: Face) -> Any:
        """With what was said in it, and when."""
        review = getattr(face, "review", None)
        return dict(DecisionOutput(review, context=self.context).data) if review else None


class VerdictInput(SaidInput[Review]):
    """The decision. `corrected` needs an age, a gender or an expression; the others may have them.

    Null, like the empty string, says nothing.
    """

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reviewed_at = serializers.DateTimeField(
        allow_null=True,
        help_text="`review.reviewed_at` of the face as you saw it; null when it had no review.",
    )

    class Meta:
        model = Review
        extra_kwargs = ENTERED
        fields = (*SAID, "reviewed_at")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A correction that corrects nothing would reach the owner as an empty sentence."""
        says = attrs.get("age_years") is not None or attrs.get("gender") or attrs.get("emotion")
        if attrs["verdict"] == Verdict.CORRECTED and not says:
            raise serializers.ValidationError({"verdict": "Say what is right: an age, a gender or an expression."})
        return attrs
