"""The line in the database: who is read next, how long that takes and when there is no room for more.

Lanes go one after the other. Within a lane people take turns by start-time fair queueing (Goyal, Vin and Cheng, 1996):
a new analysis gets the turn that is being served, or the one after its owner's last, so that one person's thousands do
not hold up another's single photo. The broker knows nothing of this; its messages only say that there is something.
"""

import time
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from analysis import workers
from analysis.models import Analysis, Lane, Status

ORDER: Final = ("lane", "turn", "pk")

FEW: Final = 2
"""Analyses whose places are counted one by one; for more the order is fetched once."""

RECENT: Final = 50
"""Finished analyses from which the pace is taken."""

FRESH_S: Final = 2.0

SHORTEST_WAIT_S: Final = 5.0
LONGEST_WAIT_S: Final = 3600.0
UNKNOWN_WAIT_S: Final = 60.0
"""What to ask for while nothing was measured, or while nobody reads."""

ROOM: Final = 0.95
"""Share of the bound at which somebody who was turned away should come back: at the bound itself most would fail."""


def waiting() -> QuerySet[Analysis]:
    """Everything in the line, also what has to wait for its next attempt."""
    return Analysis.objects.filter(status=Status.QUEUED)


def due(by: datetime | None = None) -> QuerySet[Analysis]:
    """What could be read at `by` (default: now), in order."""
    return waiting().filter(due_at__lte=by or timezone.now()).order_by(*ORDER)


PLACE: Final = """
SELECT
  (SELECT turn FROM analysis_analysis
   WHERE status = 'queued' AND due_at <= %s AND lane = %s ORDER BY lane, turn, id LIMIT 1),
  (SELECT max(turn) FROM analysis_analysis WHERE status = 'queued' AND owner_id = %s AND lane = %s)"""
"""Every upload asks; of two queries of Django's, making their words is most of the time."""


def place(owner_id: int, lane: Lane) -> int:
    """The turn of a new analysis of `owner_id` in `lane`: what is served now, or the one after their last."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [_now(), lane.value, owner_id, lane.value])
        served, last = cursor.fetchone()
    return max(served or 0, 0 if last is None else last + 1)


AHEAD: Final = """
  (SELECT count(*) FROM analysis_analysis
   WHERE status = 'queued' AND due_at <= %s AND (lane, turn, id) < (%s, %s, %s))"""
"""Django has no words for rows that are compared as a whole, which the index can answer."""


def _now() -> Any:
    """As the database wants it."""
    return Analysis._meta.get_field("due_at").get_db_prep_value(timezone.now(), connection)


def ahead(analyses: Collection[Analysis]) -> dict[int, int]:
    """How many are read before each of these, by primary key; one query, none for an empty collection."""
    if len(analyses) > FEW:  # a count for each would go through the whole line each time
        order = {pk: place for place, pk in enumerate(due().values_list("pk", flat=True))}
        return {analysis.pk: order.get(analysis.pk, len(order)) for analysis in analyses}
    if not analyses:
        return {}
    asked = [value for one in analyses for value in (_now(), one.lane, one.turn, one.pk)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([AHEAD] * len(analyses))}", asked)
        return dict(zip((one.pk for one in analyses), cursor.fetchone(), strict=True))


def pace() -> float | None:
    """Analyses a second that the workers seen lately read, by how long the latest took; None while nobody knows.

    Measured anew every FRESH_S seconds: every poll and every upload asks.
    """
    return _measured(_moment())


def _moment() -> int:
    """Another one every FRESH_S seconds."""
    return int(time.monotonic() / FRESH_S)


@lru_cache(maxsize=1)
def _measured(moment: int) -> float | None:  # noqa: ARG001  told apart by it
    count = workers.there().count()
    recent = Analysis.objects.filter(status=Status.DONE, started_at__isnull=False, finished_at__isnull=False)
    times = recent.order_by("-finished_at").values_list("started_at", "finished_at")[:RECENT]
    taken = [(finished - started).total_seconds() for started, finished in times if started and finished]
    total = sum(taken)
    return count * len(taken) / total if count and total > 0 else None


@lru_cache(maxsize=1)
def _counted(moment: int) -> int:  # noqa: ARG001
    return waiting().count()


def is_longer_than(number: int) -> bool:
    """Whether more are due; the count of a moment ago will do where that was far fewer."""
    return _counted(_moment()) > number / 2 and due()[number : number + 1].exists()


def seconds_left(before: int, known: float | None) -> float | None:
    """Until an analysis with `before` others ahead of it is read at the pace `known`; None while nobody knows."""
    return None if known is None else (before + 1) / known


def full_for() -> float | None:
    """Seconds after which it is worth to try again, when too many wait; None while there is room.

    By the measured pace, between SHORTEST_WAIT_S and LONGEST_WAIT_S.
    """
    bound = settings.QUEUE_MAX
    if _counted(_moment()) < bound / 2:  # far from full: the count of a moment ago will do
        return None
    if not waiting().order_by(*ORDER)[bound - 1 : bound].exists():
        return None
    known = pace()
    if known is None:
        return UNKNOWN_WAIT_S
    return min(max((waiting().count() - ROOM * bound) / known, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def room_for_rereading() -> int:
    """How many more may come that nobody waits for: to half of the bound, the other half is for uploads."""
    return max(settings.QUEUE_MAX // 2 - waiting().count(), 0)
