"""A plot of rows: a name, its figure as a mark and its interval as a line; a dashed line for what all compare with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.model_card.axes import level, outward, round_steps, scale, upright
from analysis.model_card.canvas import RIGHT, Dot, Key, Note, Path, Plot, Tick
from analysis.model_card.types import FEW, Figure
from analysis.model_card.words import percent

LEFT: Final = 104.0
TOP: Final = 12.0


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """What one row shows."""

    name: str
    figure: Figure
    is_few: bool


def row_plot(
    rows: Sequence[NamedFigure],
    *,
    overall: float | None,
    axis: str,
    step: float,
    tick: Callable[[float], str] = percent,
    pitch: float = 23.0,
) -> Plot:
    """The rows from top to bottom as they come, `pitch` apart, and `overall` as a dashed line across them.

    The axis spans all intervals, to multiples of `step`; `tick` says its values in words.
    """
    values = [value for row in rows for value in (row.figure.low, row.figure.high)]
    low, high = outward([*values, *(() if overall is None else (overall,))], step)
    x, bottom = scale(low, high, LEFT, RIGHT - 6), TOP + pitch * len(rows)
    paths = [] if overall is None else [Path(upright(x(overall), TOP, bottom), "ideal")]
    dots: list[Dot] = []
    notes: list[Note] = []
    for at, row in enumerate(rows):
        y, few = round(TOP + (at + 0.5) * pitch, 1), " few" if row.is_few else ""
        paths.append(Path(level(y, x(row.figure.low), x(row.figure.high)), f"whisker{few}"))
        dots.append(Dot(x(row.figure.value), y, f"estimate{few}"))
        notes.append(Note(LEFT - 8, y + 4, row.name, "end", f"name{few}"))
    ticks = [Tick(x(at), tick(at)) for at in round_steps(low, high, 5)]
    return framed(bottom, ticks, axis, paths=paths, dots=dots, notes=notes)


def framed(
    bottom: float,
    ticks: Sequence[Tick],
    axis: str,
    *,
    paths: Sequence[Path],
    dots: Sequence[Dot],
    notes: Sequence[Note],
) -> Plot:
    """What was drawn between `TOP` and `bottom`, in the frame that all plots of rows share."""
    return Plot(
        height=bottom + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=bottom,
        x_ticks=tuple(ticks),
        x_title=axis,
        paths=tuple(paths),
        dots=tuple(dots),
        notes=tuple(notes),
    )


def few_key(rows: Sequence[NamedFigure]) -> tuple[Key, ...]:
    """What the grey marks mean, when there are any."""
    return (Key("estimate few", f"fewer than {FEW} faces"),) if any(row.is_few for row in rows) else ()
