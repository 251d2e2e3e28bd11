"""When an open page asks again, and how it learns that nothing has changed.

The answer carries an ETag of what it shows; the next poll sends that back as If-None-Match and gets 304 without a body
while it is still so. The pause until the next poll is a part of what is shown, so a page slows down by one new answer.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from analysis.models import Analysis
from analysis.views.waiting import Progress

PAUSES_S: Final = (0.25, 1.0, 3.0, 10.0)
"""Few, since each change of pause costs one whole answer. A photo that is read at once is seen within the first."""

OF_THE_WAIT: Final = 10
OF_THE_TIME_LEFT: Final = 20
OF_THE_KNOWN_WAIT: Final = 100
"""A page asks so many times, roughly, within the time it waits: a poll adds little to that however long it is. Whose
time left is known may wait long and yet be next, so it asks more often than somebody of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Poll:
    """The attributes of the part of a page that asks `url` again after `seconds` (see parts/poll.html)."""

    url: str
    seconds: float
    etag: str

    @property
    def trigger(self) -> str:
        """For htmx; `shown` is of live.js. At the shortest pause the first poll comes sooner than that.

        On an idle server the result is often stored while the page that waits for it is on its way.
        """
        sooner = "load delay:100ms, " if self.seconds == PAUSES_S[0] else ""
        return f"{sooner}every {self.seconds}s, shown"

    @property
    def headers(self) -> str:
        """As htmx takes them."""
        return json.dumps({"If-None-Match": self.etag})


def next_poll(states: Iterable[tuple[Analysis | None, Progress]], now: datetime | None = None) -> float | None:
    """Seconds until a page should ask again: what its most urgent state needs; None when all are finished."""
    now = now or timezone.now()
    return min((_pause(analysis, state, now) for analysis, state in states if not state.is_finished), default=None)


def _pause(analysis: Analysis | None, state: Progress, now: datetime) -> float:
    waited = (now - analysis.queued_at).total_seconds() if analysis else 0.0
    if state.left_s is None:
        least = waited / OF_THE_WAIT
    else:
        least = max(state.left_s / OF_THE_TIME_LEFT, waited / OF_THE_KNOWN_WAIT)
    return next((pause for pause in PAUSES_S if pause >= least), PAUSES_S[-1])


def etag_of(states: Iterable[Progress], seconds: float | None, more: str = "") -> str:
    """Of what a page shows of these, and of what `more` it shows."""
    shown = "|".join([*(f"{state.headline} {state.sentence}" for state in states), more])
    return quote_etag(f"{zlib.crc32(f'{seconds} {shown}'.encode()):08x}")


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 when the page shows `etag` already."""
    response: HttpResponse | None = get_conditional_response(request, etag=etag)
    return fresh(response, etag) if response else None


def fresh(response: HttpResponse, etag: str | None = None) -> HttpResponse:
    """Never kept by a cache, since a photo can be deleted; with the mark that the next poll brings back."""
    response["Cache-Control"] = "no-store"
    if etag:
        response["ETag"] = etag
    return response
