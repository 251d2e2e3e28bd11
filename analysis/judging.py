"""Deciding about a face that somebody else may have decided about meanwhile."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from analysis import statements
from analysis.models import Face, Review, Verdict

UNSEEN: Final = timedelta(seconds=5)
"""A decision bears a time that is before its commit, and of the clock of another host."""


class JudgedMeanwhileError(Exception):
    """What the reviewer saw is no longer what there is."""


def judge_face(*, face: Face, reviewer: User, seen: datetime | None, **said: Any) -> Review:
    """As `statements.review_face` with `said`, if the decision there is was made at `seen`; None: if there is none.

    The same of the same reviewer once more, as after an answer that was lost, changes nothing. Raises
    JudgedMeanwhileError.
    """
    with transaction.atomic():
        statements.hold_face(face)
        found = Review.objects.filter(face=face).first()
        if found is not None and found.reviewer_id == reviewer.pk and says(found, said):
            return found
        if (found.reviewed_at if found else None) != seen:
            raise JudgedMeanwhileError
        return statements.review_face(face=face, reviewer=reviewer, **said)


def judge_unless_since(*, face: Face, reviewer: User, since: datetime | None, verdict: Verdict) -> bool:
    """As `statements.review_face`, unless somebody else has decided after `since`, or at all for None; whether it was.

    For many faces at once, where nobody looks at each decision that is there before it is replaced. What was decided
    shortly before `since` counts as after it.
    """
    with transaction.atomic():
        statements.hold_face(face)
        others = Review.objects.filter(face=face).exclude(reviewer=reviewer)
        if (others if since is None else others.filter(reviewed_at__gt=since - UNSEEN)).exists():
            return False
        statements.review_face(face=face, reviewer=reviewer, verdict=verdict)
        return True


def says(review: Review, said: dict[str, Any]) -> bool:
    """Whether the decision is this; what is not named says nothing."""
    nothing: dict[str, Any] = {"age_years": None, "gender": "", "emotion": "", "note": ""}
    return all(getattr(review, name) == value for name, value in (nothing | said).items())
