"""Reliability: when it claims to be right for 80 of 100, is it?"""

from collections.abc import Iterator
from typing import Final

from analysis.model_card.axes import outward, polyline, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Chart, Dot, Key, Path, Plot, Row, Table, Tick
from analysis.model_card.types import Bin, Record
from analysis.model_card.words import count, of_hundred, percent

_BOTTOM: Final = 236.0
_HEADS: Final = {
    "emotion": ("Expression", "compared with what most people saw"),
    "emotion_votes": ("Expression, as people voted", "compared with every vote, as people do not agree either"),
    "gender": ("Gender", "compared with the label, among people old enough to get an answer"),
}


def reliability_charts(record: Record) -> Iterator[Chart]:
    """One picture for each kind of answer; on the line, the confidence claimed is the share that is right."""
    for head, (title, against) in _HEADS.items():
        bins = record.reliability.get(head)
        if bins:
            yield Chart(
                slug=f"reliability-{head.replace('_', '-')}",
                title=title,
                says=_says(bins, against),
                plots=(_plot(bins),),
                table=_table(title, bins),
                keys=(Key("estimate", "measured, with its interval"), Key("ideal", "claims exactly what it keeps")),
            )


def gap(bins: tuple[Bin, ...]) -> float:
    """Mean distance between claimed and right, weighted by faces (expected calibration error), a share."""
    total = sum(group.n for group in bins)
    return sum(abs(group.confidence - group.right) * group.n for group in bins) / max(total, 1)


def _says(bins: tuple[Bin, ...], against: str) -> str:
    middle = min(bins, key=lambda group: abs(group.confidence - 0.8))
    return (
        f"Where it claims {percent(middle.confidence)}, it is right for {of_hundred(middle.right)} of 100 "
        f"({of_hundred(middle.low)} to {of_hundred(middle.high)}), {against}. "
        f"On average, claim and truth are {gap(bins) * 100:.1f} points apart."
    )


def _plot(bins: tuple[Bin, ...]) -> Plot:
    low, high = outward([*(group.confidence for group in bins), *(group.low for group in bins), 1.0], 0.1)
    x, y = scale(low, high, LEFT, RIGHT), scale(low, high, _BOTTOM, TOP)
    steps = round_steps(low, high)
    whiskers = tuple(Path(upright(x(group.confidence), y(group.low), y(group.high)), "whisker") for group in bins)
    line = polyline([x(group.confidence) for group in bins], [y(group.right) for group in bins])
    return Plot(
        height=_BOTTOM + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_BOTTOM,
        x_ticks=tuple(Tick(x(step), percent(step)) for step in steps),
        y_ticks=tuple(Tick(y(step), percent(step)) for step in steps),
        x_title="confidence claimed",
        y_title="share that is right",
        paths=(Path(polyline([x(low), x(high)], [y(low), y(high)]), "ideal"), *whiskers, Path(line, "estimate")),
        dots=tuple(Dot(x(group.confidence), y(group.right), "estimate") for group in bins),
    )


def _table(title: str, bins: tuple[Bin, ...]) -> Table:
    rows = tuple(
        Row((percent(group.confidence, 1), f"{percent(group.right, 1)} ({percent(group.low, 1)} to "
             f"{percent(group.high, 1)})", count(group.n)))
        for group in bins
    )  # fmt: skip
    return Table(f"{title}: confidence claimed and share right", ("Claimed", "Right (95% interval)", "Faces"), rows)
