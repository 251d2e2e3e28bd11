"""Age by true age: how far off, in which direction, and how often the age range holds the truth."""

from collections.abc import Sequence
from typing import Final

from analysis.model_card.axes import level, outward, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Box, Chart, Dot, Key, Path, Plot, Row, Table, Tick
from analysis.model_card.types import FEW, AgeBand, Decade, Figure
from analysis.model_card.words import age_group, count, figure_text, of_hundred, percent, years

PROMISED: Final = 0.9
"""What the age range is made for: to hold the true age for nine faces in ten."""

_BOTTOM: Final = 196.0


def age_charts(bands: Sequence[AgeBand], decades: Sequence[Decade]) -> tuple[Chart, ...]:
    """The three pictures, those without data left out."""
    return (*((_error(bands), _direction(bands)) if bands else ()), *((_coverage(decades),) if decades else ()))


def _places(labels: Sequence[str]) -> tuple[float, tuple[Tick, ...]]:
    """The distance between columns and a labelled place for each."""
    pitch = (RIGHT - LEFT) / len(labels)
    return pitch, tuple(Tick(round(LEFT + (at + 0.5) * pitch, 1), label) for at, label in enumerate(labels))


def _kind(n: int, kind: str) -> str:
    return f"{kind} few" if n < FEW else kind


def _columns(
    labels: Sequence[str], figures: Sequence[Figure], low: float, high: float, base: float
) -> tuple[tuple[Box, ...], tuple[Path, ...]]:
    """Bars from `base` to each value, and their whiskers."""
    pitch, places = _places(labels)
    y = scale(low, high, _BOTTOM, TOP)
    boxes, paths = [], []
    for place, figure in zip(places, figures, strict=True):
        top, foot = sorted((y(figure.value), y(base)))
        width = round(min(pitch * 0.56, 30), 1)
        boxes.append(
            Box(round(place.at - width / 2, 1), top, width, round(foot - top, 1), _kind(figure.n, "bar-of-age"))
        )
        paths.append(Path(upright(place.at, y(figure.low), y(figure.high)), "whisker"))
    return tuple(boxes), tuple(paths)


def _error(bands: Sequence[AgeBand]) -> Chart:
    labels, figures = [band.band for band in bands], [band.mae for band in bands]
    high = outward([figure.high for figure in figures], 2)[1]
    boxes, paths = _columns(labels, figures, 0, high, 0)
    y = scale(0, high, _BOTTOM, TOP)
    best, worst = min(bands, key=lambda band: band.mae.value), max(bands, key=lambda band: band.mae.value)
    says = (
        f"Least for {age_group(best.band)} ({years(best.mae.value)} years), most for {age_group(worst.band)} "
        f"({years(worst.mae.value)} years)."
    )
    plot = Plot(
        _BOTTOM + 40, LEFT, RIGHT, TOP, _BOTTOM, _places(labels)[1],
        tuple(Tick(y(step), f"{step:g}") for step in round_steps(0, high)),
        "true age", "average error, years", boxes, paths,
    )  # fmt: skip
    return Chart("age-error", "How far off", says, (plot,), _band_table(bands))


def _direction(bands: Sequence[AgeBand]) -> Chart:
    labels, figures = [band.band for band in bands], [band.bias for band in bands]
    low, high = outward([0.0, *(figure.low for figure in figures), *(figure.high for figure in figures)], 2)
    boxes, paths = _columns(labels, figures, low, high, 0)
    y = scale(low, high, _BOTTOM, TOP)
    old, young = max(bands, key=lambda band: band.bias.value), min(bands, key=lambda band: band.bias.value)
    says = f"{_leans(old.bias)} for {age_group(old.band)}, {_leans(young.bias).lower()} for {age_group(young.band)}."
    plot = Plot(
        _BOTTOM + 40, LEFT, RIGHT, TOP, _BOTTOM, _places(labels)[1],
        tuple(Tick(y(step), f"{step:+g}".replace("-", "−") if step else "0") for step in round_steps(low, high)),  # noqa: RUF001
        "true age", "years too old (+) or too young (−)", boxes,  # noqa: RUF001
        (Path(level(y(0), LEFT, RIGHT), "zero"), *paths),
    )  # fmt: skip
    return Chart("age-direction", "In which direction", says, (plot,), _band_table(bands))


def _leans(bias: Figure) -> str:
    if abs(bias.value) < 0.05:
        return "Neither too old nor too young"
    return f"{years(abs(bias.value))} years too {'old' if bias.value > 0 else 'young'} on average"


def _coverage(decades: Sequence[Decade]) -> Chart:
    labels, figures = [decade.decade for decade in decades], [decade.coverage for decade in decades]
    low, high = outward([PROMISED, 1.0, *(figure.low for figure in figures)], 0.1)
    y = scale(low, high, _BOTTOM, TOP)
    places = _places([label.split("-")[0] + ("" if label.endswith("+") else "s") for label in labels])[1]
    worst = min(decades, key=lambda decade: decade.coverage.value)
    says = (
        f"The range is made to hold the true age for {of_hundred(PROMISED)} of 100. It does so least often for "
        f"{age_group(worst.decade)}: {of_hundred(worst.coverage.value)} of 100."
    )
    plot = Plot(
        _BOTTOM + 40, LEFT, RIGHT, TOP, _BOTTOM, places,
        tuple(Tick(y(step), percent(step)) for step in round_steps(low, high)),
        "true age, by decade", "true age inside the range", (),
        (
            Path(level(y(PROMISED), LEFT, RIGHT), "ideal"),
            *(Path(upright(place.at, y(f.low), y(f.high)), "whisker")
              for place, f in zip(places, figures, strict=True)),
        ),
        tuple(Dot(place.at, y(f.value), _kind(f.n, "estimate")) for place, f in zip(places, figures, strict=True)),
    )  # fmt: skip
    rows = tuple(
        Row(
            (age_group(d.decade), figure_text("coverage", d.coverage), figure_text("width", d.width), count(d.n)),
            d.n < FEW,
        )
        for d in decades
    )
    table = Table("The age range by true age", ("True age", "Range holds it", "Width of the range", "Faces"), rows)
    few = (Key("estimate few", f"fewer than {FEW} faces"),) if any(d.n < FEW for d in decades) else ()
    keys = (Key("estimate", "measured, with its interval"), Key("ideal", f"promised: {percent(PROMISED)}"), *few)
    return Chart("age-range", "Does the age range hold the truth", says, (plot,), table, keys)


def _band_table(bands: Sequence[AgeBand]) -> Table:
    rows = tuple(
        Row(
            (
                age_group(band.band),
                figure_text("mae", band.mae),
                figure_text("bias", band.bias),
                figure_text("coverage", band.coverage),
                figure_text("width", band.width),
                count(band.n),
            ),
            band.n < FEW,
        )
        for band in bands
    )
    columns = ("True age", "Average error", "Direction (+ too old)", "Range holds it", "Width of the range", "Faces")
    return Table("Age by true age, with 95% intervals", columns, rows)
