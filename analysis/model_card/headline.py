"""The three answers at a glance: of a hundred faces, how many are right, wrong, or left at "not sure"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.model_card.canvas import Box, Key
from analysis.model_card.types import Figure, Record
from analysis.model_card.words import of_hundred, years

EXPRESSION: Final = "FER+ test, emotion"
AGE: Final = "UTKFace test, age"
GENDER: Final = "UTKFace test, gender"

_PITCH: Final = 12.0
_SIDE: Final = 9.0
_COLUMNS: Final = 20


@dataclass(frozen=True, slots=True)
class Headline:
    """One attribute: a sentence around the main figure, a picture of a hundred faces, the rest in small."""

    name: str
    before: str
    big: str
    after: str
    span: str
    also: tuple[str, ...]
    squares: tuple[Box, ...]
    keys: tuple[Key, ...]


def headlines(record: Record) -> tuple[Headline, ...]:
    """Age, gender and expression, as far as the record has them."""
    found = (_age(record), _gender(record), _expression(record))
    return tuple(card for card in found if card is not None)


def hundred(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares that sum to 1 as whole numbers that sum to 100; the largest remainders are rounded up."""
    floors = [int(share * 100 + 1e-9) for share in shares]
    order = sorted(range(len(shares)), key=lambda at: shares[at] * 100 - floors[at], reverse=True)
    for at in order[: 100 - sum(floors)]:
        floors[at] += 1
    return tuple(floors)


def squares(kinds: Sequence[tuple[str, int]]) -> tuple[Box, ...]:
    """Squares in rows of twenty, `count` of each kind after another."""
    flat = [kind for kind, count in kinds for _ in range(count)]
    return tuple(
        Box((at % _COLUMNS) * _PITCH + 1, at // _COLUMNS * _PITCH + 1, _SIDE, _SIDE, kind)
        for at, kind in enumerate(flat)
    )


def _span(figure: Figure) -> str:
    return f"({of_hundred(figure.low)} to {of_hundred(figure.high)})"


def _when_sure(figure: Figure) -> str:
    return (
        "That is when it must answer. Where it may say “not sure”, the answers it does give are right for "
        f"{of_hundred(figure.value)} of 100 {_span(figure)}."
    )


def _served(right: Figure, unsure: Figure) -> tuple[tuple[Box, ...], tuple[Key, ...]]:
    """The picture of what the product shows: answers that are right, answers that are wrong, no answer."""
    answered = 1 - unsure.value
    good, bad, none = hundred((answered * right.value, answered * (1 - right.value), unsure.value))
    return squares((("right", good), ("wrong", bad), ("unsure", none))), (
        Key("right", f"{good} right"),
        Key("wrong", f"{bad} wrong"),
        Key("unsure", f"{none} “not sure”"),
    )


def _expression(record: Record) -> Headline | None:
    right, when_sure, unsure = (
        record.figure(EXPRESSION, name) for name in ("accuracy, official", "accuracy when sure", "not sure")
    )
    if right is None or when_sure is None or unsure is None:
        return None
    picture, keys = _served(when_sure, unsure)
    return Headline(
        name="Expression",
        before="right for",
        big=of_hundred(right.value),
        after="of 100 faces of the test set",
        span=_span(right),
        also=(_when_sure(when_sure),),
        squares=picture,
        keys=keys,
    )


def _gender(record: Record) -> Headline | None:
    right, when_sure, unsure = (
        record.figure(GENDER, name) for name in ("accuracy, all ages", "accuracy when sure", "not sure")
    )
    if right is None or when_sure is None or unsure is None:
        return None
    picture, keys = _served(when_sure, unsure)
    older = record.figure(GENDER, "accuracy, age 13+")
    also = [_when_sure(when_sure)]
    if older:
        also.append(
            f"From 13 years of age, when it must answer: right for {of_hundred(older.value)} of 100 {_span(older)}."
        )
    return Headline(
        name="Gender",
        before="right for",
        big=of_hundred(right.value),
        after="of 100 faces of the test set",
        span=_span(right),
        also=tuple(also),
        squares=picture,
        keys=keys,
    )


def _age(record: Record) -> Headline | None:
    mae, near = record.figure(AGE, "MAE"), record.figure(AGE, "within 5 years")
    if mae is None or near is None:
        return None
    close, far = hundred((near.value, 1 - near.value))
    inside, width = record.figure(AGE, "interval coverage"), record.figure(AGE, "interval width")
    also = []
    if inside and width:
        also.append(
            f"The age range it gives is {years(width.value)} years wide on average and holds the true age for "
            f"{of_hundred(inside.value)} of 100 faces {_span(inside)}."
        )
    return Headline(
        name="Age",
        before="off by",
        big=years(mae.value),
        after="years on average",
        span=f"({years(mae.low)} to {years(mae.high)})",
        also=tuple(also),
        squares=squares((("right", close), ("far", far))),
        keys=(Key("right", f"{close} at most five years off"), Key("far", f"{far} further off")),
    )
