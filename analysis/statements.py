"""What owners and reviewers say about faces, of no more than the owner agrees to."""

from django.db import transaction
from django.utils import timezone

from accounts.consent import services as consent
from accounts.models import User
from analysis.models import Correction, Face, Review, Verdict


class NotAgreedError(Exception):
    """Something would be kept about an attribute that the face's owner does not agree to."""

    def __init__(self, attribute: str) -> None:
        """`attribute`: age, gender or emotion."""
        super().__init__(attribute)
        self.field = "age_years" if attribute == "age" else attribute
        word = "expression" if attribute == "emotion" else attribute
        self.sentence = f"The photo's owner does not agree that anything is kept about the {word}. Leave it empty."


def correct_face(
    *,
    face: Face,
    author: User,
    age_years: int | None = None,
    gender: str = "",
    emotion: str = "",
    not_a_face: bool = False,
    note: str = "",
) -> Correction:
    """The owner says "this is wrong"; a later correction replaces the earlier one as the one that counts.

    Raises NotAgreedError for an attribute that the owner does not agree to.
    """
    with transaction.atomic():
        _only_agreed(face, age=age_years, gender=gender, emotion=emotion)
        return Correction.objects.create(
            face=face,
            author=author,
            age_years=age_years,
            gender=gender,
            emotion=emotion,
            not_a_face=not_a_face,
            note=note,
        )


def _only_agreed(face: Face, **said: int | str | None) -> None:
    """Within the transaction that keeps it. Raises NotAgreedError."""
    named = {attribute for attribute, value in said.items() if value not in (None, "")}
    if refused := sorted(named - consent.hold_attributes(face.analysis.owner_id)):
        raise NotAgreedError(refused[0])


def withdraw_corrections(*, face: Face, author: User) -> int:
    """Take back everything `author` said about a face; how many corrections that removed."""
    removed, _ = Correction.objects.filter(face=face, author=author).delete()
    return removed


def review_face(
    *,
    face: Face,
    reviewer: User,
    verdict: Verdict,
    age_years: int | None = None,
    gender: str = "",
    emotion: str = "",
    note: str = "",
) -> Review:
    """A reviewer decides about a face; deciding again changes the decision and keeps its history.

    Raises NotAgreedError for an attribute that the owner does not agree to.
    """
    decision = {"verdict": verdict, "age_years": age_years, "gender": gender, "emotion": emotion, "note": note}
    with transaction.atomic():
        hold_face(face)
        _only_agreed(face, age=age_years, gender=gender, emotion=emotion)
        review, _ = Review.objects.update_or_create(
            face=face, defaults={**decision, "reviewer": reviewer, "reviewed_at": timezone.now()}
        )
    return review


def hold_face(face: Face) -> None:
    """Within a transaction, until whose end nobody else decides about it."""
    Face.objects.select_for_update().filter(pk=face.pk).order_by().values_list("pk", flat=True).first()
