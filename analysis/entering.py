"""How analyses come into the line, and who hears of it: workers and the log, once it is committed."""

import itertools
from collections.abc import Iterator, Sequence

from django.db import transaction

from analysis import line, tasks, trail
from analysis.models import Analysis, Lane


def enter(analyses: Sequence[Analysis]) -> list[Analysis]:
    """Write these, with the turns that are due to them.

    Within a transaction. Raises IntegrityError when a photo of them has an unfinished one.
    """
    give_turns(analyses)
    made = Analysis.objects.bulk_create(analyses)
    told_after_commit(made)
    return made


def give_turns(analyses: Sequence[Analysis]) -> None:
    """Those that are due to their owners now, in the lane of each, one after the other; and this request's id."""
    turns: dict[tuple[int, Lane], Iterator[int]] = {}
    for analysis in analyses:
        at = (analysis.owner_id, Lane(analysis.lane))
        if at not in turns:
            turns[at] = itertools.count(line.place(*at))
        analysis.turn, analysis.request_id = next(turns[at]), trail.request_id()


def told_after_commit(analyses: Sequence[Analysis]) -> None:
    """Workers and the log hear of what is in the line once it really is."""
    if not analyses:
        return
    transaction.on_commit(lambda: _note(analyses), robust=True)
    transaction.on_commit(lambda: tasks.ring_for_new(len(analyses)), robust=True)


def _note(analyses: Sequence[Analysis]) -> None:
    for analysis in analyses:
        trail.queued(analysis)
