"""Sessions that are over are forgotten, with the address and the browser that were kept of them."""

from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import chores

DAY_S: Final = 86_400


@chores.register("sessions", every_s=DAY_S)
def forget_sessions() -> None:
    """Those whose time is over, and what the list of a person's sessions kept of them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
