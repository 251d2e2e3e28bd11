"""All figures as one table of text."""

from collections.abc import Sequence

from benchmarks.figures import Figure, Group

HEADINGS = ("figure", "value", "p90", "p99", "unit", "ratio", "must", "aim", "reached")
LEFT = {"figure", "unit", "reached"}
"""Columns of words; numbers stand to the right."""
GAP = "  "


def number(value: float | None) -> str:
    """Three significant digits, never as a power of ten; nothing for None."""
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cells(figure: Figure) -> tuple[str, ...]:
    """One row, in the order of the headings."""
    goal = figure.goal
    return (
        "  " + figure.name,
        number(figure.value),
        number(figure.p90),
        number(figure.p99),
        figure.unit,
        number(figure.ratio),
        number(goal.must if goal else None),
        number(goal.aim if goal else None),
        figure.reached or "",
    )


def table(groups: Sequence[Group]) -> str:
    """A heading, then each group under its title; columns as wide as their widest cell."""
    rows = [cells(figure) for group in groups for figure in group.figures]
    widths = [max(len(row[i]) for row in (HEADINGS, *rows)) for i in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths), "-" * (sum(widths) + len(GAP) * (len(widths) - 1))]
    for group in groups:
        lines.append(f"{group.title} (ratio: {group.ratio_to})" if group.ratio_to else group.title)
        lines += [_line(cells(figure), widths) for figure in group.figures]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    shown = (
        text.ljust(width) if heading in LEFT else text.rjust(width)
        for heading, text, width in zip(HEADINGS, row, widths, strict=True)
    )
    return GAP.join(shown).rstrip()
