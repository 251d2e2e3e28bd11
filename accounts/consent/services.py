"""What may be done for whom, and what happens when somebody says so."""

from collections.abc import Mapping
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts import chores
from accounts.consent import clearing
from accounts.consent.models import Consent, ConsentEntry, Via
from accounts.consent.purposes import ATTRIBUTES, NOTICE_VERSION, Purpose, offered
from accounts.models import User

WHILE_ASKED_S: Final = 5.0
"""So long a withdrawal removes things while the person waits; the chore does the rest."""

NO_ANSWER: Final = "Say first what may be done with your photos: open the page “What I agree to”, under Account."


class NotAnsweredError(Exception):
    """The person has not said what may be done with their photos, or not since that changed."""

    sentence = NO_ANSWER


def has_answered(person: User) -> bool:
    """Whether they answered the notice as it is now."""
    return ConsentEntry.objects.filter(person=person, notice_version=NOTICE_VERSION).exists()


def require_answer(person: User) -> None:
    """Before anything new of theirs is taken in. Raises NotAnsweredError."""
    if not has_answered(person):
        raise NotAnsweredError


def standing(person: User) -> dict[Purpose, bool]:
    """What they say to each purpose that is offered here."""
    granted = set(Consent.objects.filter(person=person, granted=True).values_list("purpose", flat=True))
    return {purpose: purpose in granted for purpose in offered()}


def allows(person: User, purpose: Purpose) -> bool:
    """Whether they said yes to it, and this installation offers it."""
    return purpose in offered() and Consent.objects.filter(person=person, purpose=purpose, granted=True).exists()


def attributes_allowed(person_id: int) -> frozenset[str]:
    """Which attributes of faces may be worked out for a person."""
    return _attributes(GRANTED, person_id)


GRANTED: Final = "SELECT purpose FROM accounts_consent WHERE person_id = %s AND granted"
"""Asked twice for each photo that is read; of a query of Django's, making its words is most of the time."""

HOLD: Final = f"{GRANTED} ORDER BY id FOR SHARE"
"""Shared, so that workers with photos of one person do not wait for each other; Django has no words for it."""


def hold_attributes(person_id: int) -> frozenset[str]:
    """The same within a transaction, until whose end no withdrawal is answered: what is stored meanwhile it removes."""
    # SQLite has one writer at a time anyway
    return _attributes(HOLD if connection.vendor == "postgresql" else GRANTED, person_id)


def _attributes(question: str, person_id: int) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(question, [person_id])
        granted = {purpose for (purpose,) in cursor.fetchall()}
    return frozenset(granted & frozenset(ATTRIBUTES) & frozenset(offered()))


def granted_by(owner: str, purpose: Purpose) -> Exists:
    """For a filter: whether the person that the field `owner` leads to said yes to `purpose`."""
    return Exists(Consent.objects.filter(person=OuterRef(owner), purpose=purpose, granted=True))


def decide(person: User, answers: Mapping[Purpose, bool], *, via: Via) -> bool:
    """Write down what the person says, and remove what hangs on each no; whether all of it is removed already.

    Raises ValueError for a yes to what is not offered here.
    """
    if refused := [purpose.value for purpose, yes in answers.items() if yes and purpose not in offered()]:
        raise ValueError(f"This installation does not offer {', '.join(refused)}.")
    granted = {purpose for purpose, yes in answers.items() if yes}
    # what they withdrew earlier is removed to its end first: once they say yes again nobody could tell old from new
    clearing.clear(Consent.objects.filter(person=person, purpose__in=granted))
    with transaction.atomic():
        _write(person, answers, via)
        chores.ring("consent")
    return clearing.clear(Consent.objects.filter(person=person), within_s=WHILE_ASKED_S)


def _write(person: User, answers: Mapping[Purpose, bool], via: Via) -> None:
    """The ledger and what holds now. The rows are locked until the commit, which waits for what is being stored."""
    ConsentEntry.objects.bulk_create(
        ConsentEntry(person=person, purpose=purpose, granted=yes, via=via) for purpose, yes in answers.items()
    )
    Consent.objects.bulk_create(
        [
            Consent(person=person, purpose=purpose, granted=yes, to_clear=not yes)
            for purpose, yes in sorted(answers.items())
        ],
        update_conflicts=True,
        unique_fields=("person", "purpose"),
        update_fields=("granted", "to_clear"),
    )
