"""A Redis that goes away takes nothing with it but what can be looked up again."""

import logging
from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from redis.exceptions import RedisError

from benchmarks.stack.program import free_port
from facet.cache import SpareRedisCache


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseCache]:
    """A cache at an address where nobody listens, as the default one."""
    monkeypatch.setattr(SpareRedisCache, "_silent_until", 0.0)
    nobody = SpareRedisCache(f"redis://127.0.0.1:{free_port()}/1", {})
    real = caches["default"]
    caches["default"] = nobody
    yield nobody
    caches["default"] = real


def test_reading_finds_nothing_and_writing_is_lost(away: BaseCache, monkeypatch: pytest.MonkeyPatch) -> None:
    for silence in (0.0, float("inf")):  # asked, and left alone
        monkeypatch.setattr(SpareRedisCache, "_silent_until", silence)
        away.set("key", 1)
        assert away.get("key", "nothing") == "nothing"
        assert away.get_many(["key"]) == {}
        assert "key" not in away
        assert away.add("key", 1)


def test_it_is_asked_once_and_then_left_alone_for_a_while(
    away: BaseCache, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with caplog.at_level(logging.WARNING, "facet.cache"):
        for _ in range(3):
            away.get("key")
    assert len(caplog.records) == 1
    monkeypatch.setattr(SpareRedisCache, "_silent_until", 0.0)
    away.get("key")
    assert len(caplog.records) == 2


def test_what_must_not_come_back_is_not_forgotten_in_silence(away: BaseCache) -> None:
    away.get("key")
    with pytest.raises(RedisError):
        away.delete("key")


@pytest.mark.django_db
def test_sessions_are_found_in_the_database_meanwhile(away: BaseCache) -> None:
    session = SessionStore()
    session["batch"] = "holiday"
    session.save()
    assert SessionStore(session.session_key)["batch"] == "holiday"
