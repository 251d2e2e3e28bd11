"""Which items to suggest, and from which terms each score is made: pure functions, no database, no Django.

The score is a plain sum, so that every part of it can be said in a sentence:

    score = 1.00 * wished      the person asked for this kind
          + 0.40 * expression  sum over the eight expressions of probability * how well the item goes with it
          + 0.40 * age         how much of the age interval lies in the ages that the item suits
          + 0.12 * alike       likeness to the nearest item of which the person wants more
          + 0.08 * standing    the editors' own order, which decides where nothing else does

Each factor lies in 0..1. A wish weighs as much as all the rest together: what people say about themselves beats what a
face seems to show. Expression and age weigh the same; with less for age, a six-year-old's list fills with items that
go with a smile and are of no use to a six-year-old (measured by `tests/suggestions/test_catalogue.py`).

Gender is no input: no type in this file has a place for it.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

TermName = Literal["wished", "expression", "age", "alike", "standing"]
Source = Literal["estimate", "owner", "reviewer"]

WEIGHTS: Final[Mapping[TermName, float]] = {
    "wished": 1.0,
    "expression": 0.40,
    "age": 0.40,
    "alike": 0.12,
    "standing": 0.08,
}
ADULT: Final = 18
OTHER_KIND_LIKENESS: Final = 0.5
"""A film can go on from a song one liked, but half as well as another song."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the catalogue as the ranking sees it.

    `emotions`: how well it goes with each expression shown, 0..1; a missing one is 0. `age_from`, `age_to`: ages in
    years it is meant for, both included. `minimum_age`: 0 is fit for every child. `standing`: the editors' order, 0..1.
    """

    id: int
    slug: str
    kind: str
    title: str
    emotions: Mapping[str, float]
    age_from: int
    age_to: int
    minimum_age: int
    standing: float


@dataclass(frozen=True, slots=True)
class Expression:
    """Probabilities of the expressions shown, which sum to 1, and who says so."""

    probabilities: Mapping[str, float]
    said_by: Source = "estimate"


@dataclass(frozen=True, slots=True)
class Age:
    """Years with their lower and upper bound."""

    years: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the photo gives to go by; every part may be missing.

    `youngest`: the least lower bound of all faces' ages. None: unclear, and then only what is fit for every child.
    """

    expression: Expression | None = None
    age: Age | None = None
    youngest: float | None = None

    @property
    def child_safe(self) -> bool:
        """Whether only items fit for every child may be shown."""
        return self.youngest is None or self.youngest < ADULT


@dataclass(frozen=True, slots=True)
class Taste:
    """What the person says about themselves; `wanted_kinds` empty means every kind, the others are item ids."""

    wanted_kinds: frozenset[str] = frozenset()
    dismissed: frozenset[int] = frozenset()
    liked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a score: `factor` in 0..1, `points` = weight * factor, `about` what made it.

    `about` is the expression that gave most (expression), the title of the liked item (alike), else empty.
    """

    name: TermName
    factor: float
    points: float
    about: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item, its score and the terms that it is the sum of, greatest first; terms of no points are left out."""

    item: Item
    score: float
    terms: tuple[Term, ...] = field(default=())


def is_fit(item: Item, evidence: Evidence) -> bool:
    """Whether the item may be shown: with a possible minor in the photo only what is fit for every child.

    Below 18 an item with a minimum age of 12 is left out at the age of 14 too: the bound is an estimate, and a child
    of eleven may be behind it.
    """
    if evidence.youngest is None or evidence.youngest < ADULT:
        return item.minimum_age <= 0
    return item.minimum_age <= evidence.youngest


def age_fit(item: Item, age: Age) -> float:
    """How much of the interval the item suits, 0..1: the estimate counts half, each bound a quarter."""
    return 0.5 * _suits(item, age.years) + 0.25 * _suits(item, age.low) + 0.25 * _suits(item, age.high)


def _suits(item: Item, years: float) -> float:
    """1 in the item's ages, falling to 0 within 2 years for a baby and 10 for somebody of forty."""
    away = max(item.age_from - years, years - item.age_to - 1, 0.0)
    return max(0.0, 1.0 - away / (2.0 + years / 5.0))


