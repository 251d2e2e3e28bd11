"""The comparison as a picture: each way's distance from the plain network, with its interval."""

from pathlib import Path
from typing import Any

from models_store.training.ablation.ways import PLAIN


def draw(document: dict[str, Any], path: Path) -> None:
    """Draw differences in accuracy and macro-F1, in points, as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = [name for name in document["ways"] if name != PLAIN.name]
    chart, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
    for one, measure in zip(axes, ("accuracy", "macro F1"), strict=True):
        for row, name in enumerate(names):
            difference = document["ways"][name][f"against {PLAIN.name}"][measure]
            value, low, high = (100 * difference[key] for key in ("value", "low", "high"))
            one.plot([low, high], [row, row], color="#7a8794", linewidth=2.5, solid_capstyle="round")
            one.plot(value, row, "o", color="#0b5fa5", markersize=8)
            one.annotate(f"{value:+.1f}", (value, row), xytext=(0, 8), textcoords="offset points", ha="center")
        one.axvline(0, color="#222222", linewidth=1)
        one.set(xlabel=f"{measure}, points from {PLAIN.name}", ylim=(len(names) - 0.4, -0.7))
        one.grid(axis="x", alpha=0.25)
        one.spines[["top", "right", "left"]].set_visible(False)
        one.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(len(names)), names)
    chart.savefig(path, dpi=110)
    plt.close(chart)
