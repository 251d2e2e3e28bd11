"""The pictures of the card, drawn from the record alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from models_store.training.detection.measure.figures import BANDS
from models_store.training.detection.measure.froc import RATE
from models_store.training.detection.measure.matching import LEAST_HEIGHT, SMALL_HEIGHT
from models_store.training.measure.pictures import style
from models_store.training.measure.record import Json

COLOURS: Final = (style.BLUE, style.VERMILLION, style.GREEN)
"""The default detector first."""

LEFT: Final = 0.004
"""Where points without any false box stand on the logarithmic axis."""

FULL: Final = 1.02
"""Where an axis of shares ends, so that marks at 100 % stay whole."""

SIZES: Final = (f"{SMALL_HEIGHT:g}-{LEAST_HEIGHT:g}", *BANDS)
MASKS: Final = ("with a mask", "without a mask")

TITLES: Final = {
    "rotation": "Photo turned",
    "darkness": "Darker",
    "blur": "Blurred",
    "jpeg": "JPEG",
    "cover": "Lower face covered",
}
UNITS: Final = {
    "rotation": "degrees",
    "darkness": "stops",
    "blur": "sigma, px of the photo",
    "jpeg": "quality",
    "cover": "% of the face's height",
}


def froc(document: Json, path: Path) -> None:
    """Recall against false boxes a photo; a large mark where a detector serves."""
    figure, grid = style.canvas(1, 1, (7.6, 4.8))
    axes = grid[0, 0]
    axes.axvline(RATE, color=style.GREY, linestyle=":", linewidth=1)
    for colour, (name, curve) in zip(COLOURS, document["froc"].items(), strict=False):
        false = [max(value, LEFT) for value in curve["false"]]
        axes.plot(false, curve["recall"], color=colour, linewidth=1.8, drawstyle="steps-post", label=name)
        served = curve["served"]
        axes.plot(
            [max(served["false"], LEFT)], [served["recall"]], color=colour, marker="o", markersize=9, clip_on=False
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(left=LEFT)
    axes.set_ylim(0, FULL)
    axes.set_xlabel(f"false boxes a photo; dotted: {RATE:g}")
    axes.set_ylabel("faces found")
    style.per_cent(axes.yaxis)
    style.grid(axes)
    axes.legend(frameon=False, loc="lower right")
    style.save(
        figure, f"Faces found against false boxes, test photos, {document['model']}; large mark: as it serves", path
    )


def size(document: Json, path: Path) -> None:
    """Recall by the height of the face, and of hand-drawn boxes by mask, with 95 % intervals."""
    figure, grid = style.canvas(1, 2, (10.4, 4.2), sharey=True, width_ratios=(2, 1))
    parts = {name: document["figures"][f"{name}, test"] for name in document["froc"]}
    _groups(grid[0, 0], parts, [f"recall, height {band}" for band in SIZES], SIZES)
    _groups(grid[0, 1], parts, [f"recall of hand-drawn boxes, {mask}" for mask in MASKS], MASKS)
    grid[0, 0].set_title("By height, pixels")
    grid[0, 1].set_title("Boxes drawn by people")
    grid[0, 0].set_ylabel("faces found")
    grid[0, 0].set_ylim(0, FULL)
    style.per_cent(grid[0, 0].yaxis)
    grid[0, 0].legend(frameon=False, loc="lower right")
    title = f"Faces found at {RATE:g} false boxes a photo, test photos, {document['model']}"
    style.save(figure, title, path)


def _groups(axes: Any, parts: Json, names: Sequence[str], labels: Sequence[str]) -> None:
    for at, (colour, (detector, figures)) in enumerate(zip(COLOURS, parts.items(), strict=False)):
        here = [(place, figures[name]) for place, name in enumerate(names) if name in figures]
        shift = (at - (len(parts) - 1) / 2) * 0.16
        places, found = [place + shift for place, _ in here], [figure for _, figure in here]
        style.whiskers(axes, places, found, colour)
        axes.plot([], [], color=colour, marker="o", markersize=4, label=detector)
    first = next(iter(parts.values()))
    shown = [f"{label}\n(n {first[name]['n']})" for label, name in zip(labels, names, strict=True) if name in first]
    axes.set_xticks([at for at, name in enumerate(names) if name in first], shown)
    axes.set_xlim(-0.5, len(names) - 0.5)
    style.grid(axes, "y")


def tolerance(document: Json, path: Path) -> None:
    """Recall in photos made worse, a panel for each kind of change, with 95 % bands."""
    every = document["tolerance"]
    first = next(iter(every.values()))
    figure, grid = style.canvas(1, len(first), (15.0, 3.8), sharey=True)
    for axes, (name, curve) in zip(grid[0], first.items(), strict=True):
        for colour, (detector, curves) in zip(COLOURS, every.items(), strict=False):
            _line(axes, curves[name], colour, detector)
        axes.axvline(curve["neutral"], color=style.GREY, linestyle=":", linewidth=1)
        axes.set_title(TITLES[name])
        axes.set_xlabel(UNITS[name])
        style.grid(axes)
        if name == "jpeg":
            axes.invert_xaxis()
    grid[0, 0].set_ylabel("faces found")
    grid[0, 0].set_ylim(0, FULL)
    style.per_cent(grid[0, 0].yaxis)
    grid[0, 0].legend(frameon=False)
    count = next(iter(first.values()))["points"][0]["recall"]["n"]
    style.save(figure, f"Faces found in worse photos, {count} test faces, {document['model']}; dotted: unchanged", path)


def _line(axes: Any, curve: Json, colour: str, label: str) -> None:
    amounts = [point["amount"] for point in curve["points"]]
    figures = [point["recall"] for point in curve["points"]]
    low, high = [figure["low"] for figure in figures], [figure["high"] for figure in figures]
    axes.fill_between(amounts, low, high, color=colour, alpha=0.18, linewidth=0)
    values = [figure["value"] for figure in figures]
    axes.plot(amounts, values, color=colour, marker="o", markersize=3.5, linewidth=1.8, label=label)


PICTURES: Final[dict[str, Callable[[Json, Path], None]]] = {"froc": froc, "size": size, "tolerance": tolerance}
"""By the last part of the file name: `facescout.froc.png`."""


def draw_all(document: Json, folder: Path, name: str) -> list[Path]:
    """Draw every picture of a record into `folder`; the files written, in order."""
    paths = [folder / f"{name}.{part}.png" for part in PICTURES]
    for draw, path in zip(PICTURES.values(), paths, strict=True):
        draw(document, path)
    return paths