def likeness(one: Item, other: Item) -> float:
    """Of two items, 0..1: the cosine between the expressions they go with, halved across kinds."""
    dot = sum(weight * other.emotions.get(name, 0.0) for name, weight in one.emotions.items())
    norm = math.hypot(*one.emotions.values()) * math.hypot(*other.emotions.values())
    if norm <= 0.0:
        return 0.0
    return min(1.0, dot / norm) * (1.0 if one.kind == other.kind else OTHER_KIND_LIKENESS)


def _factors(
    item: Item, evidence: Evidence, taste: Taste, liked: Sequence[Item]
) -> Iterable[tuple[TermName, float, str]]:
    """Name, factor and what made it, of every term that applies."""
    if item.kind in taste.wanted_kinds:
        yield "wished", 1.0, ""
    if evidence.expression is not None:
        shares = {name: p * item.emotions.get(name, 0.0) for name, p in evidence.expression.probabilities.items()}
        yield "expression", min(1.0, sum(shares.values())), max(shares, key=lambda name: shares[name], default="")
    if evidence.age is not None:
        yield "age", age_fit(item, evidence.age), ""
    nearest = max(
        (other for other in liked if other.id != item.id), key=lambda other: likeness(item, other), default=None
    )
    if nearest is not None:
        yield "alike", likeness(item, nearest), nearest.title
    yield "standing", item.standing, ""


def score(item: Item, *, evidence: Evidence, taste: Taste, liked: Sequence[Item] = ()) -> Suggestion:
    """The item with its score and the terms that make it."""
    terms = [
        Term(name=name, factor=factor, points=WEIGHTS[name] * factor, about=about)
        for name, factor, about in _factors(item, evidence, taste, liked)
        if factor > 0.0
    ]
    terms.sort(key=lambda term: -term.points)
    return Suggestion(item=item, score=math.fsum(term.points for term in terms), terms=tuple(terms))


def most_of_a_kind(limit: int, kinds: int) -> int:
    """How many of one kind a list of `limit` may hold: an even share and one more; all of it if there is one kind."""
    return limit if kinds <= 1 else math.ceil(limit / kinds) + 1


def rank(
    items: Sequence[Item], *, evidence: Evidence, taste: Taste, seed: str, limit: int = 8
) -> tuple[Suggestion, ...]:
    """The best `limit` items, best first; the same inputs and `seed` give the same list.

    Dismissed and unfit items never appear. No kind appears more often than `most_of_a_kind` unless nothing else is
    left: a list that is short for the sake of variety would help nobody.
    """
    liked = [item for item in items if item.id in taste.liked]
    candidates = [
        score(item, evidence=evidence, taste=taste, liked=liked)
        for item in items
        if item.id not in taste.dismissed and is_fit(item, evidence)
    ]
    candidates.sort(key=lambda suggestion: (-suggestion.score, _lot(seed, suggestion.item.slug)))
    wished = [suggestion for suggestion in candidates if suggestion.item.kind in taste.wanted_kinds]
    others = [suggestion for suggestion in candidates if suggestion.item.kind not in taste.wanted_kinds]
    first = _varied(wished, limit)
    return first + _varied(others, limit - len(first))


def _varied(candidates: Sequence[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    """The first `limit` of them, passing over those whose kind is used up as long as others are left."""
    most = most_of_a_kind(limit, len({suggestion.item.kind for suggestion in candidates}))
    chosen: list[Suggestion] = []
    spare: list[Suggestion] = []
    counts: Counter[str] = Counter()
    for suggestion in candidates:
        has_room = counts[suggestion.item.kind] < most
        counts[suggestion.item.kind] += 1
        (chosen if has_room else spare).append(suggestion)
    return tuple((chosen + spare)[:limit])


def _lot(seed: str, slug: str) -> bytes:
    """Decides between equal scores: different for every seed, the same on every machine."""
    return hashlib.sha256(f"{seed}/{slug}".encode()).digest()
