"""A person goes, with everything kept for them."""

from accounts import personal
from accounts.erasure.accounting import count_rows, erasing
from accounts.erasure.models import ErasureReceipt, Kind
from accounts.models import User


def erase_person(person: User) -> ErasureReceipt:
    """Remove the person and everything kept for them; cut off in the middle, the person is there to be erased again."""
    with erasing(Kind.ACCOUNT) as receipt:
        _, rows = person.delete()
        count_rows(rows)
    return receipt


def sweep(person: User) -> None:
    """What no cascade reaches, and what is too much for one: each app removes its own."""
    for holding in personal.holdings():
        if holding.erase is not None:
            holding.erase(person)
