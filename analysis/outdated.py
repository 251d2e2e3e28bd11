"""Results of other models than those that read now, and reading them again a part at a time."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from analysis import line, services, workers
from analysis.models import Analysis, Lane, Status
from analysis.models.analysis import AnalysisQuerySet


class NobodyReadsError(Exception):
    """No worker is there, so nobody can tell which models are new."""


@dataclass(frozen=True, slots=True)
class Reread:
    """How many photos were queued, how many outdated ones remain, and whether the line had no room for more."""

    queued: int
    remain: int
    line_is_full: bool


def outdated() -> AnalysisQuerySet:
    """Shown results of other versions than the workers that are there read with. Raises NobodyReadsError.

    Without those whose photo was asked for since: what is under way, was stopped or given up is left to people, and
    what today's models cannot read will not be readable the second time. Nor can what has no picture any more.
    """
    versions = workers.versions()
    if not versions:
        raise NobodyReadsError
    current = Q()
    for engine, model in versions:
        current |= Q(engine_version=engine, model_version=model)
    unread_by_older = Q(status=Status.FAILED) & ~Q(engine_version="") & ~current
    since = Analysis.objects.filter(photo=OuterRef("photo"), pk__gt=OuterRef("pk")).exclude(unread_by_older)
    done = Analysis.objects.filter(status=Status.DONE, finished_at__isnull=False)
    return done.filter(~current, ~Exists(since)).exclude(photo__image="")


def reread(limit: int) -> Reread:
    """Queue the `limit` oldest of them at most, filling the line no further than half. Raises NobodyReadsError.

    The other half is for people: a re-read of everything must not turn uploads away.
    """
    found = outdated()
    room = max(settings.QUEUE_MAX // 2 - line.waiting().count(), 0)
    oldest = found.prefetch_related("photo__analyses").order_by("finished_at", "pk")[: min(limit, room)]
    queued = sum(services.reread_photo(result.photo, lane=Lane.RERUN) is not None for result in oldest)
    remain = found.count()
    return Reread(queued, remain, line_is_full=bool(remain) and room <= limit)
