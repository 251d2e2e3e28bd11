"""Results of other models than those that read now, and reading them again a part at a time."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from analysis import line, services, workers
from analysis.models import Analysis, Face, Lane, Status
from analysis.models.analysis import AnalysisQuerySet

NOT_ESTIMATED: Final = {"age": "age_years", "gender": "gender_confidence", "emotion": "emotion_confidence"}
"""The column of a face that is NULL where the attribute was not worked out; see `Face.attributes`."""


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
    done = _shown(versions, asked_for_since=Q())
    return done.filter(_of_others(versions)).exclude(photo__image="")


def improvable(versions: Collection[tuple[str, str]], attributes: AbstractSet[str]) -> AnalysisQuerySet:
    """Shown results that another reading would add to: of other `versions`, or a face lacks one of `attributes`.

    For people who ask for their own: with what they stopped, and with photos that have no picture any more. `lacks`
    tells which of the two it is.
    """
    missing = Q(pk__in=())
    for name in attributes:
        missing |= Q(**{f"{NOT_ESTIMATED[name]}__isnull": True})
    lacks = Exists(Face.objects.filter(missing, analysis=OuterRef("pk")))
    shown = _shown(versions, asked_for_since=Q(status=Status.CANCELLED)).annotate(lacks=lacks)
    return shown.filter(Q(lacks=True) | _of_others(versions))


def _of_others(versions: Collection[tuple[str, str]]) -> Q:
    """Of none of these; nothing is, while nobody is there to tell."""
    if not versions:
        return Q(pk__in=())
    current = Q()
    for engine, model in versions:
        current |= Q(engine_version=engine, model_version=model)
    return ~current


def _shown(versions: Collection[tuple[str, str]], *, asked_for_since: Q) -> AnalysisQuerySet:
    """Results after which nothing was asked for but what `asked_for_since` allows, or what older models failed at."""
    allowed = asked_for_since | (Q(status=Status.FAILED) & ~Q(engine_version="") & _of_others(versions))
    since = Analysis.objects.filter(photo=OuterRef("photo"), pk__gt=OuterRef("pk")).exclude(allowed)
    return Analysis.objects.filter(~Exists(since), status=Status.DONE, finished_at__isnull=False)


def reread(limit: int) -> Reread:
    """Queue the `limit` oldest of them at most, filling the line no further than half. Raises NobodyReadsError.

    The other half is for people: a re-read of everything must not turn uploads away.
    """
    found = outdated()
    room = line.room_for_rereading()
    oldest = found.prefetch_related("photo__analyses").order_by("finished_at", "pk")[: min(limit, room)]
    queued = sum(services.reread_photo(result.photo, lane=Lane.RERUN) is not None for result in oldest)
    remain = found.count()
    return Reread(queued, remain, line_is_full=bool(remain) and room <= limit)
