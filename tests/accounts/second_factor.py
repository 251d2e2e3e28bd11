"""What the tests of sign-in share: codes as an app shows them, and people who have one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_for(secret: str) -> str:
    """What the app shows now."""
    code: str = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return code


def guard(person: User) -> list[str]:
    """Give the person an app that holds SECRET, and the recovery codes that are returned."""
    TOTP.activate(person, SECRET)
    codes: list[str] = RecoveryCodes.activate(person).generate_codes()
    return codes


def stored_secret(person: User) -> tuple[str, str]:
    """The secret of the person's app as the database has it, and as we read it."""
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    return kept, decrypt(kept)
