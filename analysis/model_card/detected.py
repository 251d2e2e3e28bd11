"""Answers on faces that a detector found, beside the same faces as their data sets cut them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.model_card.canvas import Row, Table
from analysis.model_card.parse import checked, figure_of
from analysis.model_card.types import FEW, Figure
from analysis.model_card.words import (
    count,
    detector_name,
    figure_name,
    figure_text,
    is_in_years,
    of_hundred,
    points_text,
    years,
)

SCHEMA: Final = 1
SPLIT: Final = "test"
HEADS: Final = {
    "emotion": ("Expression shown, FER+ test faces", "accuracy"),
    "age": ("Age, UTKFace test faces", "MAE"),
    "gender": ("Gender, as it appears, UTKFace test faces", "accuracy, all ages"),
}
NAMES: Final = {"accuracy": "Right answers", "macro F1": "Every expression counted alike (macro F1)"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure on cut-out pictures and on found faces; `difference` is None where the faces are not the same."""

    chip: Figure
    detected: Figure
    difference: Figure | None


@dataclass(frozen=True, slots=True)
class Head:
    """One attribute: the share of the faces that were found, and the figures of those, by name."""

    found: Figure
    pairs: dict[str, Pair]


@dataclass(frozen=True, slots=True)
class Detected:
    """The section: the answer in sentences, a table for each attribute."""

    model: str
    answer: str
    tables: tuple[Table, ...]


def parse_detected(document: Any) -> Detected:
    """From a decoded JSON document. Raises RecordError with what is wrong."""
    return checked(document, SCHEMA, _detected)


def _detected(document: Mapping[str, Any]) -> Detected:
    heads = {name: _head(document["splits"][SPLIT][name]) for name in HEADS}
    return Detected(
        model=str(document["model"]),
        answer=_answer(detector_name(str(document["detector"])), heads),
        tables=tuple(_table(HEADS[name][0], head) for name, head in heads.items()),
    )


def _head(entry: Mapping[str, Any]) -> Head:
    pairs = {name: _pair(pair) for name, pair in entry.items() if name != "found"}
    return Head(figure_of(entry["found"]), pairs)


def _pair(entry: Mapping[str, Any]) -> Pair:
    difference = figure_of(entry["difference"]) if "difference" in entry else None
    return Pair(figure_of(entry["chip"]), figure_of(entry["detected"]), difference)


def _answer(detector: str, heads: Mapping[str, Head]) -> str:
    emotion, age, gender = (heads[name].pairs[main] for name, (_, main) in HEADS.items())
    found = [of_hundred(heads[name].found.value) for name in ("emotion", "age")]
    return (
        f"Of 100 faces put into photos, {detector} finds {found[0]} of FER+ and {found[1]} of UTKFace. Where it finds "
        f"them, the expression is right for {of_hundred(emotion.detected.value)} of 100 "
        f"({of_hundred(emotion.chip.value)} on the cut-out pictures), the gender for "
        f"{of_hundred(gender.detected.value)} ({of_hundred(gender.chip.value)}), and the age is "
        f"{years(age.detected.value)} years off on average ({years(age.chip.value)})."
    )


def _table(caption: str, head: Head) -> Table:
    rows = [
        Row(
            (
                NAMES.get(name, figure_name(name)),
                _text(name, pair.chip),
                _text(name, pair.detected),
                _difference(name, pair.difference),
                count(pair.detected.n),
            ),
            pair.detected.n < FEW,
        )
        for name, pair in head.pairs.items()
    ]
    found = Row(("Faces found", "–", figure_text("found", head.found), "–", count(head.found.n)))  # noqa: RUF001
    columns = ("Figure", "Cut out by the data set", "Found in a photo", "Difference", "Faces")
    return Table(caption, columns, (found, *rows))


def _text(name: str, figure: Figure) -> str:
    if name == "macro F1":
        return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
    return figure_text(name, figure)


def _difference(name: str, figure: Figure | None) -> str:
    if figure is None:
        return "–"  # noqa: RUF001
    if name == "macro F1":
        parts = (f"{value:+.3f}".replace("-", "−") for value in (figure.value, figure.low, figure.high))  # noqa: RUF001
        return "{} ({} to {})".format(*parts)
    if is_in_years(name):
        parts = (years(value, is_signed=True) for value in (figure.value, figure.low, figure.high))
        return "{} years ({} to {})".format(*parts)
    return points_text(figure)
