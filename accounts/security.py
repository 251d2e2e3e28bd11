"""How well an account is guarded, for its page."""

from dataclasses import dataclass

from allauth.mfa.app_settings import RECOVERY_CODE_COUNT
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.models import User


@dataclass(frozen=True)
class Security:
    """What somebody needs to come in as this person; `codes_left` is None where there are no recovery codes."""

    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int | None
    sessions: int

    @property
    def has_second_factor(self) -> bool:
        """Whether a stolen password is not enough."""
        return self.has_app or self.passkeys > 0


def security_of(person: User) -> Security:
    """Counted now; sessions that are over are forgotten on the way."""
    kept = list(Authenticator.objects.filter(user=person))
    codes = next((row for row in kept if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Security(
        has_password=person.has_usable_password(),
        has_app=any(row.type == Authenticator.Type.TOTP for row in kept),
        passkeys=sum(row.type == Authenticator.Type.WEBAUTHN for row in kept),
        codes_left=None if codes is None else RECOVERY_CODE_COUNT - int(codes.data["used_mask"]).bit_count(),
        sessions=len(UserSession.objects.purge_and_list(person)),
    )
