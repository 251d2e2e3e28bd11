"""How well faces are found: the detector in use beside the one of the original system, in words and pictures."""

from dataclasses import dataclass
from typing import Final

from analysis.model_card.canvas import Chart, Key, Plot, Row, Table
from analysis.model_card.detectors import EMPTY, FALSE, RECALL, SERVED, Detector, Detectors
from analysis.model_card.froc import froc_chart
from analysis.model_card.lines import Line, line_plot
from analysis.model_card.rows import NamedFigure, few_key, row_plot
from analysis.model_card.types import FEW, Figure
from analysis.model_card.words import count, detector_name, figure_text, of_hundred

SIZES: Final = {"20-32": "20 to 32 px", "32-48": "32 to 48 px", "48-96": "48 to 96 px", "96+": "96 px or more"}
"""Heights of faces in the record, and as the page says them."""

MASKS: Final = ("with a mask", "without a mask")
KINDS: Final = ("curve", "second", "third")


@dataclass(frozen=True, slots=True)
class Finding:
    """The section: the answer in sentences, how much it rests on, the pictures, and every figure."""

    model: str
    answer: str
    photos: str
    faces: str
    charts: tuple[Chart, ...]
    table: Table


def finding_of(record: Detectors) -> Finding:
    """The record as sentences and pictures."""
    first = record.detectors[0]
    turned = _turned(record)
    return Finding(
        model=record.model,
        answer=_answer(record),
        photos=count(first.figures[FALSE].n),
        faces=count(first.figures[RECALL].n),
        charts=(froc_chart(record.detectors, KINDS), _sizes(first), *((turned,) if turned else ())),
        table=_table(record),
    )


def _answer(record: Detectors) -> str:
    return " ".join(
        f"{detector_name(one.name)} finds {of_hundred(one.figures[SERVED].value)} of 100 faces and puts "
        f"{100 * one.figures[EMPTY].value:.0f} false boxes into 100 photos without a face."
        for one in record.detectors
    )


def _sizes(first: Detector) -> Chart:
    wanted = [(said, f"recall, height {size}") for size, said in SIZES.items()]
    wanted += [(mask, f"recall of hand-drawn boxes, {mask}") for mask in MASKS]
    found = [(name, first.figures[title]) for name, title in wanted if title in first.figures]
    rows = [NamedFigure(name, figure, figure.n < FEW) for name, figure in found]
    cells = tuple(Row((row.name, figure_text("recall", row.figure), count(row.figure.n)), row.is_few) for row in rows)
    whole = first.figures[RECALL]
    return Chart(
        slug="finding-sizes",
        title="Small faces and masks",
        says=_sizes_say(first),
        plots=(row_plot(rows, overall=whole.value, axis="faces found", step=0.1),),
        table=Table(
            "Faces found at 0.1 false boxes a photo, with 95% intervals", ("Faces", "Found", "Faces measured"), cells
        ),
        keys=(
            Key("estimate", "faces found, with their interval"),
            Key("ideal", "all of 32 px or more"),
            *few_key(rows),
        ),
    )


def _sizes_say(first: Detector) -> str:
    """The smallest and the largest faces of which there are enough, and masks."""
    found = [(said, first.figures.get(f"recall, height {size}")) for size, said in SIZES.items()]
    known = [(said, figure) for said, figure in found if figure and figure.n >= FEW]
    masked = first.figures.get(f"recall of hand-drawn boxes, {MASKS[0]}")
    parts = []
    if len(known) > 1:
        (least, small), *_, (most, large) = known
        parts.append(
            f"Of the faces {least} high it finds {of_hundred(small.value)} of 100, of those of {most} "
            f"{of_hundred(large.value)}."
        )
    if masked and masked.n >= FEW:
        parts.append(f"Of faces behind a mask, marked by people, it finds {of_hundred(masked.value)} of 100.")
    return " ".join(parts)


def _turned(record: Detectors) -> Chart | None:
    """How recall falls when the photo is turned; None where that was not measured."""
    detectors = [detector for detector in record.detectors if "rotation" in detector.tolerance]
    if not detectors:
        return None
    (start, upright), *_, (amount, end) = detectors[0].tolerance["rotation"]
    lines = [Line(kind, detector.tolerance["rotation"]) for kind, detector in zip(KINDS, detectors, strict=False)]
    return Chart(
        slug="finding-rotation",
        title="Tilted heads",
        says=(
            f"With the photo turned by {amount:g} degrees, {detector_name(detectors[0].name)} finds "
            f"{of_hundred(end.value)} of 100 faces instead of {of_hundred(upright.value)}."
        ),
        plots=(_turned_plot(lines, start),),
        table=_turned_table(detectors),
        keys=tuple(Key(line.kind, detector_name(one.name)) for line, one in zip(lines, detectors, strict=True)),
    )


def _turned_plot(lines: list[Line], start: float) -> Plot:
    return line_plot(lines, neutral=start, x_title="degrees", y_title="faces found")


def _turned_table(detectors: list[Detector]) -> Table:
    amounts = [amount for amount, _ in detectors[0].tolerance["rotation"]]
    by_amount = [dict(detector.tolerance["rotation"]) for detector in detectors]
    rows = tuple(
        Row((f"{amount:g}", *(figure_text("recall", found.get(amount)) for found in by_amount))) for amount in amounts
    )
    names = (detector_name(detector.name) for detector in detectors)
    return Table("Faces found in turned photos, with 95% intervals", ("Degrees", *names), rows)


def _table(record: Detectors) -> Table:
    """Every figure, the detectors side by side."""
    names = list(dict.fromkeys(name for detector in record.detectors for name in detector.figures))
    rows = []
    for name in names:
        found = [detector.figures.get(name) for detector in record.detectors]
        least = next(figure.n for figure in found if figure)
        rows.append(Row((_said(name), *(_cell(name, figure) for figure in found), count(least)), least < FEW))
    columns = ("Figure", *(detector_name(detector.name) for detector in record.detectors), "Faces or photos")
    return Table("Detectors on the test photos, with 95% intervals", columns, tuple(rows))


_SAID: Final = {
    "recall of hand-drawn boxes": "Found, of faces marked by people",
    "recall, photos of ": "Found in photos of ",
    "recall, height ": "Found, height in pixels ",
    "recall": "Found",
    "false boxes": "False boxes",
    "landmark error": "Landmark error",
}


def _said(name: str) -> str:
    """The name of a figure as people would say it; an unknown one stays as it is."""
    start = next((start for start in _SAID if name.startswith(start)), "")
    return _SAID.get(start, "") + name.removeprefix(start)


def _cell(name: str, figure: Figure | None) -> str:
    if figure is None or not name.startswith("false boxes"):
        return figure_text("recall", figure)
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
