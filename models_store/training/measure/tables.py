"""The record as text for a terminal."""

from collections.abc import Sequence

from models_store.training.measure.fairness import ANY, LEAST_COMPARED
from models_store.training.measure.goals import Standing
from models_store.training.measure.record import Json, Report

MEASURES = {
    "mae": "MAE, years",
    "bias": "bias, years",
    "within_5": "within 5 years",
    "coverage": "interval coverage",
    "width": "interval width, years",
    "gender_accuracy": "gender accuracy",
    "gender_not_sure": "gender not sure",
}
YEARS = ("mae", "bias", "width")


def underlined(title: str) -> list[str]:
    """A blank line, a title and its line."""
    return ["", title, "-" * len(title)]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells to lines with columns under one another, indented; the first column to the left."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def figures_text(report: Report) -> str:
    """The figures, one a line."""
    lines: list[str] = []
    for title, figures in report.items():
        lines += underlined(title)
        for name, figure in figures.items():
            interval = f"[{figure.low:.4g}, {figure.high:.4g}]"
            lines.append(f"  {name:<50} {figure.value:>8.4g}  {interval:<18} n = {figure.n}")
    return "\n".join(lines[1:])


def shown(measure: str, figure: Json | None, interval: bool = False) -> str:
    """A fairness or tolerance figure in years or per cent; "-" where there is none."""
    if figure is None:
        return "-"
    factor, digits, unit = (1, 2, "") if measure in YEARS else (100, 1, " %")
    value, low, high = (f"{factor * figure[key]:.{digits}f}" for key in ("value", "low", "high"))
    return f"{value}{unit} ({low} to {high})" if interval else f"{value}{unit}"


def group_name(row: Json) -> str:
    """Of a row of the fairness table, for example "Black female, 20-39"."""
    who = " ".join(row[axis] for axis in ("race", "gender") if row[axis] != ANY) or "everybody"
    return who if row["band"] == ANY else f"{who}, {row['band']}"


def fairness_text(fairness: Json) -> str:
    """The table of groups, those too small to compare in brackets, and the summaries."""
    header = ["group (few faces in brackets)", "n", *MEASURES.values()]
    rows = [header]
    for row in fairness["rows"]:
        name = group_name(row)
        few = row["n"] < LEAST_COMPARED
        cells = [shown(measure, row[measure]) for measure in MEASURES]
        rows.append([f"({name})" if few else name, str(row["n"]), *cells])
    lines = [*underlined("UTKFace test by group"), *aligned(rows), *underlined("Worst and best group"), ""]
    return "\n".join([*lines[:-1], *aligned(summary_rows(fairness))])


def summary_rows(fairness: Json) -> list[list[str]]:
    """Header and one row for each comparison, as text."""
    rows = [["measure", "over", "worst", "", "best", "", "gap"]]
    for entry in fairness["summary"]:
        measure = entry["measure"]
        worst, best = entry["worst"], entry["best"]
        cells = [
            worst["group"],
            shown(measure, worst["figure"], True),
            best["group"],
            shown(measure, best["figure"], True),
        ]
        rows.append(
            [MEASURES[measure], entry["over"], *cells, shown(measure, entry["gap"], True).replace(" %", " points")]
        )
    return rows


def tolerance_text(tolerance: Json) -> str:
    """The tolerance curves, one table for each kind of change; a star marks the amount that changes nothing."""
    lines: list[str] = []
    for name, curve in tolerance.items():
        rows = [[f"{name}, {curve['unit']}", "expression", "gender", "age MAE"]]
        for point in curve["points"]:
            star = " *" if point["amount"] == curve["neutral"] else ""
            cells = [shown(key, point[key]) for key in ("emotion_accuracy", "gender_accuracy")]
            rows.append([f"{point['amount']:g}{star}", *cells, shown("mae", point["age_mae"])])
        lines += [*underlined(f"Tolerance to {name}, validation faces"), *aligned(rows)]
    return "\n".join(lines[1:])


def goals_text(standings: list[Standing]) -> str:
    """The goals beside what was measured."""
    rows = [("against the goals", "must", "aim", "measured", ""), *(standing.row() for standing in standings)]
    return "\n".join([*underlined("Goals"), *aligned(rows)][1:])
