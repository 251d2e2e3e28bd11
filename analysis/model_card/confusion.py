"""Expressions: of the faces that show one, how many are called what (the confusion matrix), and how many are found."""

from typing import Final

from analysis.model_card.canvas import WIDTH, Box, Chart, Key, Note, Plot, Row, Table
from analysis.model_card.headline import EXPRESSION
from analysis.model_card.rows import NamedFigure, few_key, row_plot
from analysis.model_card.types import FEW, Confusion, Record
from analysis.model_card.words import count, figure_text, of_hundred, percent

_LEFT: Final = 74.0
_TOP: Final = 74.0
_GAP: Final = 2.0


def shade(share: float) -> str:
    """The CSS class of a cell: `shade-0` for none, `shade-1` to `shade-5` up to a half, `shade-6` to `shade-10`."""
    if share <= 0:
        return "shade-0"
    return f"shade-{min(10, int(share * 10 - 1e-9) + 1)}"


def confusion_chart(confusion: Confusion) -> Chart:
    """Rows are what is shown and columns what is answered; each row adds up to a hundred."""
    labels, counts = confusion.labels, confusion.counts
    side = (WIDTH - _LEFT) / len(labels)
    boxes: list[Box] = []
    notes: list[Note] = []
    for row, line in enumerate(counts):
        total, y = sum(line), _TOP + row * side
        notes.append(Note(_LEFT - 6, round(y + side / 2 + 1, 1), labels[row], "end", "name"))
        notes.append(Note(_LEFT - 6, round(y + side / 2 + 12, 1), f"{count(total)} faces", "end", "small"))
        for column, number in enumerate(line):
            share, x = number / total if total else 0.0, _LEFT + column * side
            dark = " dark" if share > 0.5 else ""
            kind = f"cell {shade(share)}{' hit' if row == column else ''}"
            boxes.append(Box(round(x, 1), round(y, 1), round(side - _GAP, 1), round(side - _GAP, 1), kind))
            if number:
                middle = round(x + (side - _GAP) / 2, 1)
                notes.append(Note(middle, round(y + side / 2 + 3, 1), of_hundred(share), "middle", f"in-cell{dark}"))
    heads = tuple(Note(round(_LEFT + (at + 0.5) * side, 1), _TOP - 8, label, "start", "slanted")
                  for at, label in enumerate(labels))  # fmt: skip
    bottom = round(_TOP + len(labels) * side, 1)
    plot = Plot(bottom + 4, _LEFT, WIDTH, _TOP, bottom, boxes=tuple(boxes), notes=(*notes, *heads))
    return Chart("confusion", "Which expressions are mixed up", _says(confusion), (plot,), _table(confusion))


def _says(confusion: Confusion) -> str:
    found = [
        (line[column] / sum(line), row, column)
        for row, line in enumerate(confusion.counts)
        for column in range(len(line))
        if row != column and sum(line) >= FEW
    ]
    rule = "Each row is one expression that is shown; the numbers say what it was called, of 100 faces."
    if not found:
        return rule
    share, row, column = max(found)
    shown, said = confusion.labels[row], confusion.labels[column]
    return f"{rule} Most often mixed up: {shown}, called {said} in {of_hundred(share)} of 100."


def _table(confusion: Confusion) -> Table:
    rows = tuple(
        Row(
            (label, *(f"{count(number)} ({percent(number / max(sum(line), 1))})" for number in line), count(sum(line))),
            is_few=sum(line) < FEW,
        )
        for label, line in zip(confusion.labels, confusion.counts, strict=True)
    )
    return Table("Faces by what they show (rows) and what was answered", ("Shows", *confusion.labels, "Faces"), rows)


def found_chart(record: Record) -> Chart | None:
    """How many of the faces that show an expression are found, the best first; None without such figures."""
    named = [(label, record.figure(EXPRESSION, f"recall of {label}")) for label in record.confusion.labels]
    rows = [NamedFigure(label, figure, figure.n < FEW) for label, figure in named if figure]
    if not rows:
        return None
    rows.sort(key=lambda row: -row.figure.value)
    best, worst = rows[0], rows[-1]
    cells = tuple(Row((row.name, figure_text("recall", row.figure), count(row.figure.n)), row.is_few) for row in rows)
    return Chart(
        slug="expressions-found",
        title="Which expressions are found",
        says=f"Of 100 faces that show {best.name}, {of_hundred(best.figure.value)} are found; of 100 that show "
        f"{worst.name}, {of_hundred(worst.figure.value)}.",
        plots=(row_plot(rows, overall=None, axis="faces that are found", step=0.2, pitch=34.0),),
        table=Table("Faces found, by the expression that is shown", ("Shows", "Found (95% interval)", "Faces"), cells),
        keys=(Key("estimate", "measured, with its interval"), *few_key(rows)),
    )
