"""How often somebody may try to sign in, in words."""

import hashlib
import math

from allauth.core.internal.ratelimit import get_rates

from accounts.models import User


def pause_s() -> float:
    """The longest that anybody has to wait after too many attempts, in seconds; attempts during it do not add to it."""
    return max((rate.duration for rate in get_rates(app="allauth.account", action="login_failed")), default=0)


def sentence() -> str:
    """What who tried too often reads."""
    minutes = math.ceil(pause_s() / 60)
    wait = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return f"There were too many attempts. Wait {wait}, then try again. Trying meanwhile does not make it longer."


def key_of(email: str) -> str:
    """Under which wrong attempts for this address are counted, wherever they come from.

    Part of it is the stored password: a new one ends the lock-out, whichever process and cache counted it.
    """
    email = email.lower()
    stored = User.objects.filter(email=email).values_list("password", flat=True).first() or ""
    return f"sign-in:{email}:{hashlib.sha256(stored.encode()).hexdigest()}"
