"""A plot of shares by amount: a line with marks and intervals for each of several series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.model_card.axes import polyline, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Dot, Path, Plot, Tick
from analysis.model_card.types import Figure
from analysis.model_card.words import percent

_BOTTOM: Final = 200.0


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its CSS class and its figures by amount, ascending."""

    kind: str
    points: Sequence[tuple[float, Figure]]


def line_plot(lines: Sequence[Line], *, neutral: float, x_title: str, y_title: str) -> Plot:
    """The series over the whole range of shares; a dashed line marks the amount that changes nothing."""
    amounts = sorted({amount for line in lines for amount, _ in line.points})
    x, y = scale(amounts[0], amounts[-1], LEFT + 8, RIGHT - 8), scale(0, 1, _BOTTOM, TOP)
    paths: list[Path] = [Path(upright(x(neutral), TOP, _BOTTOM), "ideal")]
    dots: list[Dot] = []
    for line in lines:
        xs = [x(amount) for amount, _ in line.points]
        figures = [figure for _, figure in line.points]
        paths += [
            Path(upright(at, y(figure.low), y(figure.high)), f"whisker {line.kind}")
            for at, figure in zip(xs, figures, strict=True)
        ]
        paths.append(Path(polyline(xs, [y(figure.value) for figure in figures]), line.kind))
        dots += [Dot(at, y(figure.value), line.kind) for at, figure in zip(xs, figures, strict=True)]
    return Plot(
        height=_BOTTOM + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_BOTTOM,
        x_ticks=tuple(Tick(x(amount), f"{amount:g}") for amount in amounts),
        y_ticks=tuple(Tick(y(step), percent(step)) for step in round_steps(0, 1)),
        x_title=x_title,
        y_title=y_title,
        paths=tuple(paths),
        dots=tuple(dots),
    )
