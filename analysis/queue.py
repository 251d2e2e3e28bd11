"""The queue of reviewers: ways to find the faces where a second look is worth most, for the admin and the API."""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from analysis.engine import QUALITY_CODES
from analysis.models import Correction, Face, Review, Verdict

LOW_CONFIDENCE: Final = 0.6

REVIEWED: Final = (("open", "not reviewed"), ("contested", "owner says it is wrong"), *Verdict.choices)
CONFIDENCE: Final = (
    ("not_sure", "not sure about gender or expression"),
    ("low", f"expression under {LOW_CONFIDENCE:.0%}"),
)
REASONS: Final = (
    ("any", "for some reason"),
    ("none", "nothing"),
    *((code, code.replace("_", " ")) for code in QUALITY_CODES),
)


def by_review(faces: QuerySet[Face], value: str) -> QuerySet[Face]:
    """What is still to be done: a word of REVIEWED."""
    if value == "open":
        return faces.filter(~Exists(Review.objects.filter(face=OuterRef("pk"))))
    if value == "contested":
        return faces.filter(Exists(Correction.objects.filter(face=OuterRef("pk"))))
    return faces.filter(review__verdict=value)


def by_confidence(faces: QuerySet[Face], value: str) -> QuerySet[Face]:
    """What the engine is not sure of, of what it estimated: a word of CONFIDENCE."""
    if value == "low":
        return faces.filter(emotion_confidence__lt=LOW_CONFIDENCE)
    unsure_gender = Q(gender="", gender_confidence__isnull=False)
    return faces.filter(unsure_gender | Q(emotion="", emotion_confidence__isnull=False))


def by_reason(faces: QuerySet[Face], value: str) -> QuerySet[Face]:
    """What makes a face hard to read: a word of REASONS. The list is compared as text: SQLite cannot look into one."""
    if value == "none":
        return faces.filter(quality__reasons=[])
    return faces.filter(quality__reasons__icontains='"' if value == "any" else f'"{value}"')
