"""What each app holds about a person: one entry for each kind of thing, written by the app that keeps it.

The archive of "download my data", the erasure of an account and the admin's log go by this list. A test fails when a
model that is related to a person is in no entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a person's: `path` in the archive, `stored` its name in the default storage."""

    path: str
    stored: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing.

    `name`: its key in data.json. `models`: labels of the tables, as "analysis.photo". `collect`: what the archive says
    of a person, JSON values, or an iterator of them for what may be too much for memory. `enclosures`: files for the
    archive; of those that are gone meanwhile nothing is said. `erase`: removes what no cascade reaches, before the row
    of the person goes; called outside of a transaction, may be called again after it was cut off.
    """

    name: str
    models: tuple[str, ...]
    collect: Callable[["User"], Any] | None = None
    enclosures: Callable[["User"], Iterator[Enclosure]] | None = None
    erase: Callable[["User"], None] | None = None


_holdings: Final[dict[str, Holding]] = {}


def register(holding: Holding) -> None:
    """Add to the list; from AppConfig.ready. Raises ValueError when the name is taken."""
    if holding.name in _holdings:
        raise ValueError(f"Two apps hold “{holding.name}” about a person; call one of them otherwise.")
    _holdings[holding.name] = holding


def holdings() -> tuple[Holding, ...]:
    """The whole list, by name."""
    return tuple(_holdings[name] for name in sorted(_holdings))


def models() -> frozenset[str]:
    """Labels of every table that holds something about somebody."""
    return frozenset(label for holding in _holdings.values() for label in holding.models)
