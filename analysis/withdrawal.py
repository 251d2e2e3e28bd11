"""What goes when an owner does not agree to something (any more): estimates, and what anybody said about them.

A part at a time, so that a million faces hold up nobody; see `accounts.consent.clearing`.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Q

from accounts.consent import clearing
from accounts.consent.purposes import ATTRIBUTES, Purpose
from accounts.models import User
from analysis.models import Correction, Face, Review, Verdict

AT_ONCE: Final = 1000

NO_ESTIMATE: Final[dict[Purpose, dict[str, Any]]] = {
    Purpose.AGE: {"age_years": None, "age_low": None, "age_high": None, "age_widening": 1.0, "age_bucket": ""},
    Purpose.GENDER: {"gender": "", "gender_confidence": None},
    Purpose.EMOTION: {"emotion": "", "emotion_confidence": None, "probabilities": None},
}
"""The columns of a face that hold an attribute, as they are without it."""

SAYS_NOTHING: Final = Q(age_years=None, gender="", emotion="", note="")


def register_all() -> None:
    """With the consent that each of these hangs on."""
    for purpose in ATTRIBUTES:
        clearing.register([purpose], _clear_attribute(purpose))
    clearing.register([Purpose.IMPROVEMENT], _clear_reviews)


def _clear_attribute(purpose: Purpose) -> clearing.Clear:
    """Estimates of it, and what owner and reviewers said in their place, with the notes beside that."""
    column, blank = ("age_years", None) if purpose == Purpose.AGE else (purpose.value, "")
    names_it, without = ~Q(**{column: blank}), {column: blank, "note": ""}

    def clear(person: User) -> Iterator[int]:
        estimated = Face.objects.filter(analysis__owner=person).exclude(**NO_ESTIMATE[purpose])
        yield from _in_parts(estimated, lambda some: some.update(**NO_ESTIMATE[purpose]))
        said = Correction.objects.filter(names_it, face__analysis__owner=person)
        yield from _in_parts(said, lambda some: _take_out(some, without, not_a_face=False))
        decided = Review.objects.filter(names_it, face__analysis__owner=person)
        yield from _in_parts(decided, lambda some: _take_out(some, without, verdict=Verdict.CORRECTED))
        history = Review.history.filter(names_it, face__analysis__owner=person)
        yield from _in_parts(history, lambda some: some.update(**without))

    return clear


def _clear_reviews(person: User) -> Iterator[int]:
    """Every decision there was about their faces."""
    of_theirs = {"face__analysis__owner": person}
    yield from _in_parts(Review.objects.filter(**of_theirs), lambda some: some.delete())
    yield from _in_parts(Review.history.filter(**of_theirs), lambda some: some.delete())


def _take_out(some: models.QuerySet[Any], without: dict[str, Any], **only: Any) -> None:
    """Of statements; those that say nothing afterwards go."""
    chosen = list(some.values_list("pk", flat=True))
    with transaction.atomic():
        some.update(**without)
        some.model.objects.filter(SAYS_NOTHING, pk__in=chosen, **only).delete()


def _in_parts(found: models.QuerySet[Any], change: Callable[[models.QuerySet[Any]], object]) -> Iterator[int]:
    """Changes what is found until nothing is; yields how many each part was."""
    key = found.model._meta.pk
    while chosen := list(found.order_by("pk").values_list(key.name if key else "pk", flat=True)[:AT_ONCE]):
        change(found.model._base_manager.filter(pk__in=chosen))
        yield len(chosen)
