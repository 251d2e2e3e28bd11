"""How a password is checked."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class OneCheckBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's check by e-mail address, and then nobody else's.

    It hashes the password once whether the address is known or not. Django's own backend, which would be asked next,
    would hash it again, so that the time taken would tell a right password from a wrong one.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        """The person. Raises PermissionDenied, which ends Django's round of backends, when a password is wrong."""
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person is None and "password" in credentials:
            raise PermissionDenied
        return person
