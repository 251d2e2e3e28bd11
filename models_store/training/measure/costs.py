"""From which amount on a worse box or a worse picture costs much, as a sentence for the card."""

from collections.abc import Iterator
from typing import Final

from models_store.training.measure.record import Json

LOSS: Final = 0.05
LOSS_YEARS: Final = 1.0
"""A picture or a box is called too bad where it costs so much accuracy or age error."""

CHANGES: Final = {
    "shift": "a box moved by {:g} % of its side",
    "scale": "a box {:g} times as large",
    "rotation": "a face turned by {:g} degrees",
    "blur": "a blur of {:g} pixels on a face of 64",
    "jpeg": "JPEG of quality {:g} on a face of 64 pixels",
}


def joined(parts: list[str]) -> str:
    """Parts of a sentence with commas and one "and"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def costs(document: Json) -> Iterator[str]:
    """From which amount on a worse box or picture costs much."""
    costly: list[str] = []
    for name, curve in document["plots"]["tolerance"].items():
        neutral = next(point for point in curve["points"] if point["amount"] == curve["neutral"])
        below = [point for point in curve["points"][::-1] if point["amount"] < curve["neutral"]]
        above = [point for point in curve["points"] if point["amount"] > curve["neutral"]]
        for side in (below, above):
            first = next((point for point in side if _costly(point, neutral)), None)
            if first is not None:
                costly.append(CHANGES[name].format(first["amount"]))
    if costly:
        yield (
            f"On validation faces, these cost {100 * LOSS:g} points of accuracy or a year of age error, or more: "
            f"{joined(costly)}; see the picture of the tolerances."
        )


def _costly(point: Json, neutral: Json) -> bool:
    lost = (neutral[key]["value"] - point[key]["value"] for key in ("emotion_accuracy", "gender_accuracy"))
    years = point["age_mae"]["value"] - neutral["age_mae"]["value"]
    return bool(max(lost) >= LOSS or years >= LOSS_YEARS)
