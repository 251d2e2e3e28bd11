"""Files whose rows are deleted: noted with the deletion, removed after its commit, and tried again until they are."""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.erasure.accounting import count, receipt_under_way
from accounts.erasure.models import FileToRemove

log = logging.getLogger(__name__)

AT_ONCE: Final = 500


def remove_after_commit(names: Iterable[str | None]) -> None:
    """Within the transaction that deletes or changes their rows: from its commit on these files go for sure."""
    wanted = [name for name in names if name]
    if not wanted:
        return
    receipt = receipt_under_way()
    noted = FileToRemove.objects.bulk_create([FileToRemove(name=name, receipt=receipt) for name in wanted])
    count("files", len(noted))
    transaction.on_commit(lambda: _remove(noted), robust=True)  # no partial: Django's log asks for a name


def remove_noted() -> int:
    """What an earlier try left; how many are gone now. For the chore."""
    gone, after = 0, 0
    while noted := list(FileToRemove.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = noted[-1].pk
        gone += _remove(noted)
    return gone


def _remove(noted: Sequence[FileToRemove]) -> int:
    gone = [entry.pk for entry in noted if _is_removed(entry)]
    FileToRemove.objects.filter(pk__in=gone).delete()
    if len(gone) < len(noted):
        log.warning("%d files could not be removed; they are tried again within minutes", len(noted) - len(gone))
    return len(gone)


def _is_removed(entry: FileToRemove) -> bool:
    try:
        default_storage.delete(entry.name)
    except Exception as error:  # storages have errors of their own
        log.warning("the storage did not remove a file (%s)", type(error).__name__)
        return False
    return True
