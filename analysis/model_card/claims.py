"""What an answer owes to what is claimed: the same face, said to be of another age or gender."""

from collections.abc import Sequence
from typing import Final

from analysis.model_card.axes import level, outward, round_steps, scale
from analysis.model_card.canvas import RIGHT, Chart, Dot, Key, Note, Path, Plot, Row, Table, Tick
from analysis.model_card.rows import LEFT, TOP, framed
from analysis.model_card.ways import Way, Ways
from analysis.model_card.words import figure_text, percent, way_name

_PITCH: Final = 46.0
"""Between ways; their marks lie closer together than that."""

_BETWEEN: Final = 11.0
_STEP: Final = 0.02
_KINDS: Final = ("curve", "second", "third")


def claims_chart(ways: Ways) -> Chart:
    """The share of answers that change, a row for each way that is told and a mark for each claim."""
    changing = [way for way in ways.ways if way.changes]
    claims = tuple(changing[0].changes)
    rows = tuple(
        Row((way_name(way.name), *(figure_text("share", way.changes.get(claim)) for claim in claims)))
        for way in changing
    )
    return Chart(
        slug="conditioning-claims",
        title="Answers that change with what is claimed",
        says=_says(ways),
        plots=(_plot(changing, claims),),
        table=Table(
            "Answers that change, with 95% intervals", ("Expression head", *(f"Claim: {c}" for c in claims)), rows
        ),
        keys=tuple(Key(kind, claim) for kind, claim in zip(_KINDS, claims, strict=False)),
    )


def _says(ways: Ways) -> str:
    share, name, claim = max((figure.value, way.name, c) for way in ways.told for c, figure in way.changes.items())
    is_told = any(way.changes for way in ways.ways if way.name == ways.released)
    rest = "" if is_told else " The released network takes no claim, so none changes its answers."
    return (
        "The same face, claimed to be of the other gender, older or younger. Most answers change with "
        f"“{way_name(name)}” and “{claim}”: {percent(share, 1)}.{rest}"
    )


def _plot(changing: Sequence[Way], claims: Sequence[str]) -> Plot:
    figures = [figure for way in changing for figure in way.changes.values()]
    low, high = outward([0.0, _STEP, *(figure.high for figure in figures)], _STEP)
    x, bottom = scale(low, high, LEFT, RIGHT - 6), TOP + _PITCH * len(changing)
    paths: list[Path] = []
    dots: list[Dot] = []
    notes: list[Note] = []
    for at, way in enumerate(changing):
        middle = round(TOP + (at + 0.5) * _PITCH, 1)
        notes.append(Note(LEFT - 8, middle + 4, way_name(way.name), "end", "name"))
        for place, (kind, claim) in enumerate(zip(_KINDS, claims, strict=False)):
            figure, y = way.changes[claim], middle + (place - 1) * _BETWEEN
            paths.append(Path(level(y, x(figure.low), x(figure.high)), f"whisker {kind}"))
            dots.append(Dot(x(figure.value), y, kind))
    ticks = [Tick(x(at), percent(at)) for at in round_steps(low, high, 5)]
    return framed(bottom, ticks, "answers that change", paths=paths, dots=dots, notes=notes)
