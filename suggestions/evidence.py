"""What one analysis gives the ranking to go by: the estimates, and what people said instead.

Ranking follows the largest face: of a photo with several faces no average is anybody's age or expression. What the
owner says about it beats what a reviewer says, and that beats the estimate. An expression the engine is not sure of
counts as none.

The child-safe floor takes the youngest of all faces, and here the owner's word counts for less: it can lower the
floor freely, but raise it only where the estimate itself reaches 18, so that a child cannot type its way out. A
reviewer can. A face that a reviewer called unusable leaves the age unclear, as does one whose age may not be estimated.

Only the columns named here are read. Gender is not among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.models import Analysis, Correction, Review, Verdict
from suggestions.ranking import ADULT, Age, Evidence, Expression, Source


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says about a face; None and empty say nothing."""

    age: int | None = None
    emotion: str = ""
    not_a_face: bool = False
    unusable: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One face: what was estimated, what its owner and what a reviewer said."""

    age: Age | None
    emotion: str
    probabilities: dict[str, float] | None
    owner: Said
    reviewer: Said

    @property
    def counts(self) -> bool:
        """Whether the ranking may go by this face."""
        return not self.owner.not_a_face and not self.reviewer.unusable


@dataclass(frozen=True, slots=True)
class Look:
    """What a photo shows for the ranking, with the number of faces that the page names."""

    evidence: Evidence
    faces: int


NOTHING = Look(evidence=Evidence(), faces=0)


def look_at(analysis: Analysis) -> Look:
    """The evidence in a finished analysis: three queries."""
    faces = _faces(analysis)
    counting = [face for face in faces if face.counts]
    floors = [floor for face in faces if (floor := _floor(face)) is not None]
    youngest = min(floors, default=None)
    if not counting:
        return Look(evidence=Evidence(youngest=youngest), faces=0)
    largest = counting[0]
    return Look(
        evidence=Evidence(expression=_expression(largest), age=_age(largest), youngest=youngest), faces=len(counting)
    )


def _faces(analysis: Analysis) -> list[Seen]:
    """All faces of an analysis, the largest first."""
    owner = {row["face_id"]: _said(row, not_a_face=row["not_a_face"]) for row in _corrections(analysis)}
    reviewer = {row["face_id"]: _reviewed(row) for row in _reviews(analysis)}
    rows = analysis.faces.order_by("index").values("id", "age_years", "age_low", "age_high", "emotion", "probabilities")
    return [
        Seen(
            age=_estimated(row),
            emotion=row["emotion"],
            probabilities=row["probabilities"],
            owner=owner.get(row["id"], Said()),
            reviewer=reviewer.get(row["id"], Said()),
        )
        for row in rows
    ]


def _corrections(analysis: Analysis) -> Any:
    """Oldest first, so that the latest of a face is the one that stays."""
    found = Correction.objects.filter(face__analysis=analysis).order_by("pk")
    return found.values("face_id", "age_years", "emotion", "not_a_face")


def _reviews(analysis: Analysis) -> Any:
    return Review.objects.filter(face__analysis=analysis).values("face_id", "age_years", "emotion", "verdict")


def _said(row: dict[str, Any], *, not_a_face: bool = False, unusable: bool = False) -> Said:
    return Said(age=row["age_years"], emotion=row["emotion"], not_a_face=not_a_face, unusable=unusable)


def _reviewed(row: dict[str, Any]) -> Said:
    if row["verdict"] == Verdict.UNUSABLE:
        return Said(unusable=True)
    return _said(row) if row["verdict"] == Verdict.CORRECTED else Said()


def _estimated(row: Mapping[str, Any]) -> Age | None:
    """None where the owner does not agree to estimates of age."""
    years = row["age_years"]
    return None if years is None else Age(years=years, low=row["age_low"], high=row["age_high"])


def _age(face: Seen) -> Age | None:
    for said in (face.owner, face.reviewer):
        if said.age is not None:
            return Age(years=said.age, low=said.age, high=said.age)
    return face.age


def _expression(face: Seen) -> Expression | None:
    statements: tuple[tuple[Said, Source], ...] = ((face.owner, "owner"), (face.reviewer, "reviewer"))
    for said, source in statements:
        if said.emotion:
            return Expression(probabilities={said.emotion: 1.0}, said_by=source)
    return Expression(probabilities=face.probabilities) if face.emotion and face.probabilities else None


def _floor(face: Seen) -> float | None:
    """The age that the child-safe floor takes this face for; None when it is no face."""
    if face.reviewer.unusable or face.age is None:
        return 0.0
    known = face.age.low if face.reviewer.age is None else float(face.reviewer.age)
    may_raise = face.reviewer.age is None and face.age.high >= ADULT
    if face.owner.not_a_face:
        return None if may_raise else known
    if face.owner.age is None:
        return known
    return float(face.owner.age) if may_raise else min(known, float(face.owner.age))
