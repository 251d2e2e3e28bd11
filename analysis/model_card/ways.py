"""The comparison of ways to tell the expression head age and gender, schema 1, as `make ablation` wrote it.

Shares, and differences of shares, are 0 to 1 and -1 to 1; differences are paired, over faces and training seeds.
"""

from dataclasses import dataclass
from typing import Any, Final

from analysis.model_card.parse import Json, checked, figure_of, number_of
from analysis.model_card.types import Figure

SCHEMA: Final = 1
PLAIN: Final = "plain multi-task"
"""The way in which the head is told nothing."""

PLACEBO: Final = "FiLM, shuffled placebo"
"""The way in which it is told the age and gender of another face."""

_CHANGE: Final = "answers that change: "


@dataclass(frozen=True, slots=True)
class Difference:
    """How many more faces one way gets right than another, and McNemar's p."""

    accuracy: Figure
    p: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way; `changes` is the share of answers that change by what is claimed instead, empty if nothing is told."""

    name: str
    accuracy: Figure
    against_plain: Difference | None
    against_placebo: Difference | None
    changes: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Ways:
    """The whole comparison: `helpful` and `released` name ways; `seeds` networks were trained in each way."""

    seeds: int
    faces: int
    released: str
    helpful: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def told(self) -> tuple[Way, ...]:
        """The ways in which the head is told of the face itself."""
        return tuple(way for way in self.ways if way.changes and way.name != PLACEBO)


def parse_ways(document: Any) -> Ways:
    """The comparison in a decoded JSON document. Raises RecordError with what is wrong."""
    return checked(document, SCHEMA, _ways)


def _ways(document: Json) -> Ways:
    ways = tuple(_way(name, entry) for name, entry in document["ways"].items())
    found = Ways(
        seeds=int(document["seeds"]),
        faces=int(document["faces"]),
        released=str(document["released"]),
        helpful=tuple(str(name) for name in document["helpful"]),
        ways=ways,
    )
    names = {way.name for way in ways}
    if not {PLAIN, PLACEBO, found.released, *found.helpful} <= names or not found.told:
        raise ValueError("a way that it speaks of was not compared")
    if any(way.against_plain is None for way in ways if way.name != PLAIN):
        raise ValueError(f"a way was not compared with {PLAIN}")
    if len({tuple(way.changes) for way in ways if way.changes}) != 1:
        raise ValueError("not all ways were told the same changes")
    return found


def _way(name: str, entry: Json) -> Way:
    figures = {title: figure_of(figure) for title, figure in entry["figures"].items()}
    return Way(
        name=str(name),
        accuracy=figures["accuracy"],
        against_plain=_difference(entry.get(f"against {PLAIN}")),
        against_placebo=_difference(entry.get(f"against {PLACEBO}")),
        changes={title.removeprefix(_CHANGE): figure for title, figure in figures.items() if title.startswith(_CHANGE)},
    )


def _difference(entry: Json | None) -> Difference | None:
    return Difference(figure_of(entry["accuracy"]), number_of(entry["p"])) if entry else None
