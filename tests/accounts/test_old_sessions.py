"""Sessions that are over are forgotten, with what was noted of them."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import chores
from accounts.models import User
from accounts.old_sessions import forget_sessions


def session(person: User, key: str, ends_in: timedelta) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + ends_in)
    UserSession.objects.create(user=person, session_key=key, ip="192.0.2.1", user_agent="x")


def test_only_those_that_are_over_go(ann: User) -> None:
    session(ann, "old", -timedelta(days=1))
    session(ann, "new", timedelta(days=1))
    UserSession.objects.create(user=ann, session_key="ended", ip="192.0.2.1", user_agent="x")
    forget_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["new"]


def test_it_is_a_chore() -> None:
    assert "sessions" in {chore.name for chore in chores._registered.values()}
