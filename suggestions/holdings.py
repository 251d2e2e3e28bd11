"""What this app holds about a person; see `accounts.personal`."""

from accounts.consent import clearing
from accounts.consent.purposes import Purpose
from accounts.personal import Holding, register
from suggestions.services import forget_photos, personal_data_of


def register_all() -> None:
    """What they said about suggestions, and what they want to see."""
    register(Holding("suggestions", ("suggestions.feedback", "suggestions.preference"), personal_data_of))
    clearing.register([Purpose.SUGGESTIONS], forget_photos)
