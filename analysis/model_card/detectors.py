"""The record of the face detectors, schema 1, as `make evaluate` wrote it: the test part of the scenes.

Shares are 0 to 1, false boxes are counted a photo. The first detector is the one that serves unless told otherwise.
"""

from dataclasses import dataclass
from typing import Any, Final

from analysis.model_card.parse import Json, checked, figure_of, number_of
from analysis.model_card.types import Figure

SCHEMA: Final = 1
PART: Final = "test"

RECALL: Final = "recall at 0.1 false boxes a photo"
SERVED: Final = "recall as shipped"
FALSE: Final = "false boxes a photo as shipped"
EMPTY: Final = "false boxes on photos without faces as shipped"
NEEDED: Final = (RECALL, SERVED, FALSE, EMPTY)
"""Figures that every detector has."""


@dataclass(frozen=True, slots=True)
class Froc:
    """Recall by false boxes a photo, both ascending, and where the product stands, as (false boxes, recall)."""

    false: tuple[float, ...]
    recall: tuple[float, ...]
    served: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector: its figures by name, its curve, and by kind of change recall by amount, ascending."""

    name: str
    figures: dict[str, Figure]
    froc: Froc
    tolerance: dict[str, tuple[tuple[float, Figure], ...]]


@dataclass(frozen=True, slots=True)
class Detectors:
    """The whole record; `model` is the name and version of the first."""

    model: str
    detectors: tuple[Detector, ...]


def parse_detectors(document: Any) -> Detectors:
    """The detectors in a decoded JSON document. Raises RecordError with what is wrong."""
    return checked(document, SCHEMA, _detectors)


def _detectors(document: Json) -> Detectors:
    found = tuple(_detector(name, document) for name in document["froc"])
    if not found:
        raise ValueError("no detector was measured")
    return Detectors(str(document["model"]), found)


def _detector(name: str, document: Json) -> Detector:
    figures = {title: figure_of(entry) for title, entry in document["figures"][f"{name}, {PART}"].items()}
    if not set(NEEDED) <= set(figures):
        raise ValueError(f"{name} lacks a figure that the page tells of")
    return Detector(
        name=str(name),
        figures=figures,
        froc=_froc(document["froc"][name]),
        tolerance={kind: _points(curve) for kind, curve in document["tolerance"][name].items()},
    )


def _froc(entry: Json) -> Froc:
    false, recall = (tuple(number_of(value) for value in entry[key]) for key in ("false", "recall"))
    if len(false) != len(recall) or len(false) < 2:
        raise ValueError("a curve of found faces has too few points, or not as many of one kind as of the other")
    served = entry["served"]
    return Froc(false, recall, (number_of(served["false"]), number_of(served["recall"])))


def _points(entry: Json) -> tuple[tuple[float, Figure], ...]:
    points = [(number_of(point["amount"]), figure_of(point["recall"])) for point in entry["points"]]
    if len(points) < 2:
        raise ValueError("a tolerance curve has fewer than two points")
    return tuple(sorted(points, key=lambda point: point[0]))
