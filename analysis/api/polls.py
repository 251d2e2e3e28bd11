"""Answers that wait: a program asks once and hears when it is over, or when its seconds are.

Between two looks at the database there is no transaction, and the connection is the thread's own, which it keeps
between requests anyway.
"""

import re
import time
from collections.abc import Callable
from typing import Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.waiters import waiter

LONGEST_S: Final = 20
FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 1.0
GROWTH: Final = 1.5
"""Pauses between two looks, in seconds: from the first to the longest, each so many times the one before."""

PREFERENCE: Final = re.compile(r"\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?:;.*)?", re.IGNORECASE)

WAIT: Final = OpenApiParameter(
    "wait",
    {"type": "number", "minimum": 0, "maximum": LONGEST_S},
    description=(
        f"Answer as soon as it is finished, or after so many seconds, at most {LONGEST_S}. `Prefer: wait=N` asks for "
        "the same; `Preference-Applied` says that it was heeded. When too many wait already the answer comes at once, "
        "with Retry-After."
    ),
)
PREFER: Final = OpenApiParameter("Prefer", str, OpenApiParameter.HEADER, description="`wait=N`, as in RFC 7240.")


def applied(*statuses: int) -> OpenApiParameter:
    """The header that says so, for the schema."""
    return OpenApiParameter(
        "Preference-Applied", str, OpenApiParameter.HEADER, response=list(statuses),
        description="`wait=N` when Prefer asked for it and the answer waited.",
    )  # fmt: skip


class Poll:
    """How long one request wants to wait."""

    def __init__(self, request: Request) -> None:
        """By the query parameter, or else by the header Prefer, of which what is odd is passed over (RFC 7240).

        Raises ValidationError for a parameter that is no number from 0 to LONGEST_S.
        """
        self._preferred: int | None = None
        self._is_applied = False
        written = request.query_params.get("wait")
        if written is not None:
            self.seconds = _number(written)
            return
        preferences = request.headers.get("Prefer", "").split(",")
        asked = next((found for found in map(PREFERENCE.fullmatch, preferences) if found), None)
        self._preferred = min(int(asked[1]), LONGEST_S) if asked else None
        self.seconds = float(self._preferred or 0)

    def until(self, is_over: Callable[[], bool]) -> None:
        """Return when `is_over`, when the time is, or at once when too many wait already."""
        if not self.seconds:
            return
        with waiter() as is_free:
            if not is_free:
                return
            self._is_applied = True
            end, pause = time.monotonic() + self.seconds, FIRST_PAUSE_S
            while not is_over() and (left := end - time.monotonic()) > 0:
                time.sleep(min(pause, left))
                pause = min(pause * GROWTH, LONGEST_PAUSE_S)

    def mark(self, response: Response) -> Response:
        """Say in the answer that a preference was heeded."""
        if self._is_applied and self._preferred is not None:
            response["Preference-Applied"] = f"wait={self._preferred}"
        return response


def _number(written: str) -> float:
    field = serializers.FloatField(min_value=0, max_value=LONGEST_S)
    try:
        value = float(field.run_validation(written))
    except serializers.ValidationError as error:
        raise ValidationError({"wait": error.detail}) from None
    if not 0 <= value <= LONGEST_S:  # what is not a number is neither less nor more
        raise ValidationError({"wait": f"Seconds from 0 to {LONGEST_S}."})
    return value
