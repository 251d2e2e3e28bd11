"""What a worse box or picture costs."""

from pathlib import Path
from typing import Any, Final

from models_store.training.measure.pictures import style
from models_store.training.measure.record import Json

TITLES: Final = {
    "shift": "Box moved",
    "scale": "Box grown or shrunk",
    "rotation": "Face turned",
    "blur": "Blurred",
    "jpeg": "JPEG",
}
UNITS: Final = {
    "shift": "% of the face's side",
    "scale": "times the face's side",
    "rotation": "degrees",
    "blur": "sigma, px of a 64 px face",
    "jpeg": "quality, 64 px face",
}


def tolerance(document: Json, path: Path) -> None:
    """Accuracies above, the age error below, one column for each kind of change, with 95 % bands."""
    curves = document["plots"]["tolerance"]
    figure, grid = style.canvas(2, len(curves), (15.0, 6.0), sharey="row", sharex="col")
    for column, (name, curve) in enumerate(curves.items()):
        above, below = grid[0, column], grid[1, column]
        _line(above, curve, "emotion_accuracy", style.EXPRESSION)
        _line(above, curve, "gender_accuracy", style.GENDER)
        _line(below, curve, "age_mae", style.AGE)
        above.set_title(TITLES[name])
        below.set_xlabel(UNITS[name])
        for axes in (above, below):
            axes.axvline(curve["neutral"], color=style.GREY, linestyle=":", linewidth=1)
            style.grid(axes)
        if name == "jpeg":
            below.invert_xaxis()
    first = next(iter(curves.values()))["points"][0]
    for key, label, colour in (
        ("gender_accuracy", "gender", style.GENDER),
        ("emotion_accuracy", "expression", style.EXPRESSION),
    ):
        place = (0.05, first[key]["value"])
        grid[0, 0].annotate(
            label, place, xytext=(4, -15), textcoords="offset points", color=colour, xycoords=("axes fraction", "data")
        )
    grid[0, 0].set_ylabel("accuracy")
    style.per_cent(grid[0, 0].yaxis)
    grid[1, 0].set_ylabel("age, mean error in years")
    grid[1, 0].set_ylim(bottom=0)
    n, m = first["emotion_accuracy"]["n"], first["age_mae"]["n"]
    title = f"Tolerance on {n} FER+ and {m} UTKFace validation faces, {document['model']}; dotted: unchanged"
    style.save(figure, title, path)


def _line(axes: Any, curve: Json, key: str, colour: str) -> None:
    amounts = [point["amount"] for point in curve["points"]]
    figures = [point[key] for point in curve["points"]]
    low, high = [figure["low"] for figure in figures], [figure["high"] for figure in figures]
    axes.fill_between(amounts, low, high, color=colour, alpha=0.18, linewidth=0)
    values = [figure["value"] for figure in figures]
    axes.plot(amounts, values, color=colour, marker="o", markersize=3.5, linewidth=1.8)
