"""What a person may do with archives of their data."""

from django.db import IntegrityError, transaction

from accounts import chores
from accounts.exports.models import UNDER_WAY, DataExport
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
