"""What allauth asks us: its sentences in our words, its keys of throttling, its secrets kept encrypted."""

import base64
import logging
import secrets
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import throttle
from accounts.models import User

log = logging.getLogger(__name__)

SALT: Final = "accounts.second-factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in, sign-up and addresses."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error with this code; of a lock-out it says how long it lasts."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            return ValidationError(throttle.sentence(), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_account_already_exists_mail(self, email: str) -> None:
        """Take as long as making an account does, or the time taken at sign-up would tell who has one."""
        make_password(secrets.token_urlsafe())
        super().send_account_already_exists_mail(email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Ours, so that an erasure knows it."""
        return throttle.key_of(str(credentials.get("email") or credentials.get("username") or ""))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps, recovery codes and passkeys.

    What makes the codes is encrypted under FACET_SECRET_KEY, so that a stolen database or backup opens no account.
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right. An app shows each for half a minute, for one use: try the next.",
        "cannot_generate_recovery_codes": "Recovery codes need an authenticator app or a passkey. Add one first.",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error with this code."""
        if code == "rate_limited":
            return ValidationError(throttle.sentence(), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def encrypt(self, text: str) -> str:
        """`text` under our key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; after the key was lost, one that nobody knows, so that no code is right."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor was stored under another FACET_SECRET_KEY. `manage.py rescue` lets people in.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        """What a passkey is called until somebody names it."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Browsers show this name beside the passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Facet"}


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac(SALT, "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
