"""What a person may do with archives of their data."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts import chores
from accounts.erasure.files import remove_after_commit
from accounts.exports.models import UNDER_WAY, DataExport, State
from accounts.models import User


def ask_for(person: User) -> tuple[DataExport, bool]:
    """A new archive, and True; or the one that is under way, and False."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(person=person)
            chores.ring("exports")
    except IntegrityError:
        return DataExport.objects.get(person=person, state__in=UNDER_WAY), False
    return export, True


def drop_those_with(owners: Iterable[int]) -> None:
    """Archives that may hold what is erased of these people now, within that transaction; one that waits is made later.

    A running one is dropped too: who makes it holds a lease on a row that is gone.
    """
    begun = DataExport.objects.filter(person__in=set(owners)).exclude(state=State.QUEUED)
    remove_after_commit(begun.values_list("file", flat=True))
    begun.delete()
