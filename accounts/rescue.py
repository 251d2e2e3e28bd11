"""Lets in who lost the password, the second factor, or both."""

import logging

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse

from accounts.addresses import confirm_address
from accounts.models import User

log = logging.getLogger(__name__)


@transaction.atomic
def rescue(*, person: User, by: str) -> str:
    """The path of a page where the person sets a new password, once, within PASSWORD_RESET_TIMEOUT.

    From now on the old password, second factors and sessions no longer work; the address counts as confirmed and a
    lock-out is over, since the password is part of its key. `by` says who did it, for the log.
    """
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    confirm_address(person)  # who may run a command on the server vouches for it; mail may be what fails
    log.warning("Person %d was rescued by %s: password, second factors and sessions are gone.", person.pk, by)
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
