"""Groups of people side by side."""

from pathlib import Path
from typing import Any, Final

from models_store.training.measure.fairness import ANY, LEAST_COMPARED
from models_store.training.measure.pictures import style
from models_store.training.measure.record import Json

PANELS: Final = (
    ("mae", "Age: mean error, years"),
    ("coverage", "90 % age interval holds"),
    ("gender_accuracy", "Gender right, from 3 years"),
    ("gender_not_sure", "Gender “not sure”, from 3 years"),
)


def fairness(document: Json, path: Path) -> None:
    """Four measures by race and gender, all ages together; the line is everybody, groups with few faces are grey."""
    rows = [row for row in document["fairness"]["rows"] if row["band"] == ANY]
    crossed = [row for row in rows if row["race"] != ANY and row["gender"] != ANY][::-1]
    everybody = next(row for row in rows if row["race"] == ANY and row["gender"] == ANY)
    figure, grid = style.canvas(1, len(PANELS), (14.4, 4.6), sharey=True)
    for axes, (measure, title) in zip(grid[0], PANELS, strict=True):
        axes.axvline(everybody[measure]["value"], color=style.GREY, linestyle="--", linewidth=1)
        for at, row in enumerate(crossed):
            if row[measure] is not None:
                _point(axes, at, row, measure)
        axes.set_title(title)
        style.grid(axes, "x")
        if measure != "mae":
            style.per_cent(axes.xaxis)
    names = [f"{row['race']} {row['gender']}  (n {row['n']})" for row in crossed]
    grid[0, 0].set_yticks(range(len(crossed)), names)
    title = f"By race and gender as UTKFace labels them, test faces, {document['model']}; dashed: everybody"
    style.save(figure, title, path)


def _point(axes: Any, at: int, row: Json, measure: str) -> None:
    lengths, value = style.reach(row[measure])
    known = row[measure]["n"] >= LEAST_COMPARED
    colour = style.GREY if not known else style.BLUE if row["gender"] == "female" else style.VERMILLION
    marker = "o" if row["gender"] == "female" else "s"
    axes.errorbar([value], [at], xerr=lengths, color=colour, marker=marker, markersize=5, capsize=2.5)
