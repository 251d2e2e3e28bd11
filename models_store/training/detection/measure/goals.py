"""What the detector must reach and aims for, on the scenes' test part (issue 4)."""

from collections.abc import Mapping
from typing import Final

from models_store.training.detection.measure.figures import AT
from models_store.training.measure.goals import Goal, Standing, at_least, at_most
from models_store.training.metrics import Figure

SOURCE: Final = "detector"
"""In place of a data set: a detector's own figures."""

GOALS: Final = (
    Goal(f"recall {AT}", (SOURCE, f"recall {AT}"), at_least(85), at_least(94), " %", 100, 1),
    Goal(
        "the same, hand-drawn boxes",
        (SOURCE, f"recall of hand-drawn boxes {AT}"),
        at_least(75),
        at_least(93),
        " %",
        100,
        1,
    ),
    Goal(
        "false boxes on a photo without faces, at that point",
        (SOURCE, f"false boxes on photos without faces {AT}"),
        at_most(0.05),
        at_most(0.01),
        "",
        1,
        3,
    ),
    Goal(
        "the same, as shipped",
        (SOURCE, "false boxes on photos without faces as shipped"),
        at_most(0.05),
        at_most(0.01),
        "",
        1,
        3,
    ),
    Goal("landmark error, of the eyes' distance", (SOURCE, "landmark error"), at_most(6), at_most(4), " %", 100, 1),
)


def standings(figures: Mapping[str, Figure]) -> list[Standing]:
    """Every goal that was measured, in order; a detector without landmarks has no landmark error."""
    rows: list[Standing] = []
    for goal in GOALS:
        found = figures.get(goal.source[1])
        if found is not None:
            value, low, high = (item * goal.factor for item in (found.value, found.low, found.high))
            rows.append(Standing(goal, value, low, high))
    return rows
