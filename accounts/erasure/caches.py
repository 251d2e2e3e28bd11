"""What caches count for a person: requests, and attempts to sign in. The keys are worked out, as caches cannot list.

What is left ends by itself within minutes: attempts counted by the network address they came from, and the mark that a
code of an authenticator app was used (its key holds the number of the row, and the code, for 30 seconds).
"""

import hashlib
from collections.abc import Iterator

from allauth.account.app_settings import RATE_LIMITS
from allauth.account.models import EmailAddress
from allauth.core.internal.ratelimit import parse_rates
from django.core.cache import cache

from accounts import throttle
from accounts.erasure.accounting import count
from accounts.models import User


def forget(person: User) -> None:
    """Raises what the cache raises when it is away: nothing was erased then, and it can be tried again."""
    keys = list(_keys(person))
    found = [key for key in keys if key in cache]
    cache.delete_many(keys)
    count("counters in the cache", len(found))


def _keys(person: User) -> Iterator[str]:
    """As allauth and `accounts.api.limits` spell them."""
    yield f"api-rate:person:{person.pk}"
    addresses = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    lower = {address.lower() for address in addresses}
    counted = [*lower, *(throttle.key_of(address) for address in lower), f"mfa-auth-user-{person.pk}"]
    for action, rates in RATE_LIMITS.items():
        for rate in parse_rates(rates):
            start = f"allauth:rl:allauth.account:{action}:{rate}"
            if rate.per == "user":
                yield f"{start}:user:{person.pk}"
            elif rate.per == "key":
                yield from (f"{start}:{hashlib.sha256(key.encode()).hexdigest()}" for key in counted)
