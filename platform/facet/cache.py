"""Redis as a cache that may go away: what it held is looked up again or counted anew, and no upload fails for it."""

import logging
import time
from typing import Any, ClassVar, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

ANSWER_WITHIN_S: Final = 1.0
"""It answers within a millisecond; one that accepts and says nothing would hold every request."""

SILENCE_S: Final = 5.0
"""A cache that failed is left alone for so long: each asking could cost a request ANSWER_WITHIN_S."""


class SpareRedisCache(RedisCache):
    """Reads find nothing and writes are lost while Redis is away.

    Deleting fails aloud, as what was not deleted would be there again later: a session, after signing out. The limits
    of allauth delete their locks, so nobody signs in without them.
    """

    _silent_until: ClassVar[float] = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        """`params` are those of Django's; OPTIONS may set other timeouts, in seconds."""
        within = {"socket_timeout": ANSWER_WITHIN_S, "socket_connect_timeout": ANSWER_WITHIN_S}
        super().__init__(server, params | {"OPTIONS": within | params.get("OPTIONS", {})})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default`."""
        return self._ask(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """What is there of `keys`."""
        found: dict[Any, Any] = self._ask(super().get_many, {}, keys, version)
        return found

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether it is there."""
        return bool(self._ask(super().has_key, False, key, version))

    def set(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep `value` for `timeout` seconds."""
        self._ask(super().set, None, key, value, timeout, version)

    def add(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep `value` unless there is one; whether there was none."""
        return bool(self._ask(super().add, True, key, value, timeout, version))

    def _ask(self, real: Any, otherwise: Any, *args: Any) -> Any:
        if time.monotonic() < SpareRedisCache._silent_until:
            return otherwise
        try:
            return real(*args)
        except RedisError as error:
            SpareRedisCache._silent_until = time.monotonic() + SILENCE_S
            log.warning("the cache does not answer (%s); going on without it", type(error).__name__)
            return otherwise
