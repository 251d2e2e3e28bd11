"""allauth's pages in the admin about how people sign in: the same pages, noted."""

from collections.abc import Iterable
from typing import Any, Final

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAccountAdmin, SocialTokenAdmin
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin

from accounts.accesslog.admin import NotedAdmin
from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen

PAGES: Final = {
    EmailAddress: EmailAddressAdmin,
    Authenticator: AuthenticatorAdmin,
    SocialAccount: SocialAccountAdmin,
    SocialToken: SocialTokenAdmin,
    UserSession: UserSessionAdmin,
}


class WayIn(NotedAdmin):
    """Whoever looks at one looks at the account."""

    shown_as = Kind.ACCOUNT

    def sights(self, thing: Any, kind: Kind) -> Iterable[Seen]:
        """The account that it opens."""
        person = thing.account.user if isinstance(thing, SocialToken) else thing.user
        yield Seen(person.pk, kind, person.uuid)


def register_all() -> None:
    """In the place of allauth's own, which importing this has registered."""
    for model, theirs in PAGES.items():
        admin.site.unregister(model)
        admin.site.register(model, type(f"Noted{theirs.__name__}", (WayIn, theirs), {}))
