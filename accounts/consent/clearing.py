"""Removing what hangs on a purpose that somebody does not agree to (any more).

Each app registers how it removes its part; a generator, so that a long removal can be interrupted between two steps.
A row of `Consent` says what remains to be done, so what a crash cuts off, the chore brings to its end.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.consent.models import Consent, ConsentEntry, Via
from accounts.consent.purposes import Purpose

if TYPE_CHECKING:
    from accounts.models import User

Clear = Callable[["User"], Iterator[object]]
"""Removes something of a person a part at a time and yields after each; may be called again at any time."""

AT_ONCE: Final = 200

_clears: Final[dict[Purpose, list[Clear]]] = {purpose: [] for purpose in Purpose}


def register(purposes: Iterable[Purpose], clear: Clear) -> None:
    """Have `clear` called when somebody says no to one of `purposes`; from AppConfig.ready."""
    for purpose in purposes:
        _clears[purpose].append(clear)


def clear(consents: QuerySet[Consent], *, within_s: float | None = None) -> bool:
    """Remove what remains of those of `consents` that say so; False when the time was not enough."""
    over = None if within_s is None else time.monotonic() + within_s
    for consent in consents.filter(to_clear=True).select_related("person").order_by("pk"):
        for step in _clears[Purpose(consent.purpose)]:
            for _ in step(consent.person):
                if over is not None and time.monotonic() > over:
                    return False
        Consent.objects.filter(pk=consent.pk, granted=False).update(to_clear=False)
    return True


def clear_all() -> None:
    """What remains of everybody's, for the chore."""
    while some := list(Consent.objects.filter(to_clear=True).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        clear(Consent.objects.filter(pk__in=some))


def withdraw_everywhere(purpose: Purpose) -> int:
    """A no in the name of the installation, for everybody who has not said it themselves; how many that were.

    It stays when the switch is turned back: who is to agree is asked then.
    """
    from accounts.models import User

    own = Consent.objects.filter(person=OuterRef("pk"), purpose=purpose)
    meant = User.objects.filter(~Exists(own) | Q(Exists(own.filter(granted=True)))).order_by("pk")
    count = 0
    while people := list(meant[:AT_ONCE]):
        with transaction.atomic():
            ConsentEntry.objects.bulk_create(
                ConsentEntry(person=person, purpose=purpose, granted=False, notice_version=0, via=Via.INSTALLATION)
                for person in people
            )
            Consent.objects.bulk_create(
                [Consent(person=person, purpose=purpose, granted=False, to_clear=True) for person in people],
                update_conflicts=True,
                unique_fields=("person", "purpose"),
                update_fields=("granted", "to_clear"),
            )
        count += len(people)
    return count


def withdraw_what_is_not_offered() -> None:
    """Expressions, where FACET_WORKPLACE says so."""
    if settings.WORKPLACE:
        withdraw_everywhere(Purpose.EMOTION)
