"""How far off ages are, which way, and whether the interval holds."""

from pathlib import Path
from typing import Any

from models_store.training.measure.pictures import style
from models_store.training.measure.record import Json


def age_error(document: Json, path: Path) -> None:
    """Error and bias by age band, coverage and width of the 90 % interval by decade, with 95 % intervals."""
    bands, decades = document["plots"]["age_error"], document["plots"]["age_decades"]
    figure, grid = style.canvas(2, 2, (11.6, 7.4))
    _by_group(grid[0, 0], bands, "band", "mae", style.AGE)
    grid[0, 0].set(title="Mean absolute error", ylabel="years", ylim=(0, None))
    _by_group(grid[0, 1], bands, "band", "bias", style.VERMILLION)
    grid[0, 1].axhline(0, color=style.GREY, linewidth=1)
    grid[0, 1].set(title="Mean error: above 0 read as older, below as younger", ylabel="years")
    _by_group(grid[1, 0], decades, "decade", "coverage", style.BLUE)
    grid[1, 0].axhline(0.9, color=style.GREY, linestyle="--", linewidth=1)
    grid[1, 0].set(title="How often the 90 % interval holds the true age (dashed: 90 %)", ylabel="share of faces")
    grid[1, 0].set_ylim(top=1.01)
    style.per_cent(grid[1, 0].yaxis)
    _by_group(grid[1, 1], decades, "decade", "width", style.BLUE)
    grid[1, 1].set(title="Width of the interval", ylabel="years", ylim=(0, None))
    style.save(figure, f"Age on the UTKFace test, {document['model']}", path)


def _by_group(axes: Any, rows: list[Json], key: str, measure: str, colour: str) -> None:
    style.whiskers(axes, range(len(rows)), [row[measure] for row in rows], colour, linestyle="none", linewidth=1.6)
    for at, row in enumerate(rows):
        value = row[measure]["value"]
        text = f"{100 * value:.0f} %" if measure == "coverage" else f"{value:.1f}"
        axes.annotate(text, (at, value), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8.5)
    axes.set_xticks(range(len(rows)), [f"{row[key]}\nn {row['n']:,}" for row in rows])
    axes.set_xlabel("true age, years")
    axes.set_xlim(-0.4, len(rows) - 0.45)
    style.grid(axes, "y")
