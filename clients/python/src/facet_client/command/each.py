"""What is done to photos that are named: one that fails stops none of the others."""

from collections.abc import Callable

from facet_client.command.exits import DONE, SOME_FAILED
from facet_client.command.words import complain, count
from facet_client.errors import FacetError, NotAuthenticated


def each(ids: list[str], do: Callable[[str], object], told: str) -> int:
    """Do it to each, complain of those where it fails, print `told` with how many it was done to; the exit status.

    Raises NotAuthenticated.
    """
    done = sum(_done(one, do) for one in ids)
    if done:
        print(told.format(count(done)))
    return DONE if done == len(ids) else SOME_FAILED


def _done(one: str, do: Callable[[str], object]) -> bool:
    try:
        do(one)
    except NotAuthenticated:
        raise
    except (FacetError, ValueError) as error:
        complain(f"{one}: {error}")
        return False
    return True
