"""An upload that is sent again under the same Idempotency-Key is done once and answered again.

After draft-ietf-httpapi-idempotency-key-header-07. A key belongs to a person and to one content. While its request is
under way it is held by a lease, which is longer than any request takes; a request that died, or was turned away, leaves
the key to the next that brings the same content, and that one goes on: what was kept already counts as its own.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from analysis.intake import Rejected
from analysis.models import UploadKey
from analysis.taking import UploadOutcome

LIFE: Final = timedelta(hours=24)
LEASE: Final = timedelta(minutes=5)
LONGEST: Final = 255
TRIES: Final = 5
"""So often a claim begins anew when another request changes the key meanwhile; then it counts as under way."""


class KeyRefusedError(Exception):
    """The request is not done."""


class MismatchError(KeyRefusedError):
    """The key was used for other content."""


class InProgressError(KeyRefusedError):
    """The first request with this key has not ended."""


def key_of(header: str) -> str:
    """The key that a header holds. Raises ValueError for one that is empty, too long or not printable ASCII.

    The draft's header is a string in double quotes; many programs leave them out, and mean the same key.
    """
    written = header.strip()
    if len(written) >= 2 and written[0] == written[-1] == '"':
        written = written[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not written or len(written) > LONGEST or not all(" " <= letter <= "~" for letter in written):
        raise ValueError(f"An Idempotency-Key has 1 to {LONGEST} printable ASCII characters.")
    return written


def fingerprint(said: Sequence[str | None], files: Sequence["UploadedFile[Any]"]) -> str:
    """Sha256 over what was said and, in order, each file's name and sha256; the files are at their beginning again."""
    parts: list[Any] = [list(said)]
    for file in files:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
        parts.append([file.name, digest.hexdigest()])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the files of an upload: the photos' uuids in their order, and the uuid of their batch."""

    accepted: list[str]
    linked: list[str]
    rejected: list[Rejected]
    batch: str

    @classmethod
    def of(cls, outcome: UploadOutcome) -> "Told":
        """Photos are named: when this is told again they may have been read, or deleted."""
        return cls(
            [str(photo.uuid) for photo in outcome.accepted],
            [str(photo.uuid) for photo in outcome.linked],
            outcome.rejected,
            str(outcome.batch.uuid),
        )


def claim(*, owner: User, key: str, content: str, batch: UUID) -> UploadKey:
    """The key's row: answered before (see `told_before`), or held by us until `finish` or `release`.

    `content` is its fingerprint; `batch` that of a new key, while a key that is there keeps its own. Raises
    MismatchError and InProgressError.
    """
    for _ in range(TRIES):
        if (made := _made(owner, key, content, batch)) is not None:
            return made
        row = UploadKey.objects.filter(owner=owner, key=key).first()
        if row is None:  # removed meanwhile
            continue
        if row.created_at < timezone.now() - LIFE:
            UploadKey.objects.filter(pk=row.pk).delete()
            continue
        if row.fingerprint != content:
            raise MismatchError
        if row.status_code is not None or _taken(row):
            return row
        if row.lease_until is not None and row.lease_until > timezone.now():
            break
    raise InProgressError


def _made(owner: User, key: str, content: str, batch: UUID) -> UploadKey | None:
    row = UploadKey(owner=owner, key=key, fingerprint=content, batch=batch)
    row.lease_token, row.lease_until = uuid.uuid4(), timezone.now() + LEASE
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def _taken(row: UploadKey) -> bool:
    """Whether the lease of a request that died is ours now; of two that try, one wins."""
    now = timezone.now()
    token, until = uuid.uuid4(), now + LEASE
    free = UploadKey.objects.filter(
        pk=row.pk, lease_token=row.lease_token, lease_until__lte=now, status_code__isnull=True
    )
    if not free.update(lease_token=token, lease_until=until):
        return False
    row.lease_token, row.lease_until = token, until
    return True


def finish(row: UploadKey, told: Told, status_code: int) -> None:
    """Keep what is answered; without a lease any more, whoever has it keeps theirs, which is the same."""
    _held(row).update(outcome=asdict(told), status_code=status_code, lease_token=None, lease_until=None)


def release(row: UploadKey) -> None:
    """The request did not come to its end: the next with the same content goes on at once."""
    _held(row).update(lease_until=timezone.now())


def _held(row: UploadKey) -> QuerySet[UploadKey]:
    return UploadKey.objects.filter(pk=row.pk, lease_token=row.lease_token, status_code__isnull=True)


def told_before(row: UploadKey) -> Told | None:
    """What was answered the first time; None for a key that we hold."""
    if row.outcome is None:
        return None
    return Told(**row.outcome | {"rejected": [Rejected(**one) for one in row.outcome["rejected"]]})


def forget_old() -> int:
    """Remove keys whose day is over; how many."""
    removed, _ = UploadKey.objects.filter(created_at__lt=timezone.now() - LIFE).delete()
    return removed
