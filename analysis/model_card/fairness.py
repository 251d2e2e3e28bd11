"""Fairness: the same measures for different groups of people, worst first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.model_card.canvas import Chart, Key, Row, Table
from analysis.model_card.rows import NamedFigure, few_key, row_plot
from analysis.model_card.types import ANY, FEW, Comparison, Figure, Group, Record, Standing
from analysis.model_card.words import (
    MEASURES,
    age_group,
    count,
    figure_text,
    group_name,
    is_in_years,
    percent,
    points_text,
    years,
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """How one measure is drawn."""

    name: str
    title: str
    axis: str
    step: float
    of: Callable[[Group], Figure | None]


_OVER: Final = {"band": "age"}
"""What the record calls otherwise than the page."""

_DRAWN: Final = (
    _Measure("gender_accuracy", "Gender", "gender right", 0.05, lambda group: group.gender_accuracy),
    _Measure("mae", "Age", "average age error, years", 1.0, lambda group: group.mae),
    _Measure("coverage", "Age range", "true age inside the range", 0.05, lambda group: group.coverage),
)


def fairness_charts(record: Record) -> Iterator[Chart]:
    """One picture for each measure: every race and gender on a line, everybody as the dashed line."""
    groups = [group for group in record.groups if group.band == ANY and ANY not in {group.race, group.gender}]
    everybody = _find(record.groups, ANY, ANY, ANY)
    for measure in _DRAWN:
        found = [(group, figure) for group in groups if (figure := measure.of(group)) is not None]
        if found:
            found.sort(key=lambda pair: pair[1].value, reverse=measure.name == "mae")
            rows = [NamedFigure(group_name(group), figure, figure.n < FEW) for group, figure in found]
            overall = measure.of(everybody) if everybody else None
            plot = row_plot(
                rows,
                overall=overall.value if overall else None,
                axis=measure.axis,
                step=measure.step,
                tick="{:g}".format if is_in_years(measure.name) else percent,
            )
            yield Chart(
                slug=f"fairness-{measure.name.replace('_', '-')}",
                title=measure.title,
                says=_says(record.comparisons, measure),
                plots=(plot,),
                table=_table(rows, measure),
                keys=(Key("estimate", "group, with its interval"), Key("ideal", "everybody"), *few_key(rows)),
            )


def fairness_table(record: Record) -> Table:
    """Every race, gender and age band."""
    columns = (
        "Race label", "Gender label", "True age", "Faces", "Average age error", "Direction", "At most five years off",
        "Range holds it", "Width of the range", "Gender right", "Gender “not sure”",
    )  # fmt: skip
    return Table("Race, gender and age, with 95% intervals", columns, tuple(map(_full_row, record.groups)))


def gap_table(record: Record) -> Table:
    """The worst and the best served group by every measure, of the groups that are large enough."""
    rows = tuple(
        Row(
            (
                f"{_capital(MEASURES[item.measure])}, by {_OVER.get(item.over, item.over)}",
                _standing_text(item.measure, item.worst),
                _standing_text(item.measure, item.best),
                _gap_text(item),
            )
        )
        for item in record.comparisons
        if item.measure in MEASURES
    )
    columns = ("Measure", "Served worst", "Served best", "Between them")
    return Table("Worst and best served groups, with 95% intervals", columns, rows)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _standing_text(measure: str, standing: Standing) -> str:
    return f"{_group_words(standing.group)}: {figure_text(measure, standing.figure)}"


def _group_words(group: str) -> str:
    """A band of ages as words; anything else as it is called."""
    return age_group(group) if group[:1].isdigit() else group


def _gap_text(comparison: Comparison) -> str:
    """The gap and its interval, which reaches below nothing where the order may be chance."""
    gap = comparison.gap
    if is_in_years(comparison.measure):
        return f"{years(gap.value)} years ({years(gap.low)} to {years(gap.high)})"
    return points_text(gap, is_signed=False)


def _find(groups: Sequence[Group], race: str, gender: str, band: str) -> Group | None:
    return next((g for g in groups if (g.race, g.gender, g.band) == (race, gender, band)), None)


def _says(comparisons: Sequence[Comparison], measure: _Measure) -> str:
    fitting = [item for item in comparisons if item.measure == measure.name]
    chosen = next((item for item in fitting if item.over == "race and gender"), fitting[0] if fitting else None)
    if chosen is None:
        return "No two groups have enough faces to be compared."
    worst, best = (f"{end.group}, {_short(measure.name, end.figure)}" for end in (chosen.worst, chosen.best))
    chance = " The gap may be chance." if chosen.gap.low <= 0 else ""
    return f"Served worst: {worst}. Served best: {best}. They are {_gap_text(chosen)} apart.{chance}"


def _short(measure: str, figure: Figure) -> str:
    return f"{years(figure.value)} years" if is_in_years(measure) else percent(figure.value, 1)


def _table(rows: Sequence[NamedFigure], measure: _Measure) -> Table:
    head = _capital(measure.axis)
    cells = tuple(
        Row((row.name, figure_text(measure.name, row.figure), count(row.figure.n)), row.is_few) for row in rows
    )
    return Table(f"{head}, by race and gender label", ("Group", head, "Faces"), cells)


def _full_row(group: Group) -> Row:
    cells = (
        "everybody" if group.race == ANY else group.race,
        "both" if group.gender == ANY else group.gender,
        "all ages" if group.band == ANY else age_group(group.band).removeprefix("ages "),
        count(group.n),
        figure_text("mae", group.mae),
        figure_text("bias", group.bias),
        figure_text("within_5", group.within_5),
        figure_text("coverage", group.coverage),
        figure_text("width", group.width),
        figure_text("gender_accuracy", group.gender_accuracy),
        figure_text("gender_not_sure", group.gender_not_sure),
    )
    return Row(cells, group.is_few)
