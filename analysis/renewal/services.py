"""What a person is told of photos that could be read again, and what happens when they want that, or no more of it.

A page waits for the first portions; the chore does the rest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.consent.models import ConsentEntry
from accounts.models import User
from analysis import runs, trail, workers
from analysis.models import UNFINISHED, Analysis, Lane, Renewal
from analysis.renewal.portions import PORTION, go_through

WHILE_ASKED_S: Final = 1.0
"""So long somebody who asks waits for portions."""

FRESH_FEW: Final = timedelta(minutes=10)
FRESH_MANY: Final = timedelta(days=1)
"""So long a count holds while neither models nor consent change: one portion is counted again soon, more is work."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a person can be told.

    `found` photos could be read again, `lacking` of them since they were read before their owner agreed to something;
    with `is_counting` there may be more. `not_kept` could be if their pictures had been kept. While it goes on, or was
    asked for just now: `queued` photos of about `total` are in the line or read, and `waiting` still wait or are
    being read.
    """

    found: int = 0
    lacking: int = 0
    not_kept: int = 0
    is_counting: bool = False
    is_going: bool = False
    total: int = 0
    queued: int = 0
    waiting: int = 0

    @property
    def done(self) -> int:
        """Photos that do not wait any more."""
        return max(self.queued - self.waiting, 0)


def outlook(person: User, *, within_s: float = 0.0) -> Outlook:
    """How it stands, counted anew when the last count does not hold any more.

    One portion is counted at once and others for `within_s`; what is left over, the chore counts.
    """
    kept = Renewal.objects.filter(person=person).annotate(said=Subquery(_entries(OuterRef("person")).values("pk")[:1]))
    renewal: Renewal | None = kept.first()
    if renewal is None or _is_over(renewal, getattr(renewal, "said", None), anew=bool(within_s)):
        renewal = _begin_to_count(person, anew=bool(within_s))
        go_through(renewal, within_s=within_s)
    return _told(renewal)


def start(person: User) -> Outlook:
    """Have all that could be read again queued; asked once more while that goes on, nothing changes."""
    with transaction.atomic():
        renewal = _held(person)
        if not _is_going(renewal):
            expected = renewal.found if renewal.through_at else 0
            _reset(renewal, asked_at=timezone.now(), found=expected)
    go_through(renewal, within_s=WHILE_ASKED_S)
    return _told(renewal)


def stop(person: User) -> int:
    """Queue no more, and stop what waits to be read again; how many photos that were.

    What is being read at this moment is read to its end.
    """
    with transaction.atomic():
        renewal = _held(person)
        if renewal.asked_at:
            _reset(renewal, asked_at=None)
    count = 0
    while stopped := runs.cancel_rereading(person.pk, PORTION):
        count += len(stopped)
        for analysis in stopped:
            trail.stopped(analysis)
    go_through(renewal, within_s=0.0)
    return count


def _held(person: User) -> Renewal:
    """The row, locked until the end of the transaction."""
    return Renewal.objects.select_for_update().get_or_create(person=person)[0]


def _is_going(renewal: Renewal) -> bool:
    """Whether it was asked for, and something is still to be queued or read."""
    return renewal.asked_at is not None and (renewal.through_at is None or _waiting(renewal.person_id) > 0)


def _is_over(renewal: Renewal, said: int | None, *, anew: bool) -> bool:
    """Whether the photos are to be counted anew, as when the newest word about consent, `said`, is another by now.

    `anew`: somebody looks closely, so a short count is not trusted.
    """
    if renewal.asked_at is not None:
        return not _is_going(renewal)
    if renewal.ledger != (said or 0):
        return True
    versions = _versions()
    if versions and renewal.versions != versions:  # without a worker nobody can tell
        return True
    if renewal.through_at is None:
        return False
    few = renewal.looked <= PORTION
    return (anew and few) or timezone.now() - renewal.through_at > (FRESH_FEW if few else FRESH_MANY)


def _begin_to_count(person: User, *, anew: bool) -> Renewal:
    with transaction.atomic():
        renewal = _held(person)
        if _is_over(renewal, _said(person.pk), anew=anew):  # not if somebody asked for it, or counted, at this moment
            _reset(renewal, asked_at=None)
    return renewal


def _reset(renewal: Renewal, *, asked_at: datetime | None, found: int = 0) -> None:
    """To the newest photo."""
    renewal.ledger, renewal.versions = _said(renewal.person_id) or 0, _versions()
    renewal.began_at, renewal.asked_at, renewal.through_at = timezone.now(), asked_at, None
    renewal.last_time, renewal.last_photo = None, 0
    renewal.looked = renewal.lacking = renewal.without_picture = renewal.queued = 0
    renewal.found = found
    renewal.save()


def _entries(person: Any) -> QuerySet[ConsentEntry]:
    """The newest first."""
    return ConsentEntry.objects.filter(person=person).order_by("-pk")


def _said(person_id: int) -> int | None:
    return _entries(person_id).values_list("pk", flat=True).first()


def _versions() -> list[list[str]]:
    """As JSON keeps them."""
    return sorted(list(each) for each in workers.versions())


def _waiting(person_id: int) -> int:
    """Also what is being read; asked for one by one, as each state has its own small index."""
    again = Analysis.objects.filter(owner=person_id, lane=Lane.RERUN)
    return sum(again.filter(status=status).count() for status in UNFINISHED)


def _told(renewal: Renewal) -> Outlook:
    if renewal.asked_at is None:
        return Outlook(renewal.found, renewal.lacking, renewal.without_picture, is_counting=renewal.through_at is None)
    waiting = _waiting(renewal.person_id)
    return Outlook(
        not_kept=renewal.without_picture,
        is_going=waiting > 0 or renewal.through_at is None,
        total=max(renewal.queued, 0 if renewal.through_at else renewal.found),
        queued=renewal.queued,
        waiting=waiting,
    )
