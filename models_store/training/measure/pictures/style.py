"""One look for all pictures. Colour-blind people can tell the colours apart (Okabe & Ito 2008)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from models_store.training.measure.record import Json

BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
INK: Final = "#222222"
GREY: Final = "#767676"
PALE: Final = "#D9D9D9"
EXPRESSION, GENDER, AGE = BLUE, VERMILLION, GREEN


def canvas(rows: int, columns: int, size: tuple[float, float], **options: Any) -> tuple[Any, Any]:
    """A figure of `size` inches and its axes (rows, columns)."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update(
        {
            "font.size": 9.5,
            "axes.titlesize": 10.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.axisbelow": True,
        }
    )
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **options)
    return figure, axes


def save(figure: Any, title: str, path: Path) -> None:
    """Give the figure its title, write it as PNG and let it go."""
    from matplotlib import pyplot as plt

    figure.suptitle(title, x=0.01, ha="left", fontsize=11.5)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def grid(axes: Any, axis: str = "both") -> None:
    """Faint lines to read values off."""
    axes.grid(axis=axis, color=PALE, linewidth=0.7)


def reach(figure: Json) -> tuple[list[list[float]], float]:
    """Error bar lengths below and above, and the value. A value outside its interval gets a bar on one side only."""
    value = figure["value"]
    return [[max(value - figure["low"], 0.0)], [max(figure["high"] - value, 0.0)]], value


def whiskers(axes: Any, at: Sequence[float], figures: Sequence[Json], colour: str, **options: Any) -> None:
    """Points with their 95 % intervals, upright."""
    for place, figure in zip(at, figures, strict=True):
        lengths, value = reach(figure)
        axes.errorbar([place], [value], yerr=lengths, color=colour, capsize=2.5, marker="o", markersize=4, **options)


def per_cent(axis: Any) -> None:
    """Show shares as whole per cent."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
