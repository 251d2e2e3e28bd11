"""Tolerance: how much quality is lost when the box is off, the head tilted or the picture poor."""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.model_card.axes import Scale, outward, polyline, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Chart, Dot, Key, Path, Plot, Row, Table, Tick
from analysis.model_card.types import Figure, Record, Tolerance, TolerancePoint
from analysis.model_card.words import figure_text, of_hundred, percent, years

_TITLES: Final = {
    "shift": "Box beside the face",
    "scale": "Box too large or too small",
    "rotation": "Tilted head",
    "blur": "Blur",
    "jpeg": "Strong JPEG compression",
}
_AMOUNTS: Final = {
    "shift": "{}% of the face's side",
    "scale": "{} times the size",
    "rotation": "{} degrees",
    "blur": "a blur of sigma {} pixels",
    "jpeg": "JPEG quality {}",
}
_UPPER: Final = 150.0
_LOWER: Final = 96.0
_LABEL: Final = 26.0
"""Least distance between two labels of the axis."""


def tolerance_charts(record: Record) -> Iterator[Chart]:
    """One picture for each disturbance: expression and gender above, age below, the same amounts under both."""
    for tolerance in record.tolerance:
        keys = (Key("curve", "expression right"), Key("second", "gender right"), Key("third", "age error"))
        yield Chart(
            slug=f"tolerance-{tolerance.kind}",
            title=_TITLES.get(tolerance.kind, tolerance.kind),
            says=_says(tolerance),
            plots=(_shares(tolerance), _errors(tolerance)),
            table=_table(tolerance),
            keys=(*keys, Key("ideal", "nothing changed")),
        )


def untouched(tolerance: Tolerance) -> TolerancePoint:
    """The point at which nothing is changed."""
    return min(tolerance.points, key=lambda point: abs(point.amount - tolerance.neutral))


def hardest(tolerance: Tolerance) -> TolerancePoint:
    """The point at which expressions suffer most."""
    return min(tolerance.points, key=lambda point: point.emotion_accuracy.value)


def amount_text(tolerance: Tolerance, amount: float) -> str:
    """An amount in words: "15% of the face's side", "1.2 times the size", "JPEG quality 20"."""
    number = f"{amount:g}".replace("-", "−")  # noqa: RUF001
    return _AMOUNTS.get(tolerance.kind, f"{{}} {tolerance.unit}").format(number)


def _says(tolerance: Tolerance) -> str:
    start, end = untouched(tolerance), hardest(tolerance)
    emotion = [of_hundred(point.emotion_accuracy.value) for point in (start, end)]
    gender = [of_hundred(point.gender_accuracy.value) for point in (start, end)]
    age = [years(point.age_mae.value) for point in (start, end)]
    return (
        f"At {amount_text(tolerance, end.amount)}: expressions right for {emotion[1]} of 100 instead of {emotion[0]}, "
        f"gender for {gender[1]} instead of {gender[0]}, age off by {age[1]} years instead of {age[0]}."
    )


def _across(tolerance: Tolerance) -> Scale:
    """Amounts to places; what changes nothing lies at the left where it is the largest amount."""
    low, high = tolerance.points[0].amount, tolerance.points[-1].amount
    if tolerance.neutral >= high:
        return scale(high, low, LEFT + 8, RIGHT - 8)
    return scale(low, high, LEFT + 8, RIGHT - 8)


def _amounts(tolerance: Tolerance) -> tuple[Tick, ...]:
    """The measured amounts, thinned until their labels do not touch; the neutral one always stays."""
    x, base = _across(tolerance), untouched(tolerance).amount
    kept: list[float] = [base]
    for point in tolerance.points:
        if all(abs(x(point.amount) - x(other)) >= _LABEL for other in kept):
            kept.append(point.amount)
    return tuple(Tick(x(amount), f"{amount:g}".replace("-", "−")) for amount in sorted(kept))  # noqa: RUF001


def _series(
    tolerance: Tolerance, figures: Sequence[Figure], y: Scale, kind: str
) -> tuple[tuple[Path, ...], tuple[Dot, ...]]:
    x = _across(tolerance)
    xs, ys = [x(point.amount) for point in tolerance.points], [y(figure.value) for figure in figures]
    whiskers = (Path(upright(at, y(f.low), y(f.high)), f"whisker {kind}") for at, f in zip(xs, figures, strict=True))
    dots = tuple(Dot(at, height, kind) for at, height in zip(xs, ys, strict=True))
    return (*whiskers, Path(polyline(xs, ys), kind)), dots


def _neutral(tolerance: Tolerance, bottom: float) -> Path:
    return Path(upright(_across(tolerance)(untouched(tolerance).amount), TOP, bottom), "ideal")


def _shares(tolerance: Tolerance) -> Plot:
    emotion = [point.emotion_accuracy for point in tolerance.points]
    gender = [point.gender_accuracy for point in tolerance.points]
    low, high = outward([1.0, *(figure.low for figure in (*emotion, *gender))], 0.1)
    y = scale(low, high, _UPPER, TOP)
    first, second = _series(tolerance, emotion, y, "curve"), _series(tolerance, gender, y, "second")
    return Plot(
        height=_UPPER + 32,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_UPPER,
        x_ticks=_amounts(tolerance),
        y_ticks=tuple(Tick(y(step), percent(step)) for step in round_steps(low, high, 5)),
        y_title="share that is right",
        paths=(_neutral(tolerance, _UPPER), *first[0], *second[0]),
        dots=first[1] + second[1],
    )


def _errors(tolerance: Tolerance) -> Plot:
    figures = [point.age_mae for point in tolerance.points]
    high = outward([figure.high for figure in figures], 2)[1]
    y = scale(0, high, _LOWER, TOP)
    paths, dots = _series(tolerance, figures, y, "third")
    return Plot(
        height=_LOWER + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_LOWER,
        x_ticks=_amounts(tolerance),
        y_ticks=tuple(Tick(y(step), f"{step:g}") for step in round_steps(0, high, 4)),
        x_title=tolerance.unit,
        y_title="average age error, years",
        paths=(_neutral(tolerance, _LOWER), *paths),
        dots=dots,
    )


def _table(tolerance: Tolerance) -> Table:
    rows = tuple(
        Row(
            (
                f"{point.amount:g}",
                figure_text("accuracy", point.emotion_accuracy),
                figure_text("accuracy", point.gender_accuracy),
                figure_text("mae", point.age_mae),
            )
        )
        for point in tolerance.points
    )
    title = _TITLES.get(tolerance.kind, tolerance.kind)
    columns = (tolerance.unit.capitalize(), "Expression right", "Gender right", "Average age error")
    return Table(f"{title}, with 95% intervals", columns, rows)
