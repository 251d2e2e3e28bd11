"""Secrets that must be known to sign are encrypted under the installation's key: who has only the rows reads none."""

import base64
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE: Final = b"facet.accounts.webhooks.secret/1"
"""Keeps this key apart from what else is worked out from the installation's."""


class UnreadableError(Exception):
    """It was encrypted under another key, or is damaged."""


def seal(text: str) -> str:
    """`text` so that only this installation can read it."""
    return _ciphers(_keys()).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed, under this key or one of SECRET_KEY_FALLBACKS. Raises UnreadableError."""
    try:
        return _ciphers(_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise UnreadableError from None


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=2)
def _ciphers(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
