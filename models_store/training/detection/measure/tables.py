"""The figures as text for a terminal and as cells for the card."""

from collections.abc import Mapping, Sequence

from models_store.training.detection.measure import goals
from models_store.training.measure import tables
from models_store.training.measure.record import Json, Report
from models_store.training.metrics import Figure


def shown(name: str, figure: Figure | None, interval: bool = True) -> str:
    """Shares as per cent, false boxes as they are; "-" where nothing was measured."""
    if figure is None:
        return "-"
    is_count = name.startswith("false boxes")
    factor, digits, unit = (1, 3, "") if is_count else (100, 1, " %")
    value, low, high = (f"{factor * item:.{digits}f}" for item in (figure.value, figure.low, figure.high))
    return f"{value}{unit} ({low} to {high})" if interval else f"{value}{unit}"


def figure_names(report: Report) -> list[str]:
    """The names of all figures, in the order in which they come first."""
    return list(dict.fromkeys(name for figures in report.values() for name in figures))


def rows(report: Report, names: Sequence[str]) -> list[list[str]]:
    """Header and one row for each figure, a column for each title of the report and the number behind the first."""
    table = [["figure", *report, "n"]]
    for name in names:
        found = [figures.get(name) for figures in report.values()]
        count = next((figure.n for figure in found if figure is not None), 0)
        table.append([name, *(shown(name, figure) for figure in found), f"{count:,}"])
    return table


def report_text(report: Report) -> str:
    """All figures, the detectors side by side."""
    return "\n".join(tables.aligned(rows(report, figure_names(report))))


def goals_text(title: str, figures: Mapping[str, Figure]) -> str:
    """The goals beside one detector's figures."""
    return tables.goals_text(goals.standings(figures)).replace("Goals\n-----", "\n".join(tables.underlined(title)[1:]))


def tolerance_text(tolerance: Json) -> str:
    """Recall under changes, a table for each kind, a column for each detector; a star marks what changes nothing."""
    lines: list[str] = []
    first = next(iter(tolerance.values()))
    for name, curve in first.items():
        table = [[f"{name}, {curve['unit']}", *tolerance]]
        for at, point in enumerate(curve["points"]):
            star = " *" if point["amount"] == curve["neutral"] else ""
            found = [Figure(**curves[name]["points"][at]["recall"]) for curves in tolerance.values()]
            table.append([f"{point['amount']:g}{star}", *(shown("recall", figure) for figure in found)])
        lines += [*tables.underlined(f"Recall under {name}"), *tables.aligned(table)]
    return "\n".join(lines[1:])
