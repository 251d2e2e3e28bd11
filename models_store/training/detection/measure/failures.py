"""Known failures of the detector, worked out from the record: each sentence says what the figures say."""

from collections.abc import Iterator, Mapping
from typing import Final

from models_store.training.detection.measure.figures import AT
from models_store.training.detection.measure.tables import shown
from models_store.training.measure.costs import joined
from models_store.training.measure.record import Json, report_of
from models_store.training.metrics import Figure

LEAST_FACES: Final = 10
"""A source with fewer demanded faces is not named."""

LOSS: Final = 0.05
"""Points below the whole from which on a source is named."""

COST: Final = 0.1
"""A change is called costly from the amount on that costs so much recall."""

SOURCE: Final = "recall, photos of "

CHANGES: Final = {
    "rotation": "a photo turned by {:g} degrees",
    "darkness": "{:g} stops less light",
    "blur": "a blur of {:g} pixels",
    "jpeg": "JPEG of quality {:g}",
    "cover": "the lower {:g} % of the face covered",
}

UNMEASURED: Final = (
    "Most of the truth is what another, stronger detector found: a face that both miss is not counted, and where the "
    "two disagree the figures cannot tell which one is right. Only the hand-drawn boxes are independent of it.",
    "Nothing was measured by skin colour, age or gender: the photos carry no such labels. Whether some people are "
    "missed more often than others is not known.",
)


def bullets(document: Json, name: str) -> str:
    """The list for one detector, in Markdown."""
    figures = report_of(document)[f"{name}, test"]
    lines = [*sizes(figures), *masks(figures), *sources(figures), *false_boxes(figures), *landmarks(figures)]
    lines += costs(document["tolerance"][name])
    return "\n".join(f"- {line}" for line in [*lines, *UNMEASURED])


def sizes(figures: Mapping[str, Figure]) -> Iterator[str]:
    """What the smallest faces get, where that is less than the others by more than chance."""
    tiny, least = figures.get("recall, height 20-32"), figures.get("recall, height 32-48")
    if tiny and least and tiny.high < figures[f"recall {AT}"].value:
        yield (
            f"Small faces are missed most: of those 20 to 32 pixels high it finds {_brief(tiny)}, of those of 32 to 48 "
            f"{_brief(least)}."
        )


def masks(figures: Mapping[str, Figure]) -> Iterator[str]:
    """What a mask costs, where it costs more than chance."""
    masked, bare = (figures.get(f"recall of hand-drawn boxes, {who} a mask") for who in ("with", "without"))
    if masked and bare and masked.high < bare.value:
        yield f"Of faces with a mask it finds {_brief(masked)}, of hand-drawn ones without {_brief(bare)}."


def sources(figures: Mapping[str, Figure]) -> Iterator[str]:
    """In which collections it misses clearly more than on the whole."""
    whole = figures[f"recall {AT}"]
    worse = sorted(
        (found.value, name.removeprefix(SOURCE), found)
        for name, found in figures.items()
        if name.startswith(SOURCE) and found.n >= LEAST_FACES and found.value < whole.value - LOSS
    )
    if worse:
        named = joined([f"{source} ({_brief(found)})" for _, source, found in worse])
        yield f"More faces than on the whole ({_brief(whole)}) are missed in the photos of {named}."


def false_boxes(figures: Mapping[str, Figure]) -> Iterator[str]:
    """How often there is a face where there is none."""
    found = figures["false boxes on photos without faces as shipped"]
    yield (
        f"As it serves, 100 photos without any face get {100 * found.value:.0f} false boxes "
        f"({100 * found.low:.0f} to {100 * found.high:.0f})."
    )


def landmarks(figures: Mapping[str, Figure]) -> Iterator[str]:
    """Landmarks on profiles, where a small distance of the eyes makes shares large."""
    whole, facing = figures.get("landmark error"), figures.get("landmark error, not turned far")
    if whole and facing:
        yield (
            f"Landmarks are off by {_brief(facing)} of the distance between the eyes where a face is not turned far, "
            f"and by {_brief(whole)} with the profiles, whose eyes stand close to each other in the picture."
        )


def costs(tolerance: Json) -> Iterator[str]:
    """From which amount on a worse photo costs much."""
    costly: list[str] = []
    for name, curve in tolerance.items():
        neutral = next(point for point in curve["points"] if point["amount"] == curve["neutral"])
        points = sorted(curve["points"], key=lambda point: abs(float(point["amount"]) - float(curve["neutral"])))
        lost = (point for point in points if point["recall"]["value"] <= neutral["recall"]["value"] - COST)
        first = next(lost, None)
        if first is not None:
            costly.append(CHANGES[name].format(first["amount"]))
    if costly:
        yield f"These cost {100 * COST:g} points of recall or more: {joined(costly)}; see the picture of worse photos."


def _brief(figure: Figure) -> str:
    return shown("recall", figure, interval=False)
