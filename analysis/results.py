"""From a reading of the engine to rows; and what an owner said about a face stays with it when it is read again."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from accounts.consent import services as consent
from analysis.engine import FoundFace, Reading
from analysis.models import Analysis, Correction, Face

SAME: Final = 0.5
"""Intersection over union from which on two boxes are the same face, as in the PASCAL VOC challenge."""


def store(analysis: Analysis, reading: Reading) -> None:
    """The faces of a reading; within the transaction that finishes the analysis.

    Of each only what its owner agrees to now: they may have withdrawn while the photo was read.
    """
    allowed = consent.hold_attributes(analysis.owner_id)
    rows = (face_of(analysis, index, found, allowed) for index, found in enumerate(reading.faces))
    faces = Face.objects.bulk_create(rows)
    if analysis.earlier_id:
        earlier = Face.objects.filter(analysis_id=analysis.earlier_id).prefetch_related("corrections")
        _carry_over(list(earlier), faces)


def pairs(earlier: Sequence[Face], later: Sequence[Face]) -> list[tuple[Face | None, Face | None]]:
    """Faces of two readings of one photo side by side, those that overlap most first; None where one has no partner."""
    overlaps = ((_overlap(old, new), old, new) for old in earlier for new in later)
    ranked = sorted(
        (found for found in overlaps if found[0] >= SAME), key=lambda found: (-found[0], found[1].index, found[2].index)
    )
    partners: dict[int, Face] = {}
    taken: set[int] = set()
    for _, old, new in ranked:
        if old.pk not in partners and new.pk not in taken:
            partners[old.pk] = new
            taken.add(new.pk)
    both = [(old, partners.get(old.pk)) for old in earlier]
    return [*both, *((None, new) for new in later if new.pk not in taken)]


def _overlap(one: Face, other: Face) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (one.width * one.height + other.width * other.height - shared)


def _carry_over(earlier: Sequence[Face], later: Sequence[Face]) -> None:
    """The newest correction of each face, which is the one that counts."""
    said = {old.pk: correction for old in earlier for correction in list(old.corrections.all())[:1]}
    partners = [(old, new) for old, new in pairs(earlier, later) if old and new and old.pk in said]
    Correction.objects.bulk_create(_copy(said[old.pk], new) for old, new in partners)


def _copy(correction: Correction, face: Face) -> Correction:
    kept = ("author_id", "not_a_face", "age_years", "gender", "emotion", "note", "created_at")
    return Correction(face=face, **{name: getattr(correction, name) for name in kept})


def face_of(analysis: Analysis, index: int, found: FoundFace, attributes: AbstractSet[str]) -> Face:
    """A face of a reading as a row, which is not saved: with no more of it than `attributes`."""
    face = Face(
        analysis=analysis,
        index=index,
        x=found.box.x,
        y=found.box.y,
        width=found.box.width,
        height=found.box.height,
        landmarks=found.landmarks,
        quality=_quality(found),
    )
    if found.age is not None and "age" in attributes:
        low, high = found.age.bucket
        face.age_years, face.age_low, face.age_high = found.age.years, found.age.low, found.age.high
        face.age_widening, face.age_bucket = found.age.widening, f"{low}-{high}"
    if found.gender is not None and "gender" in attributes:
        face.gender, face.gender_confidence = found.gender.label or "", found.gender.confidence
    if found.emotion is not None and "emotion" in attributes:
        face.emotion, face.probabilities = found.emotion.label or "", found.emotion.probabilities
        face.emotion_confidence = max(found.emotion.probabilities.values())
    return face


def _quality(found: FoundFace) -> dict[str, float | list[str] | None]:
    """The measures, rounded to what they are good for, and the reasons."""
    quality = found.quality
    return {
        "size": round(quality.size, 1),
        "sharpness": round(quality.sharpness, 3),
        "brightness": round(quality.brightness, 3),
        "highlights": round(quality.highlights, 3),
        "cut": round(quality.cut, 3),
        "turn": None if quality.turn is None else round(quality.turn, 3),
        "roll": None if quality.roll is None else round(quality.roll, 1),
        "detector": round(quality.detector, 3),
        "reasons": list(quality.reasons),
    }
