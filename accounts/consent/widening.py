"""What a new yes makes possible for what is there already: apps offer it, and the consent page passes it on.

A yes changes nothing by itself: what was read before it stays as it is until the person says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from accounts.consent.purposes import Purpose

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence, and a page that does something about it, with the words of the link to that page."""

    sentence: str
    url: str
    words: str


Find = Callable[["User", frozenset[Purpose]], Offer | None]
"""What can be offered to a person who has just said yes to these."""

_finds: Final[list[Find]] = []


def register(find: Find) -> None:
    """Have it asked after each new yes; from AppConfig.ready."""
    _finds.append(find)


def offers(person: "User", granted: frozenset[Purpose]) -> list[Offer]:
    """All there are; none without a new yes."""
    return [offer for find in _finds if granted and (offer := find(person, granted))]
