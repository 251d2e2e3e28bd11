"""How analyses come into the line, and who hears of it: workers and the log, once it is committed."""

from collections.abc import Sequence

from django.db import transaction

from analysis import line, tasks, trail
from analysis.models import Analysis, Lane


def enter(analyses: Sequence[Analysis]) -> list[Analysis]:
    """Write these, all of one person and in one lane, with the turns that are due to them.

    Within a transaction. Raises IntegrityError when a photo of them has an unfinished one.
    """
    if not analyses:
        return []
    first = line.place(analyses[0].owner_id, Lane(analyses[0].lane))
    for turn, analysis in enumerate(analyses, start=first):
        analysis.turn, analysis.request_id = turn, trail.request_id()
    made = Analysis.objects.bulk_create(analyses)
    told_after_commit(made)
    return made


def told_after_commit(analyses: Sequence[Analysis]) -> None:
    """Workers and the log hear of what is in the line once it really is."""
    transaction.on_commit(lambda: _note(analyses), robust=True)
    transaction.on_commit(lambda: tasks.ring_for_new(len(analyses)), robust=True)


def _note(analyses: Sequence[Analysis]) -> None:
    for analysis in analyses:
        trail.queued(analysis)
