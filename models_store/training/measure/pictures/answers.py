"""What is confused with what, whether confidence means what it says, and what "not sure" buys."""

from pathlib import Path
from typing import Any

import numpy as np

from models_store.training.measure.pictures import style
from models_store.training.measure.record import Json


def confusion(document: Json, path: Path) -> None:
    """Shares of each true expression by answer, with the numbers of faces."""
    plot = document["plots"]["confusion"]
    counts = np.array(plot["counts"])
    total = counts.sum(axis=1)
    shares = counts / np.maximum(total, 1)[:, np.newaxis]
    figure, grid = style.canvas(1, 1, (8.2, 6.6))
    axes = grid[0, 0]
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            text = f"{100 * shares[row, column]:.0f} %\n{counts[row, column]:,}"
            colour = "white" if shares[row, column] > 0.55 else style.INK
            axes.text(column, row, text, ha="center", va="center", fontsize=8.5, color=colour)
    labels = [f"{name}  ({count:,})" for name, count in zip(plot["labels"], total, strict=True)]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks(range(len(labels)), plot["labels"], rotation=30, ha="right")
    axes.set(ylabel="expression by majority of the annotators (faces)", xlabel="likeliest expression by the network")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, shrink=0.75, label="share of the row")
    style.per_cent(bar.ax.yaxis)
    style.save(figure, f"Expressions on the FER+ test, {document['model']}", path)


def _diagram(axes: Any, bins: list[Json], colour: str, start: float) -> None:
    axes.plot([start, 1], [start, 1], color=style.GREY, linestyle="--", linewidth=1)
    low = [max(entry["right"] - entry["low"], 0) for entry in bins]
    high = [max(entry["high"] - entry["right"], 0) for entry in bins]
    claimed, found = [entry["confidence"] for entry in bins], [entry["right"] for entry in bins]
    axes.errorbar(claimed, found, yerr=[low, high], color=colour, marker="o", markersize=4, capsize=2, linewidth=1.4)
    axes.set(xlim=(start, 1.02), ylim=(start, 1.02), xlabel="claimed confidence")
    axes.text(0.97, 0.04, "below the line:\nclaims too much", transform=axes.transAxes, ha="right", color=style.GREY)
    axes.text(0.03, 0.96, "above the line:\nclaims too little", transform=axes.transAxes, va="top", color=style.GREY)
    for axis in (axes.xaxis, axes.yaxis):
        style.per_cent(axis)
    style.grid(axes)


def reliability(document: Json, path: Path) -> None:
    """Claimed confidence beside what came true, in bins of equally many faces with Wilson intervals."""
    plot = document["plots"]["reliability"]
    figure, grid = style.canvas(1, 3, (12.6, 4.4))
    panels = (
        ("emotion", "Expression: majority", "share whose majority agrees", style.EXPRESSION),
        ("emotion_votes", "Expression: single votes", "share of votes for the answer", style.EXPRESSION),
        ("gender", "Gender, from 3 years", "share right", style.GENDER),
    )
    for axes, (key, title, label, colour) in zip(grid[0], panels, strict=True):
        lowest = min(min(entry["confidence"], entry["low"]) for entry in plot[key])
        _diagram(axes, plot[key], colour, max(np.floor(10 * lowest) / 10, 0.0))
        axes.set(title=title, ylabel=label)
    style.save(figure, f"Does confidence mean what it says? Test faces, {document['model']}", path)


def risk_coverage(document: Json, path: Path) -> None:
    """The error among the answers kept, the least sure dropped first, and where the product stands."""
    plot = document["plots"]["risk_coverage"]
    figure, grid = style.canvas(1, 3, (12.6, 4.0))
    panels = (
        ("emotion", "Expression", "wrong among the answered", style.EXPRESSION),
        ("gender", "Gender", "wrong among the answered", style.GENDER),
        ("age", "Age", "mean error of the kept, years", style.AGE),
    )
    for axes, (key, title, label, colour) in zip(grid[0], panels, strict=True):
        curve = plot[key]
        axes.plot(curve["coverage"], curve["risk"], color=colour, linewidth=2)
        served = curve["served"]
        if served:
            axes.plot([served["coverage"]], [served["risk"]], marker="o", markersize=8, color=style.INK)
            note = f"served: {100 * served['coverage']:.0f} % answered,\n{100 * served['risk']:.1f} % of them wrong  "
            place = (served["coverage"], served["risk"])
            axes.annotate(note, place, xytext=(-14, 26), textcoords="offset points", ha="right")
        axes.set(title=title, xlabel="share of faces kept, most confident first", ylabel=label, xlim=(0, 1.02))
        axes.set_ylim(bottom=0, top=1.25 * max(curve["risk"]))
        style.per_cent(axes.xaxis)
        if key != "age":
            style.per_cent(axes.yaxis)
        style.grid(axes)
    style.save(figure, f"What “not sure” buys, test faces, {document['model']}", path)
