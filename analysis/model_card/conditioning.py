"""Does telling the expression head age and gender help: the answer in words, and what it rests on as pictures."""

from dataclasses import dataclass
from typing import Final

from analysis.model_card.canvas import Chart, Key, Row, Table
from analysis.model_card.claims import claims_chart
from analysis.model_card.rows import NamedFigure, row_plot
from analysis.model_card.types import FEW, Figure
from analysis.model_card.ways import PLACEBO, PLAIN, Way, Ways
from analysis.model_card.words import count, figure_text, points_text, signed, way_name


@dataclass(frozen=True, slots=True)
class Conditioning:
    """The section: the answer in a sentence, what is released, how much it rests on, and the pictures."""

    answer: str
    released: str
    ways: int
    seeds: int
    faces: str
    charts: tuple[Chart, ...]


_STEP: Final = 0.005
"""Half a point."""


def conditioning_of(ways: Ways) -> Conditioning:
    """The comparison as sentences and pictures."""
    return Conditioning(
        answer=_answer(ways),
        released=_released(ways),
        ways=len(ways.ways),
        seeds=ways.seeds,
        faces=count(ways.faces),
        charts=(_differences(ways), claims_chart(ways)),
    )


def _answer(ways: Ways) -> str:
    if not ways.helpful:
        return "No. No way of telling it was right more often than both the networks it is compared with."
    names = " and ".join(f"“{way_name(name)}”" for name in ways.helpful)
    return f"Yes. {names} {'is' if len(ways.helpful) == 1 else 'are'} right more often than both networks compared with."


def _released(ways: Ways) -> str:
    told = ways.released in {way.name for way in ways.told}
    if not told:
        also = " all the same" if ways.helpful else ""
        return f"The released network is “{way_name(ways.released)}”{also}: no estimate of age or gender reaches the expression."
    despite = "" if ways.released in ways.helpful else ", although that did not help"
    return f"The released network is “{way_name(ways.released)}”{despite}: its estimates of age and gender reach the expression."


def _differences(ways: Ways) -> Chart:
    found = [(way, way.against_plain.accuracy) for way in ways.ways if way.against_plain]
    rows = [NamedFigure(way_name(way.name), figure, figure.n < FEW) for way, figure in found]
    return Chart(
        slug="conditioning-accuracy",
        title="Right answers, against “told nothing”",
        says=_says(ways),
        plots=(row_plot(rows, overall=0.0, axis="difference in right answers, points", step=_STEP, tick=_points),),
        table=_table(ways),
        keys=(Key("estimate", "difference, with its interval"), Key("ideal", way_name(PLAIN))),
    )


def _says(ways: Ways) -> str:
    against = {way.name: way.against_plain.accuracy for way in ways.ways if way.against_plain}
    best = max((way.name for way in ways.told), key=lambda name: against[name].value)
    chance = " That may be chance." if against[best].low <= 0 <= against[best].high else ""
    return (
        f"“{_capital(way_name(best))}” does best of the ways of telling: {points_text(against[best])}.{chance} "
        f"“{_capital(way_name(PLACEBO))}” has as many weights and nothing to learn from them: "
        f"{points_text(against[PLACEBO])}."
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _points(share: float) -> str:
    """0.005 as "+0.5"; nothing without a sign."""
    return signed(100 * share) if share else "0"


def _table(ways: Ways) -> Table:
    columns = (
        "Expression head", "Right answers", f"Against “{way_name(PLAIN)}”", "p",
        f"Against “{way_name(PLACEBO)}”", "p", "Faces",
    )  # fmt: skip
    return Table("Right answers, with 95% intervals; p is McNemar’s", columns, tuple(map(_row, ways.ways)))


def _row(way: Way) -> Row:
    cells = [way_name(way.name), figure_text("accuracy", way.accuracy)]
    for difference in (way.against_plain, way.against_placebo):
        cells += [points_text(difference.accuracy), _p_text(difference.p)] if difference else ["–", "–"]  # noqa: RUF001
    return Row((*cells, count(way.accuracy.n)), way.accuracy.n < FEW)


def _p_text(p: float) -> str:
    return "under 0.01" if p < 0.01 else f"{p:.2f}"
