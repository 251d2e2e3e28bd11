"""Archives are made one after the other, each under a lease: one that is cut off loses it, and is begun anew.

Every change after the claim is one conditional UPDATE, as with analyses.
"""

import logging
import tempfile
import time
import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.erasure.files import remove_after_commit
from accounts.exports import archive
from accounts.exports.models import DataExport, State

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
TELL_EVERY_S: Final = 1.0
"""How often progress is written down, which also renews the lease."""

MOST_ATTEMPTS: Final = 3
ROWS_KEPT: Final = timedelta(days=30)
"""For how long the page says that an archive was there once."""


class LostError(Exception):
    """The lease went to somebody else, or the person or the archive is gone."""


def make_next() -> bool:
    """One that waits, whether or not it becomes ready; False when none waits."""
    give_up_lost()
    export = claim()
    if export is not None:
        make(export)
    return export is not None


def claim() -> DataExport | None:
    """Take the one that waits longest; None when nothing waits."""
    now = timezone.now()
    for waiting in DataExport.objects.filter(state=State.QUEUED).order_by("id")[:5]:
        token = uuid.uuid4()
        taken = DataExport.objects.filter(pk=waiting.pk, state=State.QUEUED).update(
            state=State.RUNNING, lease_token=token, lease_until=now + LEASE, attempts=waiting.attempts + 1, files_done=0
        )
        if taken:
            return DataExport.objects.select_related("person").get(pk=waiting.pk)
    return None


def _held(export: DataExport) -> QuerySet[DataExport]:
    return DataExport.objects.filter(pk=export.pk, state=State.RUNNING, lease_token=export.lease_token)


def make(export: DataExport) -> bool:
    """Write it to a temporary file, then into the storage; whether it is ready. Errors hand it back."""
    stored = ""
    try:
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as out:
            _tell(export, files_total=archive.count_files(export.person), files_done=0)
            archive.write(out, export.person, told=_Teller(export))
            size = out.tell()
            out.seek(0)
            export.file.save("data.zip", File(out), save=False)
            stored = export.file.name or ""
        _finish(export, size)
    except Exception as error:
        with transaction.atomic():
            remove_after_commit([stored])
        if not isinstance(error, LostError):
            log.exception("an archive of somebody's data was not made (attempt %d)", export.attempts)
            _give_back(export)
        return False
    return True


class _Teller:
    """Writes progress down now and then."""

    def __init__(self, export: DataExport) -> None:
        self._export, self._next = export, 0.0

    def __call__(self, done: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + TELL_EVERY_S
            _tell(self._export, files_done=done)


def _tell(export: DataExport, **fields: int) -> None:
    """With a new lease. Raises LostError."""
    if not _held(export).update(lease_until=timezone.now() + LEASE, **fields):
        raise LostError


def _finish(export: DataExport, size: int) -> None:
    now = timezone.now()
    ready = {"state": State.READY, "size": size, "file": export.file.name, "finished_at": now}
    ends = now + timedelta(days=DataExport.KEPT_DAYS)
    if not _held(export).update(**ready, expires_at=ends, lease_token=None, lease_until=None):
        raise LostError


def _give_back(export: DataExport) -> None:
    again = export.attempts < MOST_ATTEMPTS
    ended = {} if again else {"finished_at": timezone.now()}
    state = State.QUEUED if again else State.FAILED
    _held(export).update(state=state, lease_token=None, lease_until=None, **ended)


def give_up_lost() -> None:
    """What lost its worker waits again, or has failed when its attempts are used up."""
    lost = DataExport.objects.filter(state=State.RUNNING).filter(
        Q(lease_until__lt=timezone.now()) | Q(lease_until=None)
    )
    none = {"lease_token": None, "lease_until": None}
    lost.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, finished_at=timezone.now(), **none)
    lost.update(state=State.QUEUED, **none)


def end_old() -> int:
    """Files whose time is over go, and much later their rows; how many files that were."""
    now, ended = timezone.now(), 0
    for export in DataExport.objects.filter(state=State.READY, expires_at__lte=now).iterator(chunk_size=100):
        with transaction.atomic():
            ended += DataExport.objects.filter(pk=export.pk, state=State.READY).update(state=State.EXPIRED, file="")
            remove_after_commit([export.file.name])
    DataExport.objects.filter(state__in=(State.EXPIRED, State.FAILED), created_at__lt=now - ROWS_KEPT).delete()
    return ended
