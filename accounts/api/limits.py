"""How often the API may be asked: by a person, whatever tokens they use, and by an address that is nobody's.

Each bound is a bucket that is full at the start and fills again evenly: 600 in a minute are 600 at once, then ten in a
second. All buckets of one person are one small value in the cache, read once and written once for a request; what is
left is told with every answer, by the headers of draft-ietf-httpapi-ratelimit-headers-11. While the cache is away
nothing is bounded, as nothing counts.
"""

import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

DEFAULT: Final = "default"
ANONYMOUS: Final = "anonymous"
UPLOAD: Final = "upload"
TRY: Final = "try"

GUESSES: Final = 10
GUESSING_S: Final = 300
"""So many different wrong tokens from one address within so many seconds, and no token from there counts for a while.

The same one again is a program that was not told of its end, and no guess.
"""


class TooManyRequestsError(Throttled):
    """Come back in `wait` seconds."""

    def __init__(self, wait_s: float, sentence: str) -> None:
        """`sentence` says what there were too many of."""
        seconds = max(math.ceil(wait_s), 1)
        when = f"{seconds} seconds" if seconds <= 120 else f"{math.ceil(seconds / 60)} minutes"
        super().__init__(detail=f"{sentence} Try again in {when if seconds > 1 else 'a second'}.")
        self.wait = seconds


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests in `window_s` seconds."""

    name: str
    quota: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is with a policy: what is left, and the seconds until all of it is there again.

    `wait_s` is 0 where one more is allowed. `full_at` is what the cache keeps: when the bucket is full again.
    """

    policy: Policy
    remaining: int
    reset_s: int
    wait_s: float
    full_at: float


def standing(policy: Policy, full_at: float, now: float) -> Standing:
    """After one more request at `now`; when that is one too many, nothing is taken."""
    each_s = policy.window_s / policy.quota
    after = max(full_at, now) + each_s
    too_much_s = after - now - policy.window_s
    if too_much_s > 1e-6:  # what adding and taking away leaves of a float
        return Standing(policy, 0, math.ceil(too_much_s), too_much_s, full_at)
    return Standing(policy, int(-too_much_s / each_s + 1e-6), math.ceil(after - now), 0.0, after)


class Limits(BaseThrottle):
    """The one throttle of every view; `limits` of a view names further policies by method: {"POST": "upload"}."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Always; raises TooManyRequestsError otherwise."""
        take(request, view)
        return True


def take(request: Request, view: Any, *, wrong_token: bool = False) -> None:
    """Count one request, once. Raises TooManyRequestsError when there were too many, or too many wrong tokens."""
    http: Any = request._request
    if hasattr(http, "rate_standings"):
        return
    http.rate_standings = ()
    guesses = _Guesses(http) if wrong_token or _has_token(request) else None
    key = f"api-rate:{_who(request)}"
    found = cache.get_many([key] + ([guesses.key] if guesses else []))
    if guesses:
        guesses.look(found, wrong=wrong_token)
    _take(http, key, found.get(key, {}), _policies(request, view))


def _take(http: Any, key: str, kept: Mapping[str, float], policies: list[Policy]) -> None:
    now = time.time()
    http.rate_standings = standings = [standing(each, kept.get(each.name, 0.0), now) for each in policies]
    refused = [each for each in standings if each.wait_s]
    if refused:
        worst = max(refused, key=lambda each: each.wait_s)
        many = f"{worst.policy.quota:,} requests in {worst.policy.window_s} seconds"
        raise TooManyRequestsError(worst.wait_s, f"There were more than {many}, which is the most.")
    if standings:
        taken = {**kept, **{each.policy.name: each.full_at for each in standings}}
        cache.set(key, taken, max(each.reset_s for each in standings) + max(each.policy.window_s for each in standings))


def _policies(request: Request, view: Any) -> list[Policy]:
    names = [ANONYMOUS]
    if request.user and request.user.is_authenticated:
        more = getattr(view, "limits", {}).get(request.method)
        names = [DEFAULT, *([more] if more else [])]
    rates = ((name, settings.API_RATES[name]) for name in names)
    return [Policy(name, *rate) for name, rate in rates if rate is not None]


def _who(request: Request) -> str:
    if request.user and request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"address:{_address(request._request)}"


def _address(http: HttpRequest) -> str:
    """As sign-in counts it; behind the trusted proxy alone what that says."""
    try:
        return str(get_adapter().get_client_ip(http))
    except PermissionDenied:  # a server that listens at a socket sees none
        return "unknown"


def _has_token(request: Request) -> bool:
    return bool(request.headers.get("Authorization"))


class _Guesses:
    """Wrong tokens that came from an address: the beginning of their digests, and when each came."""

    def __init__(self, http: HttpRequest) -> None:
        self.key = f"api-guesses:{_address(http)}"
        written = http.headers.get("Authorization", "").encode("utf-8", "replace")
        self._token = hashlib.sha256(written).hexdigest()[:16]

    def look(self, found: Mapping[str, Any], *, wrong: bool) -> None:
        """Note a wrong one. During the pause raises TooManyRequestsError, for right ones too, and notes nothing."""
        now = time.time()
        kept = {token: at for token, at in found.get(self.key, {}).items() if now - at < GUESSING_S}
        if len(kept) >= GUESSES:
            over_s = GUESSING_S - (now - min(kept.values()))
            raise TooManyRequestsError(over_s, "Too many wrong tokens came from your address.")
        if wrong and self._token not in kept:
            cache.set(self.key, {**kept, self._token: now}, GUESSING_S)


def tell(http: HttpRequest, response: HttpResponseBase) -> None:
    """The headers about all policies that were asked about."""
    standings = getattr(http, "rate_standings", ())
    if standings:
        policies = (f'"{each.policy.name}";q={each.policy.quota};w={each.policy.window_s}' for each in standings)
        left = (f'"{each.policy.name}";r={each.remaining};t={each.reset_s}' for each in standings)
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(left)
