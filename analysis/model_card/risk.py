"""Risk and coverage: what happens to the answers when it may leave the least sure ones at "not sure"."""

from collections.abc import Iterator
from typing import Final

from analysis.model_card.axes import polyline, round_steps, scale, upright
from analysis.model_card.canvas import LEFT, RIGHT, TOP, WIDTH, Chart, Dot, Key, Note, Path, Plot, Row, Table, Tick
from analysis.model_card.types import Curve, Record
from analysis.model_card.words import of_hundred, percent, years

_BOTTOM: Final = 200.0
_TITLES: Final = {"emotion": "Expression", "gender": "Gender", "age": "Age"}


def risk_charts(record: Record) -> Iterator[Chart]:
    """Expression and gender as shares of wrong answers, age as its average error."""
    for head, title in _TITLES.items():
        curve = record.risk_coverage.get(head)
        if curve:
            is_age = head == "age"
            keys = (
                Key("plain", "for every threshold"),
                *((Key("served", "as Facet answers"),) if curve.served else ()),
            )
            yield Chart(
                slug=f"risk-{head}",
                title=title,
                says=_age_says(curve) if is_age else _says(curve),
                plots=(_plot(curve, is_age=is_age),),
                table=_table(title, curve, is_age=is_age),
                keys=keys,
            )


def _says(curve: Curve) -> str:
    everybody = f"Made to answer for every face, it is wrong for {of_hundred(curve.risk[-1])} of 100."
    if curve.served is None:
        return everybody
    coverage, risk = curve.served
    return (
        f"{everybody} As Facet runs, it answers for {of_hundred(coverage)} of 100, and of 100 answers "
        f"{of_hundred(risk)} are wrong."
    )


def _age_says(curve: Curve) -> str:
    half = min(range(len(curve.coverage)), key=lambda at: abs(curve.coverage[at] - 0.5))
    return (
        f"Facet gives every face an age, {years(curve.risk[-1])} years off on average; for the half of the faces with "
        f"the narrowest ranges it is {years(curve.risk[half])}."
    )


def _plot(curve: Curve, *, is_age: bool) -> Plot:
    risks = [*curve.risk, *((curve.served[1],) if curve.served else ())]
    steps = round_steps(0, max(*risks, 1e-3) * 1.08, 5)
    high = max(max(risks) * 1.08, steps[-1], 1e-3)
    x, y = scale(0, 1, LEFT, RIGHT), scale(0, high, _BOTTOM, TOP)
    xs, ys = [x(value) for value in curve.coverage], [y(value) for value in curve.risk]
    served = curve.served
    return Plot(
        height=_BOTTOM + 40,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=_BOTTOM,
        x_ticks=tuple(Tick(x(step), percent(step)) for step in round_steps(0, 1)),
        y_ticks=tuple(Tick(y(step), f"{step:g}" if is_age else percent(step)) for step in steps),
        x_title="faces that get an answer",
        y_title="average error, years" if is_age else "answers that are wrong",
        paths=(
            Path(f"{polyline(xs, ys)} V{_BOTTOM:g} H{xs[0]:g} Z", "under"),
            Path(polyline(xs, ys), "plain"),
            *((Path(upright(x(served[0]), y(served[1]), _BOTTOM), "ideal"),) if served else ()),
        ),
        dots=(Dot(x(served[0]), y(served[1]), "served"),) if served else (),
        notes=(_served_note(served, x(served[0]), y(served[1])),) if served else (),
    )


def _served_note(served: tuple[float, float], x: float, y: float) -> Note:
    anchor = "end" if x > WIDTH / 2 else "start"
    return Note(x - 9 if anchor == "end" else x + 9, y - 7, f"{percent(served[1])} wrong", anchor, "note strong")


def _table(title: str, curve: Curve, *, is_age: bool) -> Table:
    rows = tuple(
        Row((percent(coverage), f"{risk:.2f}" if is_age else percent(risk, 1)))
        for coverage, risk in zip(curve.coverage, curve.risk, strict=True)
    )
    head = "Average error, years" if is_age else "Wrong answers"
    return Table(f"{title}: error by share of faces answered", ("Faces answered", head), rows)
