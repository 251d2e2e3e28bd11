"""Does telling the expression head age and gender help: the answer in words, and what it rests on as pictures."""

from dataclasses import dataclass
from typing import Final

from analysis.model_card.canvas import Chart, Key, Row, Table
from analysis.model_card.claims import claims_chart
from analysis.model_card.rows import NamedFigure, row_plot
from analysis.model_card.types import FEW
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
    rule = "clearly right more often than both one told nothing and one told those of another face"
    if not ways.helpful:
        return f"No. No network that was told them was {rule}."
    names = " and that told by ".join(f"“{way_name(name)}”" for name in ways.helpful)
    return f"Yes. The network told by {names} {'was' if len(ways.helpful) == 1 else 'were'} {rule}."


def _released(ways: Ways) -> str:
    name = way_name(ways.released)
    if ways.released not in {way.name for way in ways.told}:
        return f"The released network is {name}{' all the same' if ways.helpful else ''}."
    despite = "" if ways.released in ways.helpful else ", although that did not help"
    return f"The released network is told them by “{name}”{despite}."


def _differences(ways: Ways) -> Chart:
    found = [(way, way.against_plain.accuracy) for way in ways.ways if way.against_plain]
    rows = [NamedFigure(way_name(way.name), figure, figure.n < FEW) for way, figure in found]
    return Chart(
        slug="conditioning-accuracy",
        title="Right answers, against “told nothing”",
        says=_says(ways),
        plots=(
            row_plot(
                rows, overall=0.0, axis="difference in right answers, points", step=_STEP, tick=_points, pitch=34.0
            ),
        ),
        table=_table(ways),
        keys=(Key("estimate", "difference, with its interval"), Key("ideal", way_name(PLAIN))),
    )


def _says(ways: Ways) -> str:
    against = {way.name: way.against_plain.accuracy for way in ways.ways if way.against_plain}
    best = max((way.name for way in ways.told), key=lambda name: against[name].value)
    chance = ", which may be chance" if against[best].low <= 0 <= against[best].high else ""
    return (
        f"Of the ways of telling, “{way_name(best)}” does best: {points_text(against[best])}{chance}. "
        f"“{_capital(way_name(PLACEBO))}”, which learns nothing from it: {points_text(against[PLACEBO])}."
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _points(share: float) -> str:
    return signed(round(100 * share, 6))


def _table(ways: Ways) -> Table:
    plain, placebo = (f"against “{way_name(name)}”" for name in (PLAIN, PLACEBO))
    columns = (
        "Expression head", "Right answers", _capital(plain), f"p, {plain}", _capital(placebo), f"p, {placebo}", "Faces",
    )  # fmt: skip
    return Table("Right answers, with 95% intervals and p by McNemar", columns, tuple(map(_row, ways.ways)))


def _row(way: Way) -> Row:
    cells = [way_name(way.name), figure_text("accuracy", way.accuracy)]
    for difference in (way.against_plain, way.against_placebo):
        cells += [points_text(difference.accuracy), _p_text(difference.p)] if difference else ["–", "–"]  # noqa: RUF001
    return Row((*cells, count(way.accuracy.n)), way.accuracy.n < FEW)


def _p_text(p: float) -> str:
    return "under 0.01" if p < 0.01 else f"{p:.2f}"
