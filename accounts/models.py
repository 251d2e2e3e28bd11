"""People and the tokens of their programs."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager

from accounts.accesslog.models import AccessEntry
from accounts.consent.models import Consent, ConsentEntry
from accounts.erasure.models import ErasureReceipt, FileToRemove
from accounts.exports.models import DataExport
from accounts.orphans.models import OrphanCheck
from accounts.scopes import BEFORE_SCOPES, Scope
from accounts.webhooks.models import Webhook, WebhookDelivery

__all__ = [
    "AccessEntry",
    "ApiToken",
    "Consent",
    "ConsentEntry",
    "DataExport",
    "ErasureReceipt",
    "FileToRemove",
    "OrphanCheck",
    "User",
    "Webhook",
    "WebhookDelivery",
]


class UserManager(BaseUserManager["User"]):
    """Makes people from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password they can only come in by a reset. Raises ValueError without an address."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator; whoever makes one on the server vouches for the address."""
        from accounts.addresses import confirm_address

        person = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        confirm_address(person)
        return person


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox has no types
    """A person who signs in with an e-mail address.

    Personal data: e-mail address, name if given, time of the last sign-in. Erased with the row; what each app keeps
    for them goes with it, by cascade or by the app's entry in `accounts.personal`, files after the commit.
    """

    username = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.email

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the person and everything kept for them; `accounts.erasure.people` does so with a receipt."""
        from accounts.erasure.people import sweep

        sweep(self)
        return super().delete(*args, **kwargs)


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """A token for a program, kept as a SHA-512 digest; the token itself is shown once, when it is made.

    Personal data: the name a person gave it, when it was used last. Erased with the person. One that expired stays in
    the list of its owner, who has to find out why a program stopped, until they remove it.
    """

    name = models.CharField(max_length=80, default="", blank=True)
    scopes = models.JSONField(db_default=BEFORE_SCOPES, help_text="A list of `Scope`; what is not in it is refused.")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To within ten minutes.")

    objects = AuthTokenManager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"{self.name or 'token'} ({self.token_key}...)"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def scope_words(self) -> str:
        """The scopes for people, in the order in which the form has them."""
        return ", ".join(scope.value for scope in Scope if scope in self.scopes)


class Chore(models.Model):
    """When a chore of the installation ran last and what came of it; `accounts.chores` has the rules. No personal data.

    Who runs it holds a lease, so that it is run once at a time; `asked` says that somebody wants it run (again).
    """

    name = models.CharField(max_length=60, unique=True)
    asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True, help_text="The end of the last run that raised no error.")
    seconds = models.FloatField(null=True, help_text="Of the last run that came to an end.")
    error = models.CharField(max_length=200, blank=True, help_text="Kind of the error that ended it; empty: none.")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
