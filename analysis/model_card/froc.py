"""Faces found against false boxes a photo: the curve of each detector over all its thresholds."""

import math
from collections.abc import Sequence
from typing import Final

from analysis.model_card.axes import Scale, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Chart, Dot, Key, Path, Plot, Row, Table, Tick
from analysis.model_card.detectors import RECALL, Detector, Froc
from analysis.model_card.words import detector_name, of_hundred, percent

RATE: Final = 0.1
_BOTTOM: Final = 200.0
_LEAST: Final = 0.005
"""Where points without a false box stand: the axis is logarithmic."""

_DECADES: Final = (0.01, 0.1, 1.0, 10.0, 100.0)


def froc_chart(detectors: Sequence[Detector], kinds: Sequence[str]) -> Chart:
    """One line for each detector, a mark where it serves."""
    first, *others = detectors
    beside = "".join(f", {detector_name(one.name)} {of_hundred(_recall(one))}" for one in others)
    false, recall = first.froc.served
    return Chart(
        slug="finding-froc",
        title="Faces found against false boxes",
        says=(
            f"With one false box in ten photos {detector_name(first.name)} finds {of_hundred(_recall(first))} of 100 "
            f"faces{beside}. At the mark, as it runs: {of_hundred(recall)}, with {false:.2f} false boxes a photo."
        ),
        plots=(_plot(detectors, kinds),),
        table=_table(detectors),
        keys=(
            *(Key(kind, detector_name(one.name)) for kind, one in zip(kinds, detectors, strict=False)),
            Key("ideal", "one false box in ten photos"),
        ),
    )


def _recall(detector: Detector) -> float:
    return detector.figures[RECALL].value


def _plot(detectors: Sequence[Detector], kinds: Sequence[str]) -> Plot:
    most = max(max(detector.froc.false) for detector in detectors)
    end = next(decade for decade in _DECADES if decade >= min(max(most, RATE), _DECADES[-1]))
    places = scale(math.log10(_LEAST), math.log10(end), LEFT, RIGHT)
    y = scale(0, 1, _BOTTOM, TOP)

    def x(false: float) -> float:
        return places(math.log10(min(max(false, _LEAST), end)))

    pairs = list(zip(kinds, detectors, strict=False))
    return Plot(
        height=_BOTTOM + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_BOTTOM,
        x_ticks=tuple(Tick(x(step), f"{step:g}") for step in _DECADES if step <= end),
        y_ticks=tuple(Tick(y(step), percent(step)) for step in round_steps(0, 1)),
        x_title="false boxes a photo",
        y_title="faces found",
        paths=(
            Path(upright(x(RATE), TOP, _BOTTOM), "ideal"),
            *(Path(_steps(detector.froc, x, y), kind) for kind, detector in pairs),
        ),
        dots=tuple(Dot(x(one.froc.served[0]), y(one.froc.served[1]), kind) for kind, one in pairs),
    )


def _steps(curve: Froc, x: Scale, y: Scale) -> str:
    """Path data: level until the next false box, then up to what it brings."""
    d = f"M{x(curve.false[0]):g} {y(curve.recall[0]):g}"
    for false, recall in zip(curve.false[1:], curve.recall[1:], strict=True):
        d += f" H{x(false):g} V{y(recall):g}"
    return d


def _table(detectors: Sequence[Detector]) -> Table:
    """What is found up to round numbers of false boxes; a dash beyond what a detector ever says."""
    rates = (0.0, 0.01, 0.02, 0.05, RATE, 0.2, 0.5, 1.0)
    rows = tuple(Row((f"{rate:g}", *(_up_to(detector.froc, rate) for detector in detectors))) for rate in rates)
    names = (detector_name(detector.name) for detector in detectors)
    return Table("Faces found by false boxes a photo", ("False boxes a photo, at most", *names), rows)


def _up_to(curve: Froc, rate: float) -> str:
    return percent(max(recall for false, recall in zip(curve.false, curve.recall, strict=True) if false <= rate), 1)
