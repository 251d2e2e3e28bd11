"""The JSON document of the record to its types; anything out of place is a RecordError, never a broken page."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from analysis.model_card.types import (
    AgeBand,
    Bin,
    Comparison,
    Confusion,
    Curve,
    Decade,
    Figure,
    Group,
    Record,
    RecordError,
    Standing,
    Tolerance,
    TolerancePoint,
)

SCHEMA: Final = 2
Json = Mapping[str, Any]
T = TypeVar("T")

_GROUP_FIGURES: Final = ("mae", "bias", "within_5", "coverage", "width", "gender_accuracy", "gender_not_sure")


def parse(document: Any) -> Record:
    """The record in a decoded JSON document. Raises RecordError with what is wrong."""
    return checked(document, SCHEMA, _record)


def checked(document: Any, schema: int, read: Callable[[Json], T]) -> T:
    """What `read` makes of a document of this schema. Raises RecordError with what is wrong."""
    try:
        if document["schema"] != schema:
            raise RecordError(f"it has schema {document['schema']}, and this page reads schema {schema}")
        return read(document)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise RecordError(f"it does not have the expected form ({type(error).__name__}: {error})") from error


def _record(document: Json) -> Record:
    plots, fairness = document["plots"], document["fairness"]
    return Record(
        model=str(document["model"]),
        figures={
            title: {name: figure_of(entry) for name, entry in figures.items()}
            for title, figures in document["figures"].items()
        },
        confusion=_confusion(plots["confusion"]),
        reliability={head: tuple(_bin(entry) for entry in bins) for head, bins in plots["reliability"].items()},
        risk_coverage={head: _curve(entry) for head, entry in plots["risk_coverage"].items()},
        age_bands=tuple(_band(entry) for entry in plots["age_error"] if entry["n"]),
        decades=tuple(_decade(entry) for entry in plots["age_decades"] if entry["n"]),
        tolerance=tuple(_tolerance(kind, entry) for kind, entry in plots["tolerance"].items()),
        groups=tuple(_group(entry) for entry in fairness["rows"]),
        comparisons=tuple(_comparison(entry) for entry in fairness["summary"]),
    )


def number_of(value: Any) -> float:
    """A finite number. Raises ValueError for any other."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no figure")
    return number


def figure_of(entry: Json) -> Figure:
    """A figure with its interval. Raises KeyError, TypeError or ValueError."""
    value, low, high = (number_of(entry[name]) for name in ("value", "low", "high"))
    return Figure(value, low, high, int(entry["n"]), str(entry["better"]))


def _confusion(entry: Json) -> Confusion:
    labels = tuple(str(label) for label in entry["labels"])
    counts = tuple(tuple(int(count) for count in row) for row in entry["counts"])
    if not labels or len(counts) != len(labels) or any(len(row) != len(labels) for row in counts):
        raise ValueError("the confusion matrix is empty or not square")
    return Confusion(labels, counts)


def _bin(entry: Json) -> Bin:
    low, high = number_of(entry["low"]), number_of(entry["high"])
    return Bin(number_of(entry["confidence"]), number_of(entry["right"]), low, high, int(entry["n"]))


def _curve(entry: Json) -> Curve:
    coverage = tuple(number_of(value) for value in entry["coverage"])
    risk = tuple(number_of(value) for value in entry["risk"])
    if len(coverage) != len(risk) or not coverage:
        raise ValueError("a risk-coverage curve has no points, or not as many of one kind as of the other")
    served = entry["served"]
    return Curve(coverage, risk, (number_of(served["coverage"]), number_of(served["risk"])) if served else None)


def _band(entry: Json) -> AgeBand:
    mae, bias, coverage, width = (figure_of(entry[name]) for name in ("mae", "bias", "coverage", "width"))
    return AgeBand(str(entry["band"]), int(entry["n"]), mae, bias, coverage, width)


def _decade(entry: Json) -> Decade:
    return Decade(str(entry["decade"]), int(entry["n"]), figure_of(entry["coverage"]), figure_of(entry["width"]))


def _tolerance(kind: str, entry: Json) -> Tolerance:
    points = [
        TolerancePoint(
            number_of(point["amount"]),
            figure_of(point["emotion_accuracy"]),
            figure_of(point["gender_accuracy"]),
            figure_of(point["age_mae"]),
        )
        for point in entry["points"]
    ]
    if len(points) < 2:
        raise ValueError(f"the tolerance to {kind} has fewer than two points")
    points.sort(key=lambda point: point.amount)
    return Tolerance(kind, str(entry["unit"]), number_of(entry["neutral"]), tuple(points))


def _group(entry: Json) -> Group:
    figures = {name: None if entry[name] is None else figure_of(entry[name]) for name in _GROUP_FIGURES}
    return Group(str(entry["race"]), str(entry["gender"]), str(entry["band"]), int(entry["n"]), **figures)


def _comparison(entry: Json) -> Comparison:
    worst, best = (Standing(str(entry[end]["group"]), figure_of(entry[end]["figure"])) for end in ("worst", "best"))
    return Comparison(str(entry["measure"]), str(entry["over"]), worst, best, figure_of(entry["gap"]))
